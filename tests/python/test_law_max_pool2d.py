"""Max pooling: kernels/ref equals the law; ties, zeros, padding, overlaps."""

import numpy as np
import pytest

from law import max_pool2d, native
from law.inputs import KINDS, bits, normal, same
from law.max_pool2d import Pool2D

SHAPES = {
    "plain": Pool2D(2, 4, 6, 3, 2, 2, 2, 2, 0, 0, 2, 3),
    "overlap": Pool2D(1, 6, 7, 2, 3, 3, 1, 1, 0, 0, 4, 5),
    "overlap, stride 2": Pool2D(2, 7, 7, 2, 3, 3, 2, 2, 0, 0, 3, 3),
    "padding": Pool2D(1, 5, 5, 2, 3, 3, 2, 2, 1, 1, 3, 3),
    "padding at the end": Pool2D(1, 5, 3, 1, 2, 2, 2, 2, 0, 0, 3, 2),
    "gaps": Pool2D(1, 7, 8, 2, 2, 1, 3, 2, 0, 0, 2, 4),
    "global": Pool2D(2, 4, 5, 17, 4, 5, 1, 1, 0, 0, 1, 1),
    "no samples": Pool2D(0, 4, 4, 1, 2, 2, 2, 2, 0, 0, 2, 2),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", SHAPES)
def test_forward_and_gradient(shape, kind):
    v = SHAPES[shape]
    rng = np.random.default_rng(7)
    x, dy = kind(rng, v.n, v.h, v.w, v.c), kind(rng, v.n, v.p, v.q, v.c)
    y, winner = native.max_pool2d_forward(v, x)
    law_y, law_winner = max_pool2d.forward(v, bits(x))
    same(y, law_y)
    assert winner.ravel().tolist() == law_winner
    same(native.max_pool2d_gradient(v, dy, winner), max_pool2d.gradient(v, bits(dy), law_winner))


def window(*values: float) -> tuple[int, int]:
    """(bits of y, winner) of one window of these values in a row."""
    v = Pool2D(1, 1, len(values), 1, 1, len(values), 1, 1, 0, 0, 1, 1)
    x = np.array(values, np.float32)
    y, winner = native.max_pool2d_forward(v, x)
    law_y, law_winner = max_pool2d.forward(v, bits(x))
    same(y, law_y)
    assert winner.ravel().tolist() == law_winner
    return law_y[0], law_winner[0]


def test_ties_and_zeros():
    assert window(1.0, 3.0, 3.0, 2.0)[1] == 1  # the first maximum
    assert window(-0.0, 0.0) == (0x80000000, 0)  # +0 is not greater than -0
    assert window(0.0, -0.0) == (0, 0)
    assert window(-2.0, -0.0, 0.0)[1] == 1
    assert window(-np.inf, -np.inf) == (0xFF800000, 0)  # the best starts as the first cell
    assert window(-np.inf, np.finfo(np.float32).min)[1] == 1


def test_padding_is_no_candidate():
    v = Pool2D(1, 2, 2, 1, 3, 3, 2, 2, 1, 1, 1, 1)
    x = np.full((1, 2, 2, 1), -3.0, np.float32)
    y, winner = native.max_pool2d_forward(v, x)
    assert y.item() == -3.0 and winner.item() == 4  # the middle of the window is the first cell of the input
    assert max_pool2d.forward(v, bits(x))[1] == [4]


@pytest.mark.parametrize("cell", [(27, 27), (24, 30)])
@pytest.mark.parametrize("lost", [0, 3])
def test_gradient_of_one_cell_that_wins_often(cell, lost):
    """784 or 625 windows hold the cell. It wins all or two of three: chunks are cut among those that hold it."""
    v = Pool2D(1, 55, 55, 1, 28, 28, 1, 1, 0, 0, 28, 28)
    for seed in range(3):
        dy = normal(np.random.default_rng(seed), 1, 28, 28, 1)
        winner = np.zeros((1, 28, 28, 1), np.uint16)
        for p, q in np.ndindex(28, 28):
            r, s = cell[0] - p, cell[1] - q
            if 0 <= r < 28 and 0 <= s < 28 and (not lost or (p + q) % lost):
                winner[0, p, q] = r * 28 + s
        same(native.max_pool2d_gradient(v, dy, winner), max_pool2d.gradient(v, bits(dy), winner.ravel().tolist()))
