"""Average pooling, NHWC: the sum of a window's cells inside the input, divided by their number."""

from collections.abc import Sequence

from .binary32 import div, from_int
from .max_pool2d import Pool2D
from .order import chunks_over_terms, plain_sum


def forward(v: Pool2D, x: Sequence[int]) -> list[int]:
    """R(512, 8) over the cells inside, (r, s) ascending; a true division."""
    y = []
    for n in range(v.n):
        for p in range(v.p):
            for q in range(v.q):
                cells = _cells(v, p, q)
                for c in range(v.c):
                    terms = [x[v.at(n, h, w, c)] for h, w in cells]
                    y.append(div(plain_sum(terms, chunks_over_terms(len(terms))), from_int(len(terms))))
    return y


def gradient(v: Pool2D, dy: Sequence[int]) -> list[int]:
    """R(512, 8) over the windows that hold the cell, (p, q) ascending, of dy divided by the window's number of cells."""
    shares: list[list[int]] = [[] for _ in range(v.n * v.h * v.w * v.c)]
    place = 0
    for n in range(v.n):
        for p in range(v.p):
            for q in range(v.q):
                cells = _cells(v, p, q)
                for c in range(v.c):
                    for h, w in cells:
                        shares[v.at(n, h, w, c)].append(div(dy[place], from_int(len(cells))))
                    place += 1
    return [plain_sum(terms, chunks_over_terms(len(terms))) for terms in shares]


def _cells(v: Pool2D, p: int, q: int) -> list[tuple[int, int]]:
    rows = range(p * v.stride_h - v.pad_top, p * v.stride_h - v.pad_top + v.r)
    cols = range(q * v.stride_w - v.pad_left, q * v.stride_w - v.pad_left + v.s)
    return [(h, w) for h in rows if 0 <= h < v.h for w in cols if 0 <= w < v.w]
