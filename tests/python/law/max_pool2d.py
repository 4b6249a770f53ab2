"""Max pooling, NHWC: a candidate replaces the best iff x > best, in window order; padding is no candidate."""

from collections.abc import Sequence
from dataclasses import dataclass

from .binary32 import ZERO, add, greater
from .order import chain_sum, chunks_over_terms, fold


@dataclass(frozen=True)
class Pool2D:
    n: int
    h: int
    w: int
    c: int
    r: int
    s: int
    stride_h: int
    stride_w: int
    pad_top: int
    pad_left: int
    p: int
    q: int

    def at(self, n: int, h: int, w: int, c: int) -> int:
        return ((n * self.h + h) * self.w + w) * self.c + c


def forward(v: Pool2D, x: Sequence[int]) -> tuple[list[int], list[int]]:
    """(y, winner); the best starts as the window's first cell inside the input."""
    y, winner = [], []
    for n in range(v.n):
        for p in range(v.p):
            for q in range(v.q):
                for c in range(v.c):
                    cells = _cells(v, p, q)
                    best, number = x[v.at(n, *cells[0][1], c)], cells[0][0]
                    for candidate, (h, w) in cells[1:]:
                        if greater(x[v.at(n, h, w, c)], best):
                            best, number = x[v.at(n, h, w, c)], candidate
                    y.append(best)
                    winner.append(number)
    return y, winner


def _cells(v: Pool2D, p: int, q: int) -> list[tuple[int, tuple[int, int]]]:
    """(number in the window, (h, w)) of the cells inside the input, in window order."""
    cells = []
    for r in range(v.r):
        for s in range(v.s):
            h, w = p * v.stride_h - v.pad_top + r, q * v.stride_w - v.pad_left + s
            if 0 <= h < v.h and 0 <= w < v.w:
                cells.append((r * v.s + s, (h, w)))
    return cells


def gradient(v: Pool2D, dy: Sequence[int], winner: Sequence[int]) -> list[int]:
    """R(512, 8) over the windows that hold the cell, (p, q) ascending; one that it lost counts and adds nothing."""
    windows: list[list[int | None]] = [[] for _ in range(v.n * v.h * v.w * v.c)]
    place = 0
    for n in range(v.n):
        for p in range(v.p):
            for q in range(v.q):
                cells = _cells(v, p, q)
                for c in range(v.c):
                    for number, (h, w) in cells:
                        windows[v.at(n, h, w, c)].append(dy[place] if winner[place] == number else None)
                    place += 1
    return [_sum_of_won(terms) for terms in windows]


def _sum_of_won(terms: list[int | None]) -> int:
    chunks = chunks_over_terms(len(terms))
    return add(
        fold([chain_sum(term for term in terms[chunk.start : chunk.stop] if term is not None) for chunk in chunks]), ZERO
    )
