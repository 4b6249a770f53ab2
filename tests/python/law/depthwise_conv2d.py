"""Depthwise convolution, NHWC, weights (R, S, C, M): every output channel c * M + m is a sum over one input channel."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from .conv2d import touching
from .elementwise import activate
from .order import chunks_over_pixels, chunks_over_terms, sum_of_products


@dataclass(frozen=True)
class DepthwiseConv2D:
    n: int
    h: int
    w: int
    c: int
    m: int
    r: int
    s: int
    stride_h: int
    stride_w: int
    pad_top: int
    pad_left: int
    p: int
    q: int
    dilation_h: int = 1
    dilation_w: int = 1

    def x(self, n: int, p: int, q: int, r: int, s: int, c: int) -> int | None:
        """Where tap (r, s) of output (p, q) lies in x; None in the padding."""
        h = p * self.stride_h - self.pad_top + r * self.dilation_h
        w = q * self.stride_w - self.pad_left + s * self.dilation_w
        return ((n * self.h + h) * self.w + w) * self.c + c if 0 <= h < self.h and 0 <= w < self.w else None

    def y(self, n: int, p: int, q: int, c: int, m: int) -> int:
        return (((n * self.p + p) * self.q + q) * self.c + c) * self.m + m

    def kernel(self, r: int, s: int, c: int, m: int) -> int:
        return ((r * self.s + s) * self.c + c) * self.m + m


def forward(
    v: DepthwiseConv2D, x: Sequence[int], w: Sequence[int], bias: Sequence[int] | None = None, activation: str = "linear"
) -> list[int]:
    """Terms (r, s); a tap in the padding counts and adds nothing."""
    y = []
    for n, p, q, c, m in _space(v.n, v.p, v.q, v.c, v.m):
        places = [(v.x(n, p, q, r, s, c), v.kernel(r, s, c, m)) for r, s in _space(v.r, v.s)]
        pairs = [None if i is None else (x[i], w[k]) for i, k in places]
        b = None if bias is None else bias[c * v.m + m]
        y.append(activate(activation, sum_of_products(pairs, chunks_over_terms(len(pairs)), b)))
    return y


def input_gradient(v: DepthwiseConv2D, dy: Sequence[int], w: Sequence[int]) -> list[int]:
    """Terms: dy positions (p, q) ascending, then m; a belonging tap counts even where dy is out of range."""
    dx = []
    for n, h, i, c in _space(v.n, v.h, v.w, v.c):
        pairs: list[tuple[int, int] | None] = []
        for p, r in touching(h, v.pad_top, v.r, v.stride_h, v.dilation_h):
            for q, s in touching(i, v.pad_left, v.s, v.stride_w, v.dilation_w):
                inside = 0 <= p < v.p and 0 <= q < v.q
                pairs += [(dy[v.y(n, p, q, c, m)], w[v.kernel(r, s, c, m)]) if inside else None for m in range(v.m)]
        dx.append(sum_of_products(pairs, chunks_over_terms(len(pairs))))
    return dx


def weight_gradient(v: DepthwiseConv2D, x: Sequence[int], dy: Sequence[int]) -> list[int]:
    """Terms: output pixels (n, p, q)."""
    chunks = chunks_over_pixels(v.n, v.p, v.q)
    dw = []
    for r, s, c, m in _space(v.r, v.s, v.c, v.m):
        places = [(v.x(n, p, q, r, s, c), v.y(n, p, q, c, m)) for n, p, q in _space(v.n, v.p, v.q)]
        dw.append(sum_of_products([None if i is None else (x[i], dy[k]) for i, k in places], chunks))
    return dw


def _space(*sizes: int) -> product:
    return product(*map(range, sizes))
