"""Section 5: one step over one element, unfused, as parenthesised."""

from math import sqrt as sqrt64

from .binary32 import add, div, from_float64, mul, sqrt, sub


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
