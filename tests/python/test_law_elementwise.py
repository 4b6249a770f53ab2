"""Activations and softmax: kernels/ref equals the law."""

import numpy as np
import pytest

from law import elementwise, native, softmax
from law.binary32 import from_float64
from law.inputs import KINDS, SPECIAL, bits, coarse, normal, random_floats, same, wide

INPUT = np.concatenate([SPECIAL, random_floats(21, 300), normal(np.random.default_rng(0), 300) * np.float32(3)])


@pytest.mark.parametrize("kind", native.ACTIVATIONS)
def test_activation(kind):
    same(native.activation_forward(kind, INPUT), [elementwise.activate(kind, x) for x in bits(INPUT)])


@pytest.mark.parametrize("kind", native.ACTIVATIONS)
def test_activation_gradient(kind):
    rng = np.random.default_rng(1)
    y = np.concatenate([native.activation_forward(kind, INPUT), SPECIAL])
    y = np.concatenate([y, y])
    dy = np.concatenate([wide(rng, y.size // 2), coarse(rng, y.size // 2)])
    law = [elementwise.gradient(kind, a, b) for a, b in zip(bits(y), bits(dy))]
    same(native.activation_gradient(kind, y, dy), law)


FUNCTIONS = [
    ("rectified", {"slope": 0.0, "threshold": 0.0, "maximum": float("inf")}),
    ("rectified", {"slope": 0.3, "threshold": 0.0, "maximum": float("inf")}),
    ("rectified", {"slope": 0.0, "threshold": 0.5, "maximum": 6.0}),
    ("rectified", {"slope": 0.25, "threshold": 1.0, "maximum": 2.0}),
    ("elu", {"alpha": 0.7}),
    ("gelu", {}),
    ("silu", {}),
    ("softplus", {}),
    ("affine", {"scale": 1.0 / 255, "offset": -0.5}),
]


@pytest.mark.parametrize(("function", "numbers"), FUNCTIONS)
def test_function_of_x(function, numbers):
    dy = wide(np.random.default_rng(3), INPUT.size)
    y, dx = native.elementwise(function, INPUT, dy, **numbers)
    words = {name: from_float64(number) for name, number in numbers.items()}
    same(y, [getattr(elementwise, function)(x, **words) for x in bits(INPUT)])
    slopes = {name: word for name, word in words.items() if name != "offset"}
    gradient = getattr(elementwise, function + "_gradient")
    same(dx, [gradient(x, d, **slopes) for x, d in zip(bits(INPUT), bits(dy))])


def rows_of(law, *arrays: np.ndarray) -> list[int]:
    return [value for row in zip(*arrays) for value in law(*(bits(array) for array in row))]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("cols", [1, 2, 10, 63, 64, 65, 130])
def test_softmax(kind, cols):
    rng = np.random.default_rng(cols)
    x, dy = kind(rng, 3, cols), kind(rng, 3, cols)
    x = np.clip(x, -100, 90).astype(np.float32)
    y = native.softmax(x)
    same(y, rows_of(softmax.softmax, x))
    same(native.softmax_gradient(y, dy), rows_of(softmax.gradient, y, dy))


def test_softmax_blocks():
    x = normal(np.random.default_rng(2), 1, 4100)
    same(native.softmax(x), rows_of(softmax.softmax, x))


def test_softmax_edges():
    big = np.float32(3e38)
    x = np.array([[big, -big, 0], [-big, -big, -big], [0, -0.0, -104], [88, 0, -200], [-0.0, 0, 0]], np.float32)
    y = native.softmax(x)
    same(y, rows_of(softmax.softmax, x))
    assert y[0].tolist() == [1, 0, 0] and y[2, 2] == np.float32(2.0**-149) / 2 * 0
