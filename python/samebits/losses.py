"""Losses: Keras's constructors. Names do as well: loss="sparse_categorical_crossentropy"."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from . import _core
from ._checks import flag, not_yet, refuse, text
from ._keras import LOSSES

__all__ = [
    "BinaryCrossentropy",
    "CategoricalCrossentropy",
    "Loss",
    "MeanSquaredError",
    "SparseCategoricalCrossentropy",
]

_LATER: Mapping[str, object] = {"reduction": "sum_over_batch_size", "name": None, "dtype": "float32"}
_ENTROPY: Mapping[str, object] = {**_LATER, "axis": -1, "label_smoothing": 0.0}


class Loss:
    """What all losses share. The loss of a batch is the mean over its samples."""

    __slots__ = ("_spec",)
    _later: ClassVar[Mapping[str, object]] = _LATER

    def __init__(self, from_logits: bool, later: Mapping[str, object]) -> None:
        op = type(self).__name__
        if op == "Loss":
            raise NotImplementedError("[Loss] losses of your own are not implemented yet; got Loss(...); use those here")
        refuse(op, type(self).__init__, later, self._later)
        logits = {"from_logits": True} if flag(op, "from_logits", from_logits) else {}
        self._spec = _core.Loss(json.dumps({"type": op, **logits}))

    def __repr__(self) -> str:
        logits = json.loads(self._spec.to_json())["from_logits"]
        return f"{type(self).__name__}({'from_logits=True' if logits else ''})"


class CategoricalCrossentropy(Loss):
    """-sum y*log(p) over the last axis; y (N, classes), one-hot or probabilities.

    Parameters
    ----------
    from_logits
        Whether the model's output is logits, not probabilities; default False.
    label_smoothing, axis, reduction
        Not implemented yet.
    """

    __slots__ = ()
    _later = _ENTROPY

    def __init__(self, from_logits: bool = False, **later: object) -> None:
        super().__init__(from_logits, later)


class SparseCategoricalCrossentropy(Loss):
    """-log(p[y]); y (N,) or (N, 1), whole numbers from 0 to classes - 1.

    Parameters
    ----------
    from_logits
        Whether the model's output is logits, not probabilities; default False.
    ignore_class, axis, reduction
        Not implemented yet.
    """

    __slots__ = ()
    _later: ClassVar[Mapping[str, object]] = {**_LATER, "axis": -1, "ignore_class": None}

    def __init__(self, from_logits: bool = False, **later: object) -> None:
        super().__init__(from_logits, later)


class BinaryCrossentropy(Loss):
    """-(y*log(p) + (1 - y)*log(1 - p)), the mean over the last axis; y of the output's shape, from 0 to 1.

    Parameters
    ----------
    from_logits
        Whether the model's output is logits, not probabilities; default False.
    label_smoothing, axis, reduction
        Not implemented yet.
    """

    __slots__ = ()
    _later = _ENTROPY

    def __init__(self, from_logits: bool = False, **later: object) -> None:
        super().__init__(from_logits, later)


class MeanSquaredError(Loss):
    """(y - p)^2, the mean over the last axis; y of the output's shape."""

    __slots__ = ()

    def __init__(self, **later: object) -> None:
        super().__init__(False, later)


def get(value: object) -> Loss | str:
    """A loss from itself, or the name as it is."""
    if isinstance(value, (Loss, str)):
        return value
    raise TypeError(f"[compile] loss must be a name or a loss of samebits.losses; got {value!r}")


def to_spec(loss: Loss | str) -> _core.Loss:
    """The same loss as C++ takes it."""
    return _core.Loss(json.dumps(text("compile", "loss", loss))) if isinstance(loss, str) else loss._spec


if not TYPE_CHECKING:
    __getattr__ = not_yet("losses", LOSSES, __all__)
