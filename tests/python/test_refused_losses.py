"""A loss that cannot meet its targets or the last layer: what fit says, with metrics or without."""

import numpy as np
import pytest

import samebits as sb
from support import mlp, state
from test_refused import SPARSE, refused

L = sb.layers


def test_loss_and_targets_must_meet() -> None:
    x, labels = np.ones((4, 4)), np.array([0, 1, 0, 1])
    for loss, activation, y in [
        ("categorical_crossentropy", "softmax", labels),
        ("binary_crossentropy", "sigmoid", labels),
        ("mse", None, np.ones((4, 3))),
        ("binary_crossentropy", "sigmoid", np.full((4, 2), 1.5)),
    ]:
        model = mlp(loss=loss, activation=activation)
        refused(ValueError, "fit", "y", lambda m=model, t=y: m.fit(x, t))  # type: ignore[misc]


ONE = "needs at least 2 outputs; got 1; use binary_crossentropy"
LAST: list[tuple[object, int, str | None, str]] = [
    (SPARSE, 1, "sigmoid", ONE),
    (SPARSE, 1, "softmax", ONE),
    ("categorical_crossentropy", 1, "sigmoid", ONE),
    (SPARSE, 1, None, "takes probabilities"),
    (SPARSE, 3, None, "takes probabilities"),
    ("categorical_crossentropy", 3, "tanh", "takes probabilities"),
    ("binary_crossentropy", 1, None, "takes probabilities"),
    (sb.losses.SparseCategoricalCrossentropy(from_logits=True), 3, "softmax", "takes logits.*leave its activation out"),
    (sb.losses.CategoricalCrossentropy(from_logits=True), 3, "softmax", "takes logits"),
    (sb.losses.BinaryCrossentropy(from_logits=True), 1, "sigmoid", "takes logits"),
]


@pytest.mark.parametrize("metrics", [None, ["accuracy"]])
@pytest.mark.parametrize(("loss", "units", "activation", "words"), LAST, ids=range(len(LAST)))
def test_loss_and_last_layer_must_meet(
    loss: object, units: int, activation: str | None, words: str, metrics: list[str] | None
) -> None:
    labels = np.array([0, 1, 0, 1])
    model = sb.Sequential([L.Dense(units, activation=activation, input_shape=(4,))])

    def train() -> None:
        model.compile("sgd", loss, metrics=metrics)
        model.fit(np.ones((4, 4)), labels, verbose=0)

    before = state(model)
    refused(ValueError, "fit", words, train)
    assert state(model) == before
