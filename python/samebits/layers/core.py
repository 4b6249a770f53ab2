"""Dense, Activation, Flatten, Reshape, Dropout, Rescaling."""

from __future__ import annotations

from collections.abc import Sequence

from ._base import KERNEL, DataFormat, InitializerLike, Layer, RegularizerLike, only


class Dense(Layer):
    """y = activation(x W + b) over the last axis: (B, ..., C) -> (B, ..., units).

    Weights: kernel (C, units), bias (units,).

    Parameters
    ----------
    units
        At least 1.
    activation
        None (linear), "linear", "relu", "relu6", "leaky_relu" (slope 0.2), "elu", "gelu" (by erf), "silu" or "swish",
        "softplus", "tanh", "sigmoid" or "softmax".
    use_bias
        Default True.
    kernel_initializer, bias_initializer
        Names or objects of `samebits.initializers`; default "glorot_uniform" and "zeros".
    kernel_regularizer, bias_regularizer
        Names or objects of `samebits.regularizers`; default None.
    """

    __slots__ = ()
    _later = KERNEL

    def __init__(
        self,
        units: int,
        activation: str | None = None,
        use_bias: bool = True,
        kernel_initializer: InitializerLike = "glorot_uniform",
        bias_initializer: InitializerLike = "zeros",
        kernel_regularizer: RegularizerLike = None,
        bias_regularizer: RegularizerLike = None,
        *,
        name: str | None = None,
        input_shape: Sequence[int] | None = None,
        **later: object,
    ) -> None:
        arguments = {
            "units": units,
            "activation": activation,
            "use_bias": use_bias,
            "kernel_initializer": kernel_initializer,
            "bias_initializer": bias_initializer,
            "kernel_regularizer": kernel_regularizer,
            "bias_regularizer": bias_regularizer,
            "name": name,
        }
        super().__init__(arguments, later, input_shape)


class Flatten(Layer):
    """(B, ...) -> (B, product of the rest), row by row; channels stay the fastest.

    Parameters
    ----------
    data_format
        Only "channels_last".
    """

    __slots__ = ()

    def __init__(
        self,
        data_format: DataFormat = None,
        *,
        name: str | None = None,
        input_shape: Sequence[int] | None = None,
        **later: object,
    ) -> None:
        only("Flatten", "data_format", data_format, [None, "channels_last"])
        super().__init__({"name": name}, later, input_shape)


class Dropout(Layer):
    """While training, zeroes a fraction of the elements and divides the others by what is left; else passes them on
    (Srivastava and others 2014).

    Which ones is drawn from the model's seed, the layer's name, the step, the place in the batch and the element.

    Parameters
    ----------
    rate
        In [0, 1).
    noise_shape, seed
        Only None: every element is drawn, from the model's seed.
    """

    __slots__ = ()

    def __init__(
        self,
        rate: float,
        noise_shape: None = None,
        seed: None = None,
        *,
        name: str | None = None,
        input_shape: Sequence[int] | None = None,
        **later: object,
    ) -> None:
        only("Dropout", "noise_shape", noise_shape, [None])
        only("Dropout", "seed", seed, [None])
        super().__init__({"rate": rate, "name": name}, later, input_shape)


class Activation(Layer):
    """An activation as a layer of its own.

    Parameters
    ----------
    activation
        As in Dense; "softmax" runs over the last axis.
    """

    __slots__ = ()

    def __init__(
        self, activation: str, *, name: str | None = None, input_shape: Sequence[int] | None = None, **later: object
    ) -> None:
        super().__init__({"activation": activation, "name": name}, later, input_shape)


class Reshape(Layer):
    """The same elements under another shape, in C order: (B, ...) -> (B, *target_shape).

    Parameters
    ----------
    target_shape
        Of one sample. One dimension may be -1: what is left.
    """

    __slots__ = ()

    def __init__(
        self,
        target_shape: Sequence[int],
        *,
        name: str | None = None,
        input_shape: Sequence[int] | None = None,
        **later: object,
    ) -> None:
        super().__init__({"target_shape": target_shape, "name": name}, later, input_shape)


class Rescaling(Layer):
    """y = x * scale + offset, for instance Rescaling(1 / 255).

    Parameters
    ----------
    scale, offset
        Finite numbers; offset 0 by default.
    """

    __slots__ = ()

    def __init__(
        self,
        scale: float,
        offset: float = 0.0,
        *,
        name: str | None = None,
        input_shape: Sequence[int] | None = None,
        **later: object,
    ) -> None:
        super().__init__({"scale": scale, "offset": offset, "name": name}, later, input_shape)
