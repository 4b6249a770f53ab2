"""GEMM: kernels/ref equals the law, every layout, at the edges of chunks and segments."""

import numpy as np
import pytest

from law import native
from law.gemm import gemm
from law.inputs import KINDS, bits, coarse, normal, same, wide
from law.order import chunks_over_pixels


def operands(kind, layout: str, m: int, n: int, k: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1000 * m + 100 * n + k + seed)
    a = kind(rng, *((k, m) if layout == "tn" else (m, k)))
    b = kind(rng, *((n, k) if layout == "nt" else (k, n)))
    return a, b, kind(rng, n)


def check(kind, layout, m, n, k, with_bias=False, activation="linear", pixels=None):
    a, b, bias = operands(kind, layout, m, n, k)
    chunks = None if pixels is None else chunks_over_pixels(*pixels)
    law = gemm(layout, m, n, k, bits(a), bits(b), bits(bias) if with_bias else None, activation, chunks)
    same(native.gemm(layout, a, b, bias if with_bias else None, activation, pixels), law)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("layout", native.LAYOUTS)
@pytest.mark.parametrize("k", [0, 1, 2, 17, 511, 512, 513, 1100])
def test_chunk_edges(kind, layout, k):
    check(kind, layout, 2, 3, k, with_bias=k % 2 == 0)


@pytest.mark.parametrize("layout", native.LAYOUTS)
@pytest.mark.parametrize("k", [4096, 4097, 8193 + 700])
def test_segment_edges(layout, k):
    check(wide, layout, 1, 2, k, with_bias=True)


@pytest.mark.parametrize("shape", [(0, 3, 4), (3, 0, 4), (1, 1, 1), (5, 17, 9), (19, 1, 33), (7, 40, 6)])
@pytest.mark.parametrize("layout", native.LAYOUTS)
def test_shapes(layout, shape):
    check(wide, layout, *shape, with_bias=True)


@pytest.mark.parametrize("activation", native.ACTIVATIONS)
@pytest.mark.parametrize("with_bias", [False, True])
@pytest.mark.parametrize("kind", [coarse, normal])
def test_activation_comes_last(kind, with_bias, activation):
    check(kind, "nn", 4, 19, 7, with_bias, activation)


@pytest.mark.parametrize("pixels", [(1100, 1, 1), (11, 8, 8), (7, 13, 13), (2, 19, 27), (9, 23, 23), (2, 700, 1)])
def test_weight_gradient_over_pixels(pixels):
    check(wide, "tn", 2, 2, pixels[0] * pixels[1] * pixels[2], pixels=pixels)


def test_minus_zero_never_leaves_a_sum():
    a = np.full((1, 2), 2.0**-100, np.float32)
    b = np.full((2, 1), -(2.0**-100), np.float32)
    assert bits(native.gemm("nn", a, b)) == gemm("nn", 1, 1, 2, bits(a), bits(b)) == [0]  # each product rounds to -0
    zero = np.full(1, -0.0, np.float32)
    assert bits(native.gemm("nn", a[:, :0], b[:0], zero)) == gemm("nn", 1, 1, 0, [], [], bits(zero)) == [0]


def test_special_values_pass_through():
    a = np.array([[np.inf, 1.0], [np.inf, -np.inf], [np.nan, 0.0], [1e38, 1e38]], np.float32)
    b = np.array([[1.0, 0.0], [1.0, 1e38]], np.float32)
    for activation in ("linear", "relu"):
        same(native.gemm("nn", a, b, None, activation), gemm("nn", 4, 2, 2, bits(a), bits(b), None, activation))
