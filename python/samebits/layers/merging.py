"""Layers of several inputs, called on a list of tensors."""

from __future__ import annotations

from collections.abc import Sequence

from .._symbols import SymbolicTensor
from ._base import Layer


class Add(Layer):
    """The sum of inputs of one shape, added from the left."""

    __slots__ = ()

    def __init__(self, *, name: str | None = None, **later: object) -> None:
        super().__init__({"name": name}, later)


class Concatenate(Layer):
    """The inputs one after the other along an axis; their other axes must be equal.

    Parameters
    ----------
    axis
        Counts the batch, which it cannot be: 1 is a sample's first axis, -1 (default) the last.
    """

    __slots__ = ()

    def __init__(self, axis: int = -1, *, name: str | None = None, **later: object) -> None:
        super().__init__({"axis": axis, "name": name}, later)


def add(inputs: Sequence[SymbolicTensor], *, name: str | None = None, **later: object) -> SymbolicTensor:
    """The sum of tensors: Add()(inputs)."""
    return Add(name=name, **later)(inputs)


def concatenate(
    inputs: Sequence[SymbolicTensor], axis: int = -1, *, name: str | None = None, **later: object
) -> SymbolicTensor:
    """Tensors one after the other: Concatenate(axis)(inputs)."""
    return Concatenate(axis, name=name, **later)(inputs)
