"""Convolution: kernels/ref equals the law in all three passes, with padding, strides and chunk edges."""

import numpy as np
import pytest

from law import conv2d, native
from law.conv2d import Conv2D
from law.inputs import KINDS, bits, coarse, normal, same, tiny, wide


def valid(n, h, w, c, k, r, s, stride_h=1, stride_w=1):
    return Conv2D(n, h, w, c, k, r, s, stride_h, stride_w, 0, 0, (h - r) // stride_h + 1, (w - s) // stride_w + 1)


def padded(n, h, w, c, k, r, s, stride_h=1, stride_w=1):
    return Conv2D(n, h, w, c, k, r, s, stride_h, stride_w, *conv2d.same(h, w, r, s, stride_h, stride_w))


SHAPES = {
    "one by one": valid(2, 3, 4, 3, 2, 1, 1),
    "valid": valid(2, 6, 5, 3, 4, 3, 3),
    "same": padded(2, 5, 6, 2, 3, 3, 3),
    "same, even window": padded(1, 5, 5, 2, 2, 4, 2),
    "stride 2": valid(2, 7, 8, 2, 3, 3, 3, 2, 2),
    "same, stride 2": padded(1, 6, 7, 3, 2, 3, 3, 2, 2),
    "strides 3, 2, window 5": padded(1, 8, 9, 2, 2, 5, 5, 3, 2),
    "stride past the window": valid(1, 7, 7, 2, 2, 1, 2, 3, 3),
    "stride leaves a rest": valid(1, 8, 6, 1, 2, 3, 3, 3, 2),
    "window is the input": valid(3, 4, 4, 3, 5, 4, 4),
    "tall and wide": valid(1, 3, 9, 2, 2, 1, 7),
    "more padding than input": Conv2D(1, 2, 2, 2, 2, 3, 3, 1, 1, 3, 4, 7, 9),
    "rows of padding alone": Conv2D(1, 3, 3, 2, 2, 2, 2, 2, 2, 2, 2, 4, 4),
    "odd channels": padded(1, 3, 3, 17, 19, 3, 3),
    "dilation 2": Conv2D(2, 7, 8, 2, 3, 3, 3, 1, 1, 0, 0, 3, 4, 2, 2),
    "dilation 3, 2, padding": Conv2D(1, 7, 8, 3, 2, 3, 2, 1, 1, 3, 1, 7, 8, 3, 2),
    "dilation past the input": Conv2D(1, 3, 3, 2, 2, 2, 3, 1, 1, 4, 5, 7, 3, 4, 5),
    "no samples": valid(0, 4, 4, 2, 3, 3, 3),
}


def tensors(kind, v: Conv2D) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(v.n + 10 * v.h + 100 * v.r + 1000 * v.c + v.k)
    return kind(rng, v.n, v.h, v.w, v.c), kind(rng, v.r, v.s, v.c, v.k), kind(rng, v.k), kind(rng, v.n, v.p, v.q, v.k)


def check_forward(kind, v, activation="linear", with_bias=True):
    x, w, bias, _ = tensors(kind, v)
    law = conv2d.forward(v, bits(x), bits(w), bits(bias) if with_bias else None, activation)
    same(native.conv2d_forward(v, x, w, bias if with_bias else None, activation), law)


def check_input_gradient(kind, v):
    _, w, _, dy = tensors(kind, v)
    same(native.conv2d_input_gradient(v, dy, w), conv2d.input_gradient(v, bits(dy), bits(w)))


def check_weight_gradient(kind, v):
    x, _, _, dy = tensors(kind, v)
    same(native.conv2d_weight_gradient(v, x, dy), conv2d.weight_gradient(v, bits(x), bits(dy)))


CHECKS = {"forward": check_forward, "input gradient": check_input_gradient, "weight gradient": check_weight_gradient}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("check", CHECKS)
def test_shapes(check, shape, kind):
    if shape == "odd channels" and kind is not wide:
        kind = wide
    CHECKS[check](kind, SHAPES[shape])


@pytest.mark.parametrize("c", [56, 57, 58])
def test_forward_chunk_edges(c):
    """9 * 57 = 513 terms; with padding, positions of absent taps shift no chunk."""
    check_forward(wide, padded(1, 2, 2, c, 2, 3, 3))


def test_forward_segment_edge():
    check_forward(wide, padded(1, 2, 1, 700, 3, 3, 3))  # 6300 terms: a second segment of 5 chunks


@pytest.mark.parametrize("k", [56, 57, 58, 130])
def test_input_gradient_chunk_edges(k):
    check_input_gradient(wide, padded(1, 2, 2, 2, k, 3, 3))


def test_input_gradient_segment_edge():
    check_input_gradient(wide, padded(1, 1, 2, 3, 700, 3, 3))


def test_input_gradient_chunk_edges_with_stride():
    check_input_gradient(wide, padded(1, 3, 3, 1, 300, 3, 3, 2, 2))  # 300, 600 or 1200 terms by phase


@pytest.mark.parametrize(
    "v",
    [
        padded(9, 8, 8, 1, 2, 3, 3),  # 64 pixels: 8 samples to a chunk
        padded(5, 13, 13, 1, 1, 2, 2),  # 169 pixels: 2 samples
        padded(2, 19, 27, 1, 1, 2, 1),  # 513 pixels: 18 rows
        valid(1, 3, 602, 1, 1, 1, 2),  # a row of 601
        padded(9, 23, 23, 1, 1, 1, 1),  # 529 pixels: chunks of 22 rows and 1, 18 chunks, 3 segments
        valid(600, 2, 2, 1, 1, 2, 2),  # one pixel: g = 512
    ],
)
def test_weight_gradient_chunk_edges(v):
    check_weight_gradient(wide, v)


@pytest.mark.parametrize("activation", native.ACTIVATIONS)
@pytest.mark.parametrize("with_bias", [False, True])
@pytest.mark.parametrize("kind", [coarse, normal])
def test_activation_comes_last(kind, with_bias, activation):
    check_forward(kind, padded(1, 3, 4, 2, 3, 3, 3), activation, with_bias)


def test_padding_multiplies_nothing():
    """An infinite weight meets the padding: inf * 0 would be a NaN."""
    v = padded(1, 2, 2, 1, 1, 3, 3)
    x, w, _, dy = tensors(tiny, v)
    w[0, 0, 0, 0] = np.inf
    y = native.conv2d_forward(v, x, w)
    same(y, conv2d.forward(v, bits(x), bits(w)))
    assert not np.isnan(y).any()
    same(native.conv2d_input_gradient(v, dy, w), conv2d.input_gradient(v, bits(dy), bits(w)))
