"""Losses: kernels/ref equals the law; labels at the edges, clips, soft targets."""

import numpy as np
import pytest

from law import loss, native
from law.binary32 import from_float64
from law.inputs import bits, coarse, normal, same, wide

DENSE = {
    "softmax_crossentropy": loss.softmax_crossentropy,
    "crossentropy": loss.crossentropy,
    "sigmoid_crossentropy": loss.sigmoid_crossentropy,
    "binary_crossentropy": loss.binary_crossentropy,
    "mean_squared_error": loss.mean_squared_error,
    "mean_absolute_error": loss.mean_absolute_error,
    "huber": loss.huber,
}
PROBABILITIES = ("crossentropy", "binary_crossentropy")
COLS = [1, 2, 10, 64, 65, 130]


def check(kind: str, output: np.ndarray, target: np.ndarray, scale: float = 1 / 32) -> tuple[np.ndarray, np.ndarray]:
    scale = float(np.float32(scale))
    row_loss, probability, gradient = native.loss(kind, output, target, scale)
    targets = target.tolist() if target.dtype == np.int32 else [bits(row) for row in target]
    law = [DENSE[kind](bits(row), t, from_float64(scale)) for row, t in zip(output, targets)]
    same(row_loss, [row[0] for row in law])
    if probability is not None:
        same(probability, [value for row in law for value in row[1]])
    same(gradient, [value for row in law for value in row[2]])
    return row_loss, gradient


def outputs(kind: str, rng: np.random.Generator, rows: int, cols: int) -> np.ndarray:
    if kind in PROBABILITIES:
        return rng.uniform(0, 1, (rows, cols)).astype(np.float32)
    return normal(rng, rows, cols) * np.float32(4)


def targets(rng: np.random.Generator, rows: int, cols: int) -> np.ndarray:
    """One-hot rows, soft rows, all zeros, all ones, in turn."""
    y = np.zeros((rows, cols), np.float32)
    for i in range(rows):
        if i % 4 == 0:
            y[i, rng.integers(cols)] = 1
        elif i % 4 == 1:
            y[i] = rng.uniform(0, 1, cols)
        elif i % 4 == 3:
            y[i] = 1
    return y


@pytest.mark.parametrize("cols", COLS)
@pytest.mark.parametrize("kind", DENSE)
def test_dense_targets(kind, cols):
    rng = np.random.default_rng(cols)
    check(kind, outputs(kind, rng, 8, cols), targets(rng, 8, cols), scale=1 / 7)


