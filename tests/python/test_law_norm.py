"""Batch and layer normalization: kernels/ref equals the law."""

import numpy as np
import pytest

from law import native, norm
from law.binary32 import ONE, ZERO, from_float64
from law.inputs import KINDS, bits, normal, same
from law.order import chunks_over_pixels, plain_sum, sum_of_products

EPSILON = from_float64(1e-3)
SHAPES = [(1, 1, 1, 2), (9, 1, 1, 3), (520, 1, 1, 1), (3, 13, 13, 2), (2, 19, 27, 1), (70, 8, 8, 1)]


def columns(x: np.ndarray) -> list[list[int]]:
    return [bits(x[..., c]) for c in range(x.shape[-1])]


def drawn(kind, *shape: int) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(shape)
    c = shape[-1]
    return kind(rng, *shape), kind(rng, *shape), kind(rng, c), kind(rng, c)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", SHAPES)
def test_batch_norm(kind, shape):
    x, dy, gamma, beta = drawn(kind, *shape)
    running = normal(np.random.default_rng(1), 2, shape[3])
    got = native.batch_norm(x, dy, gamma, beta, 1e-3, 0.99, running[0].copy(), np.abs(running[1]))
    mean, variance, y, dgamma, dbeta, dx, new_mean, new_variance = got
    chunks = chunks_over_pixels(*shape[:3])
    for c, (xc, dyc) in enumerate(zip(columns(x), columns(dy))):
        law = norm.batch_norm(xc, dyc, chunks, bits(gamma)[c], bits(beta)[c], epsilon=EPSILON)
        same(np.array([mean[c], variance[c]]), list(law[:2]))
        same(y[..., c], law[2])
        same(np.array([dgamma[c], dbeta[c]]), list(law[3:5]))
        same(dx[..., c], law[5])
        moved = [norm.moving_average(bits(running[0])[c], law[0], 0.99)]
        moved += [norm.moving_average(bits(np.abs(running[1]))[c], law[1], 0.99)]
        same(np.array([new_mean[c], new_variance[c]]), moved)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", [(1, 1, 1, 1), (3, 1, 1, 10), (4, 5, 1, 64), (3, 1, 1, 65), (2, 2, 2, 130), (600, 1, 1, 3)])
def test_layer_norm(kind, shape):
    x, dy, gamma, beta = drawn(kind, *shape)
    mean, inv, y, dgamma, dbeta, dx = native.layer_norm(x, dy, gamma, beta, 1e-3)
    c = shape[3]
    rows = [(bits(a), bits(b)) for a, b in zip(x.reshape(-1, c), dy.reshape(-1, c))]
    law = [norm.layer_norm(a, b, bits(gamma), bits(beta), EPSILON) for a, b in rows]
    same(mean, [row[0] for row in law])
    same(inv, [row[1] for row in law])
    same(y, [value for row in law for value in row[2]])
    same(dx, [value for row in law for value in row[4]])
    chunks = chunks_over_pixels(*shape[:3])
    pairs = [[(b[j], row[3][j]) for (_, b), row in zip(rows, law)] for j in range(c)]
    same(dgamma, [sum_of_products(terms, chunks) for terms in pairs])
    same(dbeta, [plain_sum([d for d, _ in terms], chunks) for terms in pairs])


def test_blocks_of_a_row():
    x, dy, gamma, beta = drawn(normal, 1, 1, 1, 4100)
    law = norm.layer_norm(bits(x), bits(dy), bits(gamma), bits(beta), EPSILON)
    got = native.layer_norm(x, dy, gamma, beta, 1e-3)
    same(got[2], law[2])
    same(got[5], law[4])


def test_without_gamma_and_beta():
    x, dy, _, _ = drawn(normal, 6, 1, 1, 1)
    zero = np.zeros(1, np.float32)
    got = native.batch_norm(x, dy, None, None, 1e-3, 0.9, zero, zero)
    law = norm.batch_norm(bits(x), bits(dy), chunks_over_pixels(6, 1, 1), ONE, ZERO, epsilon=EPSILON)
    same(got[2], law[2])
    same(got[5], law[5])
    x, dy, _, _ = drawn(normal, 1, 1, 1, 6)
    row = norm.layer_norm(bits(x), bits(dy), [ONE] * 6, [ZERO] * 6, EPSILON)
    got = native.layer_norm(x, dy, None, None, 1e-3)
    same(got[2], row[2])
    same(got[5], row[4])
