"""Losses: Keras's constructors. Names do as well: loss="sparse_categorical_crossentropy"."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from . import _core
from ._checks import Closed, not_yet, plain, refuse, text
from ._keras import LOSSES

__all__ = [
    "BinaryCrossentropy",
    "CategoricalCrossentropy",
    "Huber",
    "Loss",
    "MeanAbsoluteError",
    "MeanSquaredError",
    "SparseCategoricalCrossentropy",
]

_LATER: Mapping[str, object] = {"reduction": "sum_over_batch_size", "dtype": "float32"}
_ENTROPY: Mapping[str, object] = {**_LATER, "axis": -1}
_HUBER = "huber_loss"  # Keras's default name= of Huber; of the others it is the class's name in small letters


class Loss(Closed, many="losses"):
    """What all losses share. The loss of a batch is the mean over its samples, each times its weight where it has one."""

    __slots__ = ("_config", "_spec")
    _later: ClassVar[Mapping[str, object]] = _LATER

    def __init__(self, arguments: Mapping[str, object], later: Mapping[str, object]) -> None:
        op = type(self).__name__
        name = _HUBER if op == "Huber" else re.sub(r"(?<=.)([A-Z])", r"_\1", op).lower()
        refuse(op, type(self).__init__, later, {**self._later, "name": name})
        self._config = {name: plain(op, name, value) for name, value in arguments.items()}
        self._spec = _core.Loss(json.dumps({"type": op, **self._config}))

    def get_config(self) -> dict[str, Any]:
        """Return the arguments with defaults filled in, as the constructor takes them."""
        return dict(self._config)

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Loss:
        """Make a loss from what get_config() returned."""
        return cls(**config)

    def __repr__(self) -> str:
        shown = [f"{name}={value!r}" for name, value in self._config.items() if value]
        return f"{type(self).__name__}({', '.join(shown)})"


class CategoricalCrossentropy(Loss):
    """-sum y*log(p) over the last axis; y (N, classes), one-hot or probabilities.

    Parameters
    ----------
    from_logits
        Whether the model's output is logits, not probabilities; default False.
    label_smoothing
        In [0, 1]: y*(1 - label_smoothing) + label_smoothing/classes stands for y; default 0. Metrics see y.
    axis, reduction
        Not implemented yet.
    """

    __slots__ = ()
    _later = _ENTROPY

    def __init__(self, from_logits: bool = False, label_smoothing: float = 0.0, **later: object) -> None:
        super().__init__({"from_logits": from_logits, "label_smoothing": label_smoothing}, later)


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
        super().__init__({"from_logits": from_logits}, later)


class BinaryCrossentropy(Loss):
    """-(y*log(p) + (1 - y)*log(1 - p)), the mean over the last axis; y of the output's shape, from 0 to 1.

    Parameters
    ----------
    from_logits
        Whether the model's output is logits, not probabilities; default False.
    label_smoothing
        In [0, 1]: y*(1 - label_smoothing) + label_smoothing/2 stands for y; default 0. Metrics see y.
    axis, reduction
        Not implemented yet.
    """

    __slots__ = ()
    _later = _ENTROPY

    def __init__(self, from_logits: bool = False, label_smoothing: float = 0.0, **later: object) -> None:
        super().__init__({"from_logits": from_logits, "label_smoothing": label_smoothing}, later)


class MeanSquaredError(Loss):
    """(y - p)^2, the mean over the last axis; y of the output's shape."""

    __slots__ = ()

    def __init__(self, **later: object) -> None:
        super().__init__({}, later)


class MeanAbsoluteError(Loss):
    """|y - p|, the mean over the last axis; y of the output's shape."""

    __slots__ = ()

    def __init__(self, **later: object) -> None:
        super().__init__({}, later)


class Huber(Loss):
    """d = p - y: d^2/2 where |d| <= delta, else delta*(|d| - delta/2); the mean over the last axis; y of the output's shape.

    Parameters
    ----------
    delta
        Positive; default 1.
    reduction
        Not implemented yet.
    """

    __slots__ = ()

    def __init__(self, delta: float = 1.0, **later: object) -> None:
        super().__init__({"delta": delta}, later)


def get(value: object) -> Loss | str:
    """A loss from itself, or the name as it is."""
    if isinstance(value, (Loss, str)):
        return value
    if value is None:
        raise NotImplementedError("[compile] outputs without a loss are not implemented yet; got loss=None; leave them out")
    if callable(value):
        raise NotImplementedError(
            f"[compile] functions and classes as losses are not implemented yet; got loss={value!r}; give a name or an object"
        )
    raise TypeError(f"[compile] loss must be a name or a loss of samebits.losses; got {value!r}; choose one of these")


def to_spec(loss: Loss | str) -> _core.Loss:
    """The same loss as C++ takes it."""
    return _core.Loss(json.dumps(text("compile", "loss", loss))) if isinstance(loss, str) else loss._spec


if not TYPE_CHECKING:
    __getattr__ = not_yet("losses", LOSSES, __all__)
