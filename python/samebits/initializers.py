"""Initial weights, drawn from the model's seed and the weight's name. Keras's names, arguments and defaults.

Layers also take names: "zeros", "ones", "glorot_uniform", "he_normal", ... `seed` is not taken: the model's seed decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from ._checks import not_yet
from ._keras import INITIALIZERS
from ._spec import Spec

__all__ = [
    "Constant",
    "GlorotNormal",
    "GlorotUniform",
    "HeNormal",
    "HeUniform",
    "Initializer",
    "LecunNormal",
    "LecunUniform",
    "Ones",
    "RandomNormal",
    "RandomUniform",
    "TruncatedNormal",
    "Zeros",
]


class Initializer(Spec, many="initializers"):
    """A way to draw a weight."""

    __slots__ = ()
    _later: ClassVar[Mapping[str, object]] = {"seed": None}


class _Plain(Initializer):
    __slots__ = ()

    def __init__(self, **later: object) -> None:
        super().__init__({}, later)


class Zeros(_Plain):
    """All zero."""

    __slots__ = ()
    _later: ClassVar[Mapping[str, object]] = {}


class Ones(_Plain):
    """All one."""

    __slots__ = ()
    _later: ClassVar[Mapping[str, object]] = {}


class _Scaled(_Plain):
    __slots__ = ()
    _later: ClassVar[Mapping[str, object]] = {"seed": None, "input_axes": None, "output_axes": None}


class GlorotUniform(_Scaled):
    """Uniform in +-sqrt(6 / (fan_in + fan_out))."""

    __slots__ = ()


class GlorotNormal(_Scaled):
    """Normal cut at two deviations, of deviation sqrt(2 / (fan_in + fan_out)) after the cut."""

    __slots__ = ()


class HeUniform(_Scaled):
    """Uniform in +-sqrt(6 / fan_in)."""

    __slots__ = ()


class HeNormal(_Scaled):
    """Normal cut at two deviations, of deviation sqrt(2 / fan_in) after the cut."""

    __slots__ = ()


class LecunUniform(_Scaled):
    """Uniform in +-sqrt(3 / fan_in)."""

    __slots__ = ()


class LecunNormal(_Scaled):
    """Normal cut at two deviations, of deviation sqrt(1 / fan_in) after the cut."""

    __slots__ = ()


class Constant(Initializer):
    """All `value`, default 0."""

    __slots__ = ()

    def __init__(self, value: float = 0.0) -> None:
        super().__init__({"value": value})


class RandomUniform(Initializer):
    """Uniform in [minval, maxval], default +-0.05."""

    __slots__ = ()

    def __init__(self, minval: float = -0.05, maxval: float = 0.05, **later: object) -> None:
        super().__init__({"minval": minval, "maxval": maxval}, later)


class RandomNormal(Initializer):
    """Normal with this mean (default 0) and deviation (default 0.05)."""

    __slots__ = ()

    def __init__(self, mean: float = 0.0, stddev: float = 0.05, **later: object) -> None:
        super().__init__({"mean": mean, "stddev": stddev}, later)


class TruncatedNormal(Initializer):
    """Normal with this mean (default 0) and deviation (default 0.05), drawn again until within two deviations."""

    __slots__ = ()

    def __init__(self, mean: float = 0.0, stddev: float = 0.05, **later: object) -> None:
        super().__init__({"mean": mean, "stddev": stddev}, later)


if not TYPE_CHECKING:
    __getattr__ = not_yet("initializers", INITIALIZERS, __all__)
