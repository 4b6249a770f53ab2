"""Metrics: Keras's constructors. Names do as well: metrics=["accuracy", "mse"]. They do not see the weights of samples."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from . import _core
from ._checks import Closed, finite, not_yet, refuse, text, whole
from ._keras import METRICS

__all__ = [
    "Accuracy",
    "BinaryAccuracy",
    "CategoricalAccuracy",
    "MeanAbsoluteError",
    "MeanSquaredError",
    "Metric",
    "SparseCategoricalAccuracy",
    "SparseTopKCategoricalAccuracy",
    "TopKCategoricalAccuracy",
]

_LATER: Mapping[str, object] = {"dtype": None}


class Metric(Closed, many="metrics"):
    """What all metrics share: a name, which is the one in History."""

    __slots__ = ("_config",)
    _later: ClassVar[Mapping[str, object]] = _LATER

    def __init__(self, name: str, arguments: Mapping[str, Any], later: Mapping[str, object]) -> None:
        op = type(self).__name__
        refuse(op, type(self).__init__, later, self._later)
        self._config = {"name": text(op, "name", name), **arguments}
        _core.check_metric(_told(self))

    @property
    def name(self) -> str:
        """The name in History."""
        return str(self._config["name"])

    def get_config(self) -> dict[str, Any]:
        """Return the arguments, as the constructor takes them."""
        return dict(self._config)

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Metric:
        """Make a metric from what get_config() returned."""
        return cls(**config)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self._config.items())})"


class Accuracy(Metric):
    """How often an output equals its target, element by element. For the accuracy of classes say "accuracy"."""

    __slots__ = ()

    def __init__(self, name: str = "accuracy", **later: object) -> None:
        super().__init__(name, {}, later)


class BinaryAccuracy(Metric):
    """How often (output > threshold) equals the target, element by element; threshold in (0, 1), default 0.5."""

    __slots__ = ()

    def __init__(self, name: str = "binary_accuracy", dtype: None = None, threshold: float = 0.5, **later: object) -> None:
        super().__init__(name, {"threshold": finite("BinaryAccuracy", "threshold", threshold)}, {**later, "dtype": dtype})


class CategoricalAccuracy(Metric):
    """How often the first maximum of the output is that of the one-hot target."""

    __slots__ = ()

    def __init__(self, name: str = "categorical_accuracy", **later: object) -> None:
        super().__init__(name, {}, later)


class SparseCategoricalAccuracy(Metric):
    """How often the first maximum of the output is the label."""

    __slots__ = ()

    def __init__(self, name: str = "sparse_categorical_accuracy", **later: object) -> None:
        super().__init__(name, {}, later)


class TopKCategoricalAccuracy(Metric):
    """How often the target's class is among the k largest outputs; fewer than k outputs are larger than its own. One-hot.

    k is at least 1, default 5.
    """

    __slots__ = ()

    def __init__(self, k: int = 5, name: str = "top_k_categorical_accuracy", **later: object) -> None:
        super().__init__(name, {"k": whole("TopKCategoricalAccuracy", "k", k)}, later)


class SparseTopKCategoricalAccuracy(Metric):
    """How often the label is among the k largest outputs; fewer than k outputs are larger than its own.

    k is at least 1, default 5.
    """

    __slots__ = ()
    _later: ClassVar[Mapping[str, object]] = {**_LATER, "from_sorted_ids": False}

    def __init__(self, k: int = 5, name: str = "sparse_top_k_categorical_accuracy", **later: object) -> None:
        super().__init__(name, {"k": whole("SparseTopKCategoricalAccuracy", "k", k)}, later)


class MeanSquaredError(Metric):
    """The mean of (y - p)^2 over all elements, summed in float64."""

    __slots__ = ()

    def __init__(self, name: str = "mean_squared_error", **later: object) -> None:
        super().__init__(name, {}, later)


class MeanAbsoluteError(Metric):
    """The mean of |y - p| over all elements, summed in float64."""

    __slots__ = ()

    def __init__(self, name: str = "mean_absolute_error", **later: object) -> None:
        super().__init__(name, {}, later)


def _told(metric: Metric) -> str:
    return json.dumps({"type": type(metric).__name__, **metric.get_config()})


def to_json(value: object) -> str:
    """A metric or a name as C++ takes it."""
    if isinstance(value, Metric):
        return _told(value)
    if isinstance(value, str):
        return json.dumps(text("compile", "metrics", value))
    if callable(value):
        raise NotImplementedError(
            f"[compile] functions and classes as metrics are not implemented yet; got {value!r}; give a name or an object"
        )
    raise TypeError(f"[compile] a metric is a name or one of samebits.metrics; got {value!r}; choose one of these")


if not TYPE_CHECKING:
    __getattr__ = not_yet("metrics", METRICS, __all__)
