"""Section 6: exp, log, log1p, expm1, tanh, sigmoid, erf, sinpi, cospi, correctly rounded to binary32.

mpmath gives an enclosure of the exact value; when both its ends round to one float32 that is the answer, else the
precision doubles. No result but the special cases named here is a float32 or a tie (they are transcendental), so this ends.
"""

from collections.abc import Callable
from functools import lru_cache

import mpmath

from .binary32 import (
    INFINITY,
    NAN,
    NEGATIVE_INFINITY,
    ONE,
    SIGN,
    ZERO,
    from_float64,
    greater,
    is_nan,
    is_zero,
    round_to_nearest,
    significand,
    to_float64,
)


def _round(exact: Callable[[mpmath.mpf], mpmath.mpf], x: int) -> int:
    precision = 96
    while True:
        with mpmath.workprec(precision):
            value = exact(mpmath.mpf(to_float64(x)))
            sign = SIGN if value < 0 else 0
            man, exp = (int(part) for part in abs(value).man_exp)
        # The last 32 bits are not trusted, where mpmath promises all but one or two.
        shift = max(0, precision - man.bit_length())
        man, exp = man << shift, exp - shift
        low, high = round_to_nearest(man - (1 << 32), exp), round_to_nearest(man + (1 << 32), exp)
        if low == high:
            return sign | low
        precision *= 2


def _sigmoid(x: mpmath.mpf) -> mpmath.mpf:
    return 1 / (1 + mpmath.exp(-x))


@lru_cache(maxsize=1 << 16)
def exp(x: int) -> int:
    if is_nan(x):
        return NAN
    if is_zero(x):
        return ONE
    if greater(x, from_float64(89.0)):
        return INFINITY  # e^89 > 2^128
    if greater(from_float64(-105.0), x):
        return ZERO  # e^-105 < 2^-150
    return _round(mpmath.exp, x)


@lru_cache(maxsize=1 << 16)
def expm1(x: int) -> int:
    if is_nan(x) or is_zero(x):
        return x if is_zero(x) else NAN
    if greater(x, from_float64(89.0)):
        return INFINITY
    if x == NEGATIVE_INFINITY or greater(from_float64(-105.0), x):
        return ONE | SIGN
    return _round(mpmath.expm1, x)


@lru_cache(maxsize=1 << 16)
def log(x: int) -> int:
    if is_zero(x):
        return NEGATIVE_INFINITY
    if is_nan(x) or x & SIGN:
        return NAN
    if x in (INFINITY, ONE):
        return INFINITY if x == INFINITY else ZERO
    return _round(mpmath.log, x)


@lru_cache(maxsize=1 << 16)
def log1p(x: int) -> int:
    if is_zero(x) or x == INFINITY:
        return x
    if x == ONE | SIGN:
        return NEGATIVE_INFINITY
    if is_nan(x) or greater(ONE | SIGN, x):
        return NAN
    return _round(mpmath.log1p, x)


@lru_cache(maxsize=1 << 16)
def tanh(x: int) -> int:
    if is_nan(x) or is_zero(x):
        return x if is_zero(x) else NAN
    if greater(x & ~SIGN, from_float64(20.0)):
        return (x & SIGN) | ONE  # 1 - tanh(20) < 2^-56
    return _round(mpmath.tanh, x)


@lru_cache(maxsize=1 << 16)
def sigmoid(x: int) -> int:
    if is_nan(x):
        return NAN
    if greater(x, from_float64(40.0)):
        return ONE
    if greater(from_float64(-105.0), x):
        return ZERO
    return from_float64(0.5) if is_zero(x) else _round(_sigmoid, x)


@lru_cache(maxsize=1 << 16)
def erf(x: int) -> int:
    if is_nan(x) or is_zero(x):
        return x if is_zero(x) else NAN
    if greater(x & ~SIGN, from_float64(10.0)):
        return (x & SIGN) | ONE
    return _round(mpmath.erf, x)


def _half_turns(x: int) -> int | None:
    """2 * x reduced to 0 .. 3 when x is a multiple of one half, else None."""
    m, e = significand(x)
    e += 1
    if e >= 0:
        return (m << e) % 4
    return (m >> -e) % 4 if m % (1 << -e) == 0 else None


@lru_cache(maxsize=1 << 16)
def sinpi(x: int) -> int:
    """sinPi(+-0) = +-0, sinPi(+-n) = +-0 for integers n > 0 (IEEE 754-2019, 9.2.1)."""
    if is_nan(x) or (x & ~SIGN) == INFINITY:
        return NAN
    turns = _half_turns(x)
    if turns is None:
        return _round(mpmath.sinpi, x)
    return {0: x & SIGN, 2: x & SIGN, 1: ONE, 3: ONE | SIGN}[turns]


@lru_cache(maxsize=1 << 16)
def cospi(x: int) -> int:
    """cosPi(n + 1/2) = +0 for integers n (IEEE 754-2019, 9.2.1)."""
    if is_nan(x) or (x & ~SIGN) == INFINITY:
        return NAN
    turns = _half_turns(x)
    if turns is None:
        return _round(mpmath.cospi, x)
    return {0: ONE, 2: ONE | SIGN, 1: ZERO, 3: ZERO}[turns]