@pytest.mark.parametrize("cols", COLS)
@pytest.mark.parametrize("kind", ["softmax_crossentropy", "crossentropy"])
def test_labels(kind, cols):
    rng = np.random.default_rng(cols)
    label = np.array([0, cols - 1, cols // 2, 0], np.int32)
    check(kind, outputs(kind, rng, 4, cols), label, scale=1 / 3)


@pytest.mark.parametrize("kind", ["softmax_crossentropy", "crossentropy"])
def test_labels_are_one_hot_targets(kind):
    rng = np.random.default_rng(9)
    output, label = outputs(kind, rng, 6, 10), np.array([0, 9, 3, 3, 5, 1], np.int32)
    sparse = check(kind, output, label)
    dense = check(kind, output, np.eye(10, dtype=np.float32)[label])
    same(sparse[1], bits(dense[1]))


@pytest.mark.parametrize("kind", ["softmax_crossentropy", "sigmoid_crossentropy"])
def test_large_and_equal_logits(kind):
    z = np.array(
        [[0, 0, 0], [-0.0, 0, -0.0], [90, -90, 0], [3e38, -3e38, 0], [-200, -104, -103.5], [1e-45, -1e-45, 1]], np.float32
    )
    check(kind, z, np.eye(3, dtype=np.float32)[[0, 1, 1, 1, 0, 2]])


@pytest.mark.parametrize("kind", PROBABILITIES)
def test_clip(kind):
    """Ends of the clip, a neighbour on either side, and far outside, as target and not."""
    ends = [np.float32(1e-7), np.float32(1 - 1e-7)]
    values = [np.nextafter(e, t) for e in ends for t in (np.float32(0), np.float32(2))] + ends
    values = np.array(values + [np.float32(v) for v in (0.0, 1.0, 0.5, 1e-30, 0.3, 1 - 2.0**-24)], np.float32)
    output = np.stack([values, np.float32(1) - values], axis=1)
    for target in ([1, 0], [0, 1], [0.25, 0.75]):
        check(kind, output, np.tile(np.array(target, np.float32), (len(values), 1)))
    if kind == "crossentropy":
        for label in (0, 1):
            check(kind, output, np.full(len(values), label, np.int32))


def test_crossentropy_sums_fused_products():
    """More than 64 columns, else every lane starts from zero, where fused and unfused are one; an ulp shows in few rows."""
    rng = np.random.default_rng(4)
    check("crossentropy", rng.uniform(0, 1, (8, 300)).astype(np.float32), rng.uniform(0, 1, (8, 300)).astype(np.float32), 1 / 8)


def test_crossentropy_normalises():
    rng = np.random.default_rng(3)
    output = rng.uniform(0, 9, (5, 7)).astype(np.float32)
    check("crossentropy", output, np.array([0, 1, 6, 2, 2], np.int32))
    check("crossentropy", output, targets(rng, 5, 7))


@pytest.mark.parametrize("kind", ["sigmoid_crossentropy", "binary_crossentropy"])
def test_one_column_hides_no_rounding(kind):
    rng = np.random.default_rng(5)
    check(kind, outputs(kind, rng, 60, 1), rng.uniform(0, 1, (60, 1)).astype(np.float32))


@pytest.mark.parametrize("kind", [wide, coarse, normal])
def test_squared_error_is_fused_and_divided(kind):
    rng = np.random.default_rng(4)
    check("mean_squared_error", kind(rng, 6, 700), kind(rng, 6, 700), scale=1 / 11)


def test_mean_over_rows():
    rng = np.random.default_rng(6)
    rows = rng.uniform(0, 3, 100).astype(np.float32)
    total = np.float32(native.lane_sum(rows)[0])
    assert bits(total / np.float32(100)) == [loss.mean_loss(bits(rows), 100)]


@pytest.mark.parametrize("kind", [wide, coarse, normal])
def test_absolute_error_and_equal_values(kind):
    rng = np.random.default_rng(7)
    output, target = kind(rng, 6, 300), kind(rng, 6, 300)
    target[:, ::3] = output[:, ::3]
    gradient = check("mean_absolute_error", output, target, scale=1 / 11)[1]
    assert bits(gradient[:, ::3]) == [0] * gradient[:, ::3].size
    check("mean_absolute_error", output, target, scale=-1 / 11)


@pytest.mark.parametrize("delta", [1.0, 0.1, 3.7, 1e-30, 3e38])
def test_huber_on_both_sides_of_delta(delta):
    rng = np.random.default_rng(8)
    width = np.float32(delta)
    near = np.array([width, np.nextafter(width, np.float32(0)), np.nextafter(width, np.float32(np.inf)), 0, 1e-30], np.float32)
    output = np.concatenate([near, -near, normal(rng, 90) * np.float32(4)]).reshape(4, 25)
    target = np.zeros_like(output)
    target[2:] = normal(rng, 2, 25)
    scale = np.float32(1 / 7)
    row_loss, _, gradient = native.loss("huber", output, target, scale, delta=delta)
    law = [loss.huber(bits(o), bits(y), bits(scale)[0], bits(width)[0]) for o, y in zip(output, target)]
    same(row_loss, [row[0] for row in law])
    same(gradient, [value for row in law for value in row[2]])


@pytest.mark.parametrize("kind", ["softmax_crossentropy", "crossentropy", "sigmoid_crossentropy", "binary_crossentropy"])
@pytest.mark.parametrize("smoothing", [0.1, 0.25, 1.0, 1e-9])
def test_smoothed_labels(kind, smoothing):
    rng = np.random.default_rng(10)
    output, target = outputs(kind, rng, 8, 10), targets(rng, 8, 10)
    binary = kind in ("sigmoid_crossentropy", "binary_crossentropy")
    share = 0.5 * smoothing if binary else smoothing / 10
    smooth = (np.float32(1.0 - smoothing), np.float32(share))
    row_loss, _, gradient = native.loss(kind, output, target, 0.25, smooth=smooth)
    rows = [loss.smoothed(bits(y), smoothing, binary) for y in target]
    law = [DENSE[kind](bits(o), y, bits(np.float32(0.25))[0]) for o, y in zip(output, rows)]
    same(row_loss, [row[0] for row in law])
    same(gradient, [value for row in law for value in row[2]])


@pytest.mark.parametrize("kind", DENSE)
def test_weighted_rows(kind):
    rng = np.random.default_rng(11)
    output, target = outputs(kind, rng, 6, 10), targets(rng, 6, 10)
    weight = np.array([1, 0, 0.3, 2.5, -0.0, 1e-38], np.float32)
    loss_weight = np.float32(0.7)
    row_scale = weight * loss_weight / np.float32(6)
    row_loss, _, gradient = native.loss(kind, output, target, 1.0, weight, row_scale)
    law = []
    for o, y, w in zip(output, target, bits(weight)):
        row = DENSE[kind](bits(o), bits(y), loss.weighted_scale(w, bits(loss_weight)[0], 6))
        law.append((loss.weighted(row, w), row[2]))
    same(row_loss, [row[0] for row in law])
    same(gradient, [value for row in law for value in row[1]])
