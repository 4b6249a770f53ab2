"""Normalization of columns over a batch, and of rows, with running values and gradients: sections 3.6 and 3.7."""

from collections.abc import Sequence

from .binary32 import ONE, ZERO, add, div, fma, from_float64, from_int, mul, negate, sqrt, sub
from .order import Chunks, lane_products, lane_sum, plain_sum, sum_of_products


def inverse(variance: int, epsilon: int) -> int:
    """1 / sqrt(variance + epsilon)."""
    return div(ONE, sqrt(add(variance, epsilon)))


def batch_statistics(x: Sequence[int], chunks: Chunks) -> tuple[int, int]:
    """Mean and biased variance of one channel, in two passes."""
    n = from_int(len(x))
    mean = div(plain_sum(x, chunks), n)
    d = [sub(value, mean) for value in x]
    return mean, div(sum_of_products(list(zip(d, d)), chunks), n)


def normalized(x: Sequence[int], mean: int, inv: int, gamma: Sequence[int], beta: Sequence[int]) -> list[int]:
    """y = fma(x - mean, gamma * inv, beta)."""
    return [fma(sub(value, mean), mul(g, inv), b) for value, g, b in zip(x, gamma, beta)]


def batch_norm(
    x: Sequence[int], dy: Sequence[int], chunks: Chunks, gamma: int = ONE, beta: int = ZERO, *, epsilon: int
) -> tuple[int, int, list[int], int, int, list[int]]:
    """One channel: (mean, variance, y, dgamma, dbeta, dx)."""
    mean, variance = batch_statistics(x, chunks)
    inv = inverse(variance, epsilon)
    count = len(x)
    y = normalized(x, mean, inv, [gamma] * count, [beta] * count)
    xh = [mul(sub(value, mean), inv) for value in x]
    dbeta = plain_sum(dy, chunks)
    dgamma = sum_of_products(list(zip(dy, xh)), chunks)
    n = from_int(count)
    of_gamma, of_beta = div(dgamma, n), div(dbeta, n)
    scale = mul(gamma, inv)
    dx = [mul(scale, fma(negate(h), of_gamma, sub(d, of_beta))) for h, d in zip(xh, dy)]
    return mean, variance, y, dgamma, dbeta, dx


def moving_average(running: int, value: int, momentum: float) -> int:
    """r * m + b * c, c = float(1 - m in float64)."""
    return add(mul(running, from_float64(momentum)), mul(value, from_float64(1.0 - momentum)))


def layer_norm(
    x: Sequence[int], dy: Sequence[int], gamma: Sequence[int], beta: Sequence[int], epsilon: int
) -> tuple[int, int, list[int], list[int], list[int]]:
    """One row: (mean, inv, y, xh, dx)."""
    n = from_int(len(x))
    mean = div(lane_sum(x), n)
    d = [sub(value, mean) for value in x]
    inv = inverse(div(lane_products(d, d), n), epsilon)
    y = normalized(x, mean, inv, gamma, beta)
    xh = [mul(value, inv) for value in d]
    g = [mul(value, scale) for value, scale in zip(dy, gamma)]
    a, b = div(lane_sum(g), n), div(lane_products(g, xh), n)
    dx = [mul(inv, fma(negate(h), b, sub(value, a))) for h, value in zip(xh, g)]
    return mean, inv, y, xh, dx
