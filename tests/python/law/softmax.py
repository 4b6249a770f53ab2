"""Softmax over the last axis, and its gradient where no cross-entropy consumes it."""

from collections.abc import Sequence

from .binary32 import div, greater, mul, sub
from .functions import exp
from .order import lane_products, lane_sum


def shifted(x: Sequence[int]) -> list[int]:
    """z = x - max(x), the first maximum by x > best."""
    best = x[0]
    for candidate in x[1:]:
        if greater(candidate, best):
            best = candidate
    return [sub(value, best) for value in x]


def softmax(x: Sequence[int]) -> list[int]:
    e = [exp(z) for z in shifted(x)]
    total = lane_sum(e)
    return [div(value, total) for value in e]


def gradient(y: Sequence[int], dy: Sequence[int]) -> list[int]:
    g = lane_products(dy, y)
    return [mul(value, sub(d, g)) for value, d in zip(y, dy)]
