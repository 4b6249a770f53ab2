"""Average pooling: kernels/ref equals the law; padding is not counted, overlaps gather."""

import numpy as np
import pytest

from law import avg_pool2d, native
from law.inputs import KINDS, bits, same, wide
from law.max_pool2d import Pool2D
from test_law_max_pool2d import SHAPES


def check(kind, v):
    rng = np.random.default_rng(11)
    x, dy = kind(rng, v.n, v.h, v.w, v.c), kind(rng, v.n, v.p, v.q, v.c)
    same(native.avg_pool2d_forward(v, x), avg_pool2d.forward(v, bits(x)))
    same(native.avg_pool2d_gradient(v, dy), avg_pool2d.gradient(v, bits(dy)))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", SHAPES)
def test_forward_and_gradient(shape, kind):
    check(kind, SHAPES[shape])


@pytest.mark.parametrize("side", [22, 23, 65])
def test_chunks_of_a_window(side):
    """484, 529 and 4225 cells: one chunk, two, and a second segment."""
    check(wide, Pool2D(1, side, side, 1, side, side, 1, 1, 0, 0, 1, 1))


@pytest.mark.parametrize("windows", [512, 513, 4097])
def test_chunks_of_a_gradient(windows):
    check(wide, Pool2D(1, 1, 1, 1, 1, windows, 1, 1, 0, windows - 1, 1, windows))


def test_padding_is_not_counted():
    v = Pool2D(1, 2, 2, 1, 3, 3, 2, 2, 1, 1, 1, 1)
    x = np.array([1.0, 2.0, 3.0, 6.0], np.float32).reshape(1, 2, 2, 1)
    assert native.avg_pool2d_forward(v, x).item() == 3.0
