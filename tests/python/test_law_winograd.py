"""Winograd convolution: kernels/ref equals the law, and the law is the convolution."""

import numpy as np
import pytest

from law import native, winograd
from law.conv2d import Conv2D
from law.inputs import KINDS, bits, coarse, normal, same, wide


def layer(n, h, w, c, k, pad=0):
    return Conv2D(n, h, w, c, k, 3, 3, 1, 1, pad, pad, h + 2 * pad - 2, w + 2 * pad - 2)


SHAPES = {
    "one tile": layer(1, 6, 6, 2, 3),
    "whole tiles, padded": layer(1, 8, 8, 3, 2, 1),
    "tiles past the end": layer(2, 7, 5, 2, 2),
    "padded past the end": layer(1, 5, 7, 3, 3, 1),
    "padding 2": layer(1, 3, 4, 2, 2, 2),
    "uneven padding": Conv2D(1, 5, 5, 2, 2, 3, 3, 1, 1, 0, 2, 4, 6),
    "one pixel": layer(2, 1, 1, 3, 2, 1),
    "odd channels": layer(1, 5, 4, 17, 19, 1),
    "no samples": layer(0, 6, 6, 2, 2),
}


def tensors(kind, v):
    rng = np.random.default_rng(v.h + 10 * v.w + 100 * v.c + v.k)
    return kind(rng, v.n, v.h, v.w, v.c), kind(rng, 3, 3, v.c, v.k), kind(rng, v.k), kind(rng, v.n, v.p, v.q, v.k)


def check(m, kind, v, activation="linear", with_bias=True):
    x, w, bias, dy = tensors(kind, v)
    law = winograd.forward(m, v, bits(x), bits(w), bits(bias) if with_bias else None, activation)
    same(native.winograd_forward(m, v, x, w, bias if with_bias else None, activation), law)
    same(native.winograd_input_gradient(m, v, dy, w), winograd.input_gradient(m, v, bits(dy), bits(w)))
    same(native.winograd_weight_gradient(m, v, x, dy), winograd.weight_gradient(m, v, bits(x), bits(dy)))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("m", [2, 4])
def test_shapes(m, shape, kind):
    if shape == "odd channels" and kind is not wide:
        kind = wide
    check(m, kind, SHAPES[shape])


@pytest.mark.parametrize("m", [2, 4])
@pytest.mark.parametrize("channels", [511, 513])
def test_chunk_edges(m, channels):
    check(m, wide, layer(1, 4, 3, channels, 2, 0))


@pytest.mark.parametrize("m", [2, 4])
@pytest.mark.parametrize("activation", native.ACTIVATIONS)
@pytest.mark.parametrize("with_bias", [False, True])
def test_activation_comes_last(m, activation, with_bias):
    check(m, coarse, layer(1, 4, 5, 2, 3, 1), activation, with_bias)


@pytest.mark.parametrize(
    ("m", "v"),
    [
        (4, layer(130, 3, 4, 1, 1, 1)),  # one tile a sample: 128 samples to a chunk
        (2, layer(9, 8, 8, 1, 1, 1)),  # 16 tiles: 8 samples
        (2, layer(1, 26, 24, 1, 1, 1)),  # 13 x 12 tiles: chunks of 10 rows and 3
        (2, layer(5, 26, 24, 1, 1, 1)),  # 10 chunks, a second segment
        (4, layer(1, 3, 520, 1, 1, 1)),  # a row of 130 tiles
    ],
)
def test_weight_gradient_chunk_edges(m, v):
    x, _, _, dy = tensors(wide, v)
    same(native.winograd_weight_gradient(m, v, x, dy), winograd.weight_gradient(m, v, bits(x), bits(dy)))


def test_choice():
    """The profile's table, at and beside every edge of it."""
    for p in range(1, 34):
        for q in (p, p + 1, 2 * p):
            for c, k in ((1, 64), (7, 8), (8, 7), (8, 8), (16, 16), (64, 3), (512, 512)):
                v = Conv2D(1, p + 2, q + 2, c, k, 3, 3, 1, 1, 0, 0, p, q)
                assert native.winograd_outputs(v) == winograd.choose(p, q, c, k), (p, q, c, k)


@pytest.mark.parametrize("m", [2, 4])
def test_the_law_is_the_convolution(m):
    """Against binary64, within a few units of the last place of sums of 9 * 5 terms of order 1."""
    v = layer(2, 9, 7, 5, 4, 1)
    x, w, bias, dy = tensors(normal, v)
    y = np.array(winograd.forward(m, v, bits(x), bits(w), bits(bias)), np.uint32).view(np.float32).reshape(v.n, v.p, v.q, v.k)
    dx = np.array(winograd.input_gradient(m, v, bits(dy), bits(w)), np.uint32).view(np.float32).reshape(x.shape)
    dw = np.array(winograd.weight_gradient(m, v, bits(x), bits(dy)), np.uint32).view(np.float32).reshape(w.shape)
    padded = np.pad(x.astype(np.float64), ((0, 0), (1, 1), (1, 1), (0, 0)))
    want = np.zeros(y.shape) + bias.astype(np.float64)
    back = np.zeros(padded.shape)
    for r in range(3):
        for s in range(3):
            pixels = padded[:, r : r + v.p, s : s + v.q]
            weights = np.einsum("npqc,npqk->ck", pixels, dy.astype(np.float64))
            assert abs(dw[r, s] - weights).max() < 1e-4 * max(abs(x).max(), 1) * max(abs(dy).max(), 1) * v.p * v.q
            want += np.einsum("npqc,ck->npqk", pixels, w[r, s].astype(np.float64))
            back[:, r : r + v.p, s : s + v.q] += np.einsum("npqk,ck->npqc", dy.astype(np.float64), w[r, s].astype(np.float64))
    scale = max(abs(x).max(), abs(dy).max(), 1) * max(abs(w).max(), 1)
    assert abs(y - want).max() < 1e-4 * scale
    assert abs(dx - back[:, 1:-1, 1:-1]).max() < 1e-4 * scale
