"""Section 5: one step over one element, unfused, as parenthesised; what is done to gradients before; schedules."""

from collections.abc import Sequence
from math import ceil, floor
from math import sqrt as sqrt64

from .binary32 import ONE, ZERO, absolute, add, div, fma, from_float64, greater, mul, negate, sqrt, sub, to_float64
from .functions import cospi, exp, log
from .order import lane_products, lane_sum, left_fold


def sgd(w: int, g: int, m: int, learning_rate: int, momentum: int, nesterov: bool) -> tuple[int, int]:
    """(w, m); momentum +0: plain, m untouched."""
    if momentum == 0:
        return sub(w, mul(g, learning_rate)), m
    m = sub(mul(m, momentum), mul(g, learning_rate))
    return add(w, sub(mul(m, momentum), mul(g, learning_rate)) if nesterov else m), m


def adam_alpha(learning_rate: float, beta1: float, beta2: float, step: int) -> int:
    """Steps count from 1; powers by repeated float64 product."""
    power1 = power2 = 1.0
    for _ in range(step):
        power1, power2 = power1 * beta1, power2 * beta2
    return from_float64(learning_rate * sqrt64(1.0 - power2) / (1.0 - power1))


def adam(w: int, g: int, m: int, v: int, alpha: int, c1: int, c2: int, epsilon: int) -> tuple[int, int, int]:
    """(w, m, v); c1 = float(1 - beta1), c2 = float(1 - beta2)."""
    m = add(m, mul(sub(g, m), c1))
    v = add(v, mul(sub(mul(g, g), v), c2))
    return sub(w, div(mul(m, alpha), add(sqrt(v), epsilon))), m, v


def rms_prop(
    w: int, g: int, v: int, m: int, learning_rate: int, rho: int, c: int, momentum: int, epsilon: int
) -> tuple[int, int, int]:
    """(w, v, m); c = float(1 - rho); momentum +0: plain, m untouched."""
    v = add(mul(rho, v), mul(c, mul(g, g)))
    step = div(mul(learning_rate, g), sqrt(add(v, epsilon)))
    if momentum == 0:
        return sub(w, step), v, m
    m = add(mul(momentum, m), step)
    return sub(w, m), v, m


def weight_decay(w: int, decay: int, learning_rate: int) -> int:
    return sub(w, mul(mul(w, decay), learning_rate))


def clip_value(g: int, limit: int) -> int:
    return negate(limit) if greater(negate(limit), g) else limit if greater(g, limit) else g


def clip_norm(gradients: Sequence[Sequence[int]], limit: int) -> list[list[int]]:
    """One gradient: clipnorm; all of them: global_clipnorm."""
    norm = sqrt(left_fold([lane_products(g, g) for g in gradients]))
    factor = div(limit, norm) if greater(norm, limit) else ONE
    return [[mul(value, factor) for value in g] for g in gradients]


# Regularizers: l1 and l2 are binary64.


def penalty(w: Sequence[int], l1: float, l2: float) -> int:
    parts = []
    if l1 != 0:
        parts.append(mul(from_float64(l1), lane_sum([absolute(value) for value in w])))
    if l2 != 0:
        parts.append(mul(from_float64(l2), lane_products(w, w)))
    return left_fold(parts)


def penalty_gradient(w: int, g: int, l1: float, l2: float) -> int:
    if l1 != 0:
        factor = from_float64(l1)
        g = add(g, factor if greater(w, ZERO) else negate(factor) if greater(ZERO, w) else ZERO)
    return fma(from_float64(2.0 * l2), w, g) if l2 != 0 else g


# Schedules: binary64 in and out, t steps made before.


def _of_binary32(function, x: float) -> float:
    return to_float64(function(from_float64(x)))


def exponential_decay(t: int, rate: float, steps: float, decay: float, staircase: bool = False) -> float:
    p = t / steps
    return rate * _of_binary32(exp, (float(floor(p)) if staircase else p) * _of_binary32(log, decay))


def cosine_decay(
    t: int, rate: float, steps: float, alpha: float = 0.0, warmup_target: float | None = None, warmup_steps: float = 0
) -> float:
    if warmup_target is not None:
        if t < warmup_steps:
            return (warmup_target - rate) * (t / warmup_steps) + rate
        t, rate = t - warmup_steps, warmup_target
    cosine = 0.5 * (1.0 + _of_binary32(cospi, min(t, steps) / steps))
    return rate * ((1.0 - alpha) * cosine + alpha)


def piecewise_constant_decay(t: int, boundaries: Sequence[float], values: Sequence[float]) -> float:
    return values[sum(boundary < t for boundary in boundaries)]


def polynomial_decay(t: int, rate: float, steps: float, end: float = 0.0001, power: float = 1.0, cycle: bool = False) -> float:
    p = t / (steps * float(max(ceil(t / steps), 1))) if cycle else min(t, steps) / steps
    base = 1.0 - min(p, 1.0)
    if power == floor(power) and power <= 64:
        factor = 1.0
        for _ in range(int(power)):
            factor *= base
    else:
        factor = _of_binary32(exp, power * _of_binary32(log, base))
    return (rate - end) * factor + end


def inverse_time_decay(t: int, rate: float, steps: float, decay: float, staircase: bool = False) -> float:
    p = t / steps
    return rate / (1.0 + decay * (float(floor(p)) if staircase else p))
