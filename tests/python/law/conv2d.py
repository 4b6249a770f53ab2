"""2-D convolution, NHWC, weights (R, S, C, K): three passes, each a list of (position, term) in the order of section 2."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from .elementwise import activate
from .order import chunks_over_pixels, chunks_over_terms, sum_of_products


@dataclass(frozen=True)
class Conv2D:
    n: int
    h: int
    w: int
    c: int
    k: int
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


def same(h: int, w: int, r: int, s: int, stride_h: int, stride_w: int) -> tuple[int, int, int, int]:
    """padding="same": (pad_top, pad_left, P, Q); the odd zero goes after the last row and column."""
    p, q = -(-h // stride_h), -(-w // stride_w)
    top = max((p - 1) * stride_h + r - h, 0) // 2
    left = max((q - 1) * stride_w + s - w, 0) // 2
    return top, left, p, q


def forward(
    v: Conv2D, x: Sequence[int], w: Sequence[int], bias: Sequence[int] | None = None, activation: str = "linear"
) -> list[int]:
    """Terms (r, s, c), c fastest; a tap in the padding counts as a position and adds nothing."""
    chunks = chunks_over_terms(v.r * v.s * v.c)
    y = []
    for n, p, q, k in _space(v.n, v.p, v.q, v.k):
        pairs: list[tuple[int, int] | None] = []
        for r, s, c in _space(v.r, v.s, v.c):
            h, i = p * v.stride_h - v.pad_top + r * v.dilation_h, q * v.stride_w - v.pad_left + s * v.dilation_w
            inside = 0 <= h < v.h and 0 <= i < v.w
            pairs.append((x[((n * v.h + h) * v.w + i) * v.c + c], w[((r * v.s + s) * v.c + c) * v.k + k]) if inside else None)
        y.append(activate(activation, sum_of_products(pairs, chunks, None if bias is None else bias[k])))
    return y


def touching(position: int, pad: int, taps: int, stride: int, dilation: int) -> list[tuple[int, int]]:
    """(output position, tap) of the taps that belong to an input position, output position ascending, out of range or not."""
    places = [(position + pad - tap * dilation, tap) for tap in range(taps)]
    return sorted((place // stride, tap) for place, tap in places if place % stride == 0)


def input_gradient(v: Conv2D, dy: Sequence[int], w: Sequence[int]) -> list[int]:
    """Terms: dy positions (p, q) ascending, then k; a belonging tap counts even where dy is out of range."""
    dx = []
    for n, h, i, c in _space(v.n, v.h, v.w, v.c):
        pairs: list[tuple[int, int] | None] = []
        for p, r in touching(h, v.pad_top, v.r, v.stride_h, v.dilation_h):
            for q, s in touching(i, v.pad_left, v.s, v.stride_w, v.dilation_w):
                inside = 0 <= p < v.p and 0 <= q < v.q
                for k in range(v.k):
                    term = (dy[((n * v.p + p) * v.q + q) * v.k + k], w[((r * v.s + s) * v.c + c) * v.k + k]) if inside else None
                    pairs.append(term)
        dx.append(sum_of_products(pairs, chunks_over_terms(len(pairs))))
    return dx


def weight_gradient(v: Conv2D, x: Sequence[int], dy: Sequence[int]) -> list[int]:
    """Terms: output pixels (n, p, q)."""
    chunks = chunks_over_pixels(v.n, v.p, v.q)
    dw = []
    for r, s, c, k in _space(v.r, v.s, v.c, v.k):
        pairs: list[tuple[int, int] | None] = []
        for n, p, q in _space(v.n, v.p, v.q):
            h, i = p * v.stride_h - v.pad_top + r * v.dilation_h, q * v.stride_w - v.pad_left + s * v.dilation_w
            inside = 0 <= h < v.h and 0 <= i < v.w
            term = (x[((n * v.h + h) * v.w + i) * v.c + c], dy[((n * v.p + p) * v.q + q) * v.k + k]) if inside else None
            pairs.append(term)
        dw.append(sum_of_products(pairs, chunks))
    return dw


def _space(*sizes: int) -> product:
    return product(*map(range, sizes))
