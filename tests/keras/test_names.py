"""Every name that Keras takes is taken here too, or refused as not there yet; never as unknown."""

from collections.abc import Callable
from typing import Any

import pytest
from keras.src import activations, initializers, losses, metrics, optimizers, regularizers

import samebits as sb


def compiled(**options: Any) -> None:
    model = sb.Sequential([sb.Input((4,)), sb.layers.Dense(3, "softmax")])
    model.compile(**({"loss": "mse"} | options))


DENSE: Callable[..., Any] = sb.layers.Dense
TAKEN_BY: dict[Any, Callable[[str], Any]] = {
    activations: lambda name: DENSE(2, activation=name),
    initializers: lambda name: DENSE(2, kernel_initializer=name),
    regularizers: lambda name: DENSE(2, kernel_regularizer=name),
    losses: lambda name: compiled(loss=name),
    metrics: lambda name: compiled(metrics=[name]),
    optimizers: lambda name: compiled(optimizer=name),
}
# Base classes and wrappers, which nobody asks for by name.
BASES = {"initializer", "regularizer", "loss", "loss_function_wrapper", "metric", "mean_metric_wrapper", "optimizer"}
NAMES = [(module, name) for module in TAKEN_BY for name in sorted(module.ALL_OBJECTS_DICT)]


def words(name: str) -> str:
    return "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_")


def answer(module: Any, name: str) -> str:
    try:
        TAKEN_BY[module](name)
    except (NotImplementedError, ValueError) as error:
        return f"{type(error).__name__}: {error}"
    return "taken"


@pytest.mark.parametrize(("module", "name"), NAMES, ids=[f"{m.__name__.rpartition('.')[2]}-{name}" for m, name in NAMES])
def test_a_name_of_keras_is_known(module: Any, name: str) -> None:
    told = answer(module, name)
    assert "unknown" not in told or words(name) in BASES, told
    assert not told.startswith("NotImplementedError") or name in told
