"""Activations that are layers: the rectifiers, their smooth relatives, softmax. The shape stays."""

from __future__ import annotations

from collections.abc import Sequence

from ._base import Layer


class ReLU(Layer):
    """y = negative_slope * (x - threshold) where x <= threshold, else min(x, max_value).

    Parameters
    ----------
    max_value
        At least 0; default None: no limit.
    negative_slope, threshold
        At least 0; default 0.
    """

    __slots__ = ()

    def __init__(
        self,
        max_value: float | None = None,
        negative_slope: float = 0.0,
        threshold: float = 0.0,
        *,
        name: str | None = None,
        input_shape: Sequence[int] | None = None,
        **later: object,
    ) -> None:
        arguments = {"max_value": max_value, "negative_slope": negative_slope, "threshold": threshold, "name": name}
        super().__init__(arguments, later, input_shape)


class LeakyReLU(Layer):
    """y = x where x > 0, else negative_slope * x.

    Parameters
    ----------
    negative_slope
        At least 0; default 0.3. The activation named "leaky_relu" has 0.2, as in Keras.
    """

    __slots__ = ()

    def __init__(
        self,
        negative_slope: float = 0.3,
        *,
        name: str | None = None,
        input_shape: Sequence[int] | None = None,
        **later: object,
    ) -> None:
        super().__init__({"negative_slope": negative_slope, "name": name}, later, input_shape)


class ELU(Layer):
    """y = x where x > 0, else alpha * (e^x - 1) (Clevert, Unterthiner, Hochreiter 2016).

    Parameters
    ----------
    alpha
        Finite; default 1.
    """

    __slots__ = ()

    def __init__(
        self, alpha: float = 1.0, *, name: str | None = None, input_shape: Sequence[int] | None = None, **later: object
    ) -> None:
        super().__init__({"alpha": alpha, "name": name}, later, input_shape)


class GELU(Layer):
    """y = x / 2 * (1 + erf(x / sqrt(2))) (Hendrycks, Gimpel 2016).

    Parameters
    ----------
    approximate
        Only False; the approximation by tanh is not implemented yet.
    """

    __slots__ = ()

    def __init__(
        self,
        approximate: bool = False,
        *,
        name: str | None = None,
        input_shape: Sequence[int] | None = None,
        **later: object,
    ) -> None:
        super().__init__({"approximate": approximate, "name": name}, later, input_shape)


class SiLU(Layer):
    """y = x * sigmoid(x), also called swish (Ramachandran, Zoph, Le 2017)."""

    __slots__ = ()

    def __init__(self, *, name: str | None = None, input_shape: Sequence[int] | None = None, **later: object) -> None:
        super().__init__({"name": name}, later, input_shape)


class Softmax(Layer):
    """y = exp(x - max) / sum of exp(x - max), over the last axis.

    Parameters
    ----------
    axis
        Only the last one: -1, or its number.
    """

    __slots__ = ()

    def __init__(
        self, axis: int = -1, *, name: str | None = None, input_shape: Sequence[int] | None = None, **later: object
    ) -> None:
        super().__init__({"axis": axis, "name": name}, later, input_shape)
