"""A model of two outputs trained from Python and from C++ (tests/cpp/train/test_towers.cpp): tests/golden/towers.json says the
digests of both."""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np

import samebits as sb
from support import ROOT, Array

L = sb.layers
GOLDEN: dict[str, str] = json.loads((ROOT / "tests/golden/towers.json").read_text())
N, BATCH = 48, 16


def numbers(rows: int, columns: int, step: int, modulus: int, scale: float) -> Array:
    """Multiples of scale around 0, which float32 has."""
    return ((np.arange(rows * columns) * step % modulus - modulus // 2) * scale).reshape(rows, columns).astype(np.float32)


LEFT, RIGHT = numbers(N, 6, 37, 19, 0.125), numbers(N, 6, 53, 23, 0.125)
LABELS = np.arange(N) * 7 % 3
VALUES = numbers(N, 2, 29, 17, 0.25)
WEIGHTS = (1 + np.arange(N) * 5 % 7 * 0.25).astype(np.float32)
CLASS_WEIGHT = {0: 0.5, 2: 1.75}


def towers(outputs: int) -> sb.Model:
    """A shared Dense on two inputs; a label and, as a second output, values."""
    left, right = sb.Input((6,), name="left"), sb.Input((6,), name="right")
    shared = L.Dense(5, activation="tanh")
    a, b = shared(left), shared(right)
    label = L.Dense(3, activation="softmax", name="label")(L.Add(name="sum")([a, b]))
    value = L.Dense(2, name="value")(b)
    model = sb.Model([left, right], [label, value][:outputs], seed=3)
    losses = ["sparse_categorical_crossentropy", "mse"][:outputs]
    model.compile(sb.optimizers.SGD(0.1), losses, loss_weights=[1.0, 0.5][:outputs], metrics=[["accuracy"], []][:outputs])
    return model


class Batches:
    """Three a pass."""

    def __iter__(self) -> Iterator[Any]:
        for i in range(0, N, BATCH):
            rows = slice(i, i + BATCH)
            yield (LEFT[rows], RIGHT[rows]), (LABELS[rows], VALUES[rows]), WEIGHTS[rows]


def test_weights_of_losses_and_samples() -> None:
    model = towers(2)
    model.fit([LEFT, RIGHT], [LABELS, VALUES], epochs=2, batch_size=BATCH, sample_weight=WEIGHTS, verbose=0)
    assert model.digest() == GOLDEN["sample_weight"]


def test_weights_of_classes() -> None:
    model = towers(1)
    model.fit([LEFT, RIGHT], LABELS, epochs=2, batch_size=BATCH, class_weight=CLASS_WEIGHT, verbose=0)
    assert model.digest() == GOLDEN["class_weight"]


def test_steps_per_epoch() -> None:
    model = towers(2)
    history = model.fit(Batches(), epochs=3, steps_per_epoch=2, verbose=0)
    assert (model.step, history.epoch) == (6, [0, 1, 2])
    assert model.digest() == GOLDEN["steps_per_epoch"]


def test_each_of_them_matters() -> None:
    plain = towers(2)
    plain.fit([LEFT, RIGHT], [LABELS, VALUES], epochs=2, batch_size=BATCH, verbose=0)
    assert len({plain.digest(), *GOLDEN.values()}) == 4
