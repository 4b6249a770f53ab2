"""Tensors that have no values yet: what layers give when they are called on samebits.Input()."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from . import _core
from ._checks import not_yet_of
from ._keras import TENSOR

if TYPE_CHECKING:
    from .layers import Layer


class SymbolicTensor:
    """What a layer will give. It has a shape and no values; Model(inputs, outputs) makes a model of such tensors."""

    __slots__ = ("_inputs", "_layer", "_symbol")

    def __init__(self, symbol: _core.Symbol, layer: Layer, inputs: Sequence[SymbolicTensor]) -> None:
        self._symbol, self._layer, self._inputs = symbol, layer, tuple(inputs)

    @property
    def shape(self) -> tuple[int | None, ...]:
        """(None, ...): the batch, then the shape of one sample."""
        return (None, *self._symbol.shape)

    @property
    def dtype(self) -> str:
        """Always "float32"."""
        return "float32"

    def __repr__(self) -> str:
        return f"<SymbolicTensor shape={self.shape} of {type(self._layer).__name__}>"

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            not_yet_of(self, name, TENSOR)

    def _later(self, *_: object) -> NoReturn:
        """Arithmetic and parts of symbolic tensors are not implemented yet: NotImplementedError."""
        raise NotImplementedError(
            f"[Model] operators on symbolic tensors are not implemented yet; got one on {self!r}; use layers, such as Add"
        )

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __pow__ = __rpow__ = _later
    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __matmul__ = __rmatmul__ = __neg__ = __abs__ = __getitem__ = _later
    __lt__ = __le__ = __gt__ = __ge__ = __len__ = __bool__ = __float__ = __int__ = _later

    def __array__(self, *_: object) -> None:
        """It has no values: TypeError."""
        raise TypeError(f"[Model] a symbolic tensor has no values; got {self!r}; call predict() on arrays")

    def __iter__(self) -> None:
        """It has no values: TypeError."""
        raise TypeError(f"[Model] a symbolic tensor has no values; got iteration over {self!r}; call predict() on arrays")


def symbols(op: str, what: str, value: Any) -> list[SymbolicTensor]:
    """One, a sequence or a dict of symbolic tensors as a list; TypeError for anything else."""
    items = list(value.values()) if isinstance(value, Mapping) else value
    items = list(items) if isinstance(items, (list, tuple)) else [items]
    for item in items:
        if not isinstance(item, SymbolicTensor):
            raise TypeError(f"[{op}] {what} must be what Input() or a layer gave; got {item!r}; start from Input()")
    return items


def layers_between(outputs: Sequence[SymbolicTensor]) -> dict[int, Layer]:
    """The layers that the outputs come from, by key."""
    found: dict[int, Layer] = {}
    seen: set[int] = set()
    todo = list(outputs)
    while todo:
        tensor = todo.pop()
        if id(tensor) not in seen:
            seen.add(id(tensor))
            found[tensor._layer._spec.key] = tensor._layer
            todo.extend(tensor._inputs)
    return found
