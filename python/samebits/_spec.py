"""Objects that are a name and numbers, told to C++ as {"type": name, ...}: initializers and regularizers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ._checks import Closed, finite, refuse


class Spec(Closed):
    """A name and its numbers."""

    __slots__ = ("_numbers",)
    _later: ClassVar[Mapping[str, object]] = {}

    def __init__(self, numbers: Mapping[str, object], later: Mapping[str, object] | None = None) -> None:
        op = type(self).__name__
        refuse(op, type(self).__init__, later or {}, self._later)
        self._numbers = {name: finite(op, name, value) for name, value in numbers.items()}

    def get_config(self) -> dict[str, Any]:
        """Return the arguments, as the constructor takes them."""
        return dict(self._numbers)

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Any:
        """Make one from what get_config() returned."""
        return cls(**config)

    def _description(self) -> dict[str, Any]:
        return {"type": type(self).__name__, **self._numbers}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Spec) and self._description() == other._description()

    def __hash__(self) -> int:
        return hash(tuple(self._description().items()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self._numbers.items())})"
