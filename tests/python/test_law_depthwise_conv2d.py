"""Depthwise convolution: kernels/ref equals the law in all three passes."""

import numpy as np
import pytest

from law import conv2d, depthwise_conv2d, native
from law.depthwise_conv2d import DepthwiseConv2D
from law.inputs import KINDS, bits, normal, same, wide


def padded(n, h, w, c, m, r, s, stride_h=1, stride_w=1):
    return DepthwiseConv2D(n, h, w, c, m, r, s, stride_h, stride_w, *conv2d.same(h, w, r, s, stride_h, stride_w))


SHAPES = {
    "valid": DepthwiseConv2D(2, 6, 5, 3, 1, 3, 3, 1, 1, 0, 0, 4, 3),
    "same": padded(2, 5, 6, 2, 1, 3, 3),
    "two windows a channel": padded(1, 5, 4, 3, 2, 3, 2),
    "strides 2, 3": padded(1, 7, 8, 2, 2, 3, 3, 2, 3),
    "stride past the window": DepthwiseConv2D(1, 7, 7, 2, 1, 1, 2, 3, 3, 0, 0, 3, 2),
    "dilation 2, 3": DepthwiseConv2D(1, 8, 9, 2, 2, 3, 2, 1, 1, 1, 2, 6, 10, 2, 3),
    "more padding than input": DepthwiseConv2D(1, 2, 2, 2, 1, 3, 3, 1, 1, 3, 4, 7, 9),
    "odd channels": padded(1, 3, 3, 17, 1, 3, 3),
    "no samples": DepthwiseConv2D(0, 4, 4, 2, 1, 3, 3, 1, 1, 0, 0, 2, 2),
}


def check(kind, v, activation="linear", with_bias=True):
    rng = np.random.default_rng(v.h + 10 * v.r + v.c)
    x, w = kind(rng, v.n, v.h, v.w, v.c), kind(rng, v.r, v.s, v.c, v.m)
    bias, dy = kind(rng, v.c * v.m) if with_bias else None, kind(rng, v.n, v.p, v.q, v.c * v.m)
    law = depthwise_conv2d.forward(v, bits(x), bits(w), None if bias is None else bits(bias), activation)
    same(native.depthwise_conv2d_forward(v, x, w, bias, activation), law)
    same(native.depthwise_conv2d_input_gradient(v, dy, w), depthwise_conv2d.input_gradient(v, bits(dy), bits(w)))
    same(native.depthwise_conv2d_weight_gradient(v, x, dy), depthwise_conv2d.weight_gradient(v, bits(x), bits(dy)))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", SHAPES)
def test_shapes(shape, kind):
    check(kind, SHAPES[shape])


@pytest.mark.parametrize(
    "v",
    [
        DepthwiseConv2D(1, 23, 23, 1, 1, 23, 23, 1, 1, 0, 0, 1, 1),  # 529 terms
        padded(1, 2, 2, 1, 60, 3, 3),  # 540 terms of an input gradient
        padded(9, 23, 23, 1, 1, 1, 1),  # 18 chunks of pixels, 3 segments
    ],
)
def test_chunk_edges(v):
    check(wide, v)


@pytest.mark.parametrize("activation", native.ACTIVATIONS)
@pytest.mark.parametrize("with_bias", [False, True])
def test_activation_comes_last(with_bias, activation):
    check(normal, padded(1, 3, 4, 2, 2, 3, 3), activation, with_bias)
