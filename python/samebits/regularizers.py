"""Penalties on weights, added to the loss: l1 * sum|w| + l2 * sum w^2. Keras's names, arguments and defaults."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._checks import not_yet
from ._keras import REGULARIZERS
from ._spec import Spec

__all__ = ["L1", "L1L2", "L2", "Regularizer", "l1", "l1_l2", "l2"]


class Regularizer(Spec, many="regularizers"):
    """A penalty on a weight."""

    __slots__ = ()

    def __init__(self, l1: float, l2: float) -> None:
        super().__init__({"l1": l1, "l2": l2})


class L1L2(Regularizer):
    """l1 * sum|w| + l2 * sum w^2; both at least 0, default 0."""

    __slots__ = ()

    def __init__(self, l1: float = 0.0, l2: float = 0.0) -> None:
        super().__init__(l1, l2)


class L1(Regularizer):
    """l1 * sum|w|; l1 at least 0, default 0.01."""

    __slots__ = ()

    def __init__(self, l1: float = 0.01) -> None:
        super().__init__(l1, 0.0)
        del self._numbers["l2"]


class L2(Regularizer):
    """l2 * sum w^2; l2 at least 0, default 0.01."""

    __slots__ = ()

    def __init__(self, l2: float = 0.01) -> None:
        super().__init__(0.0, l2)
        del self._numbers["l1"]


l1, l2, l1_l2 = L1, L2, L1L2

if not TYPE_CHECKING:
    __getattr__ = not_yet("regularizers", REGULARIZERS, __all__)
