"""IEEE-754 binary32 on bit patterns: exact integers, then one rounding to nearest, ties to even, subnormals kept."""

import struct
from functools import lru_cache
from math import isqrt

ZERO, NEGATIVE_ZERO = 0x00000000, 0x80000000
ONE, TWO = 0x3F800000, 0x40000000
INFINITY, NEGATIVE_INFINITY = 0x7F800000, 0xFF800000
NAN = 0x7FC00000
SIGN = 0x80000000
EXPONENT = 0x7F800000


def is_nan(a: int) -> bool:
    return (a & 0x7FFFFFFF) > EXPONENT


def is_finite(a: int) -> bool:
    return (a & EXPONENT) != EXPONENT


def is_zero(a: int) -> bool:
    return (a & 0x7FFFFFFF) == 0


def negate(a: int) -> int:
    return a ^ SIGN


def absolute(a: int) -> int:
    return a & 0x7FFFFFFF


def round_to_nearest(m: int, e: int, below: bool = False) -> int:
    """The binary32 nearest to m * 2**e, m != 0. `below`: the exact magnitude lies strictly between |m| and |m| + 1 units."""
    sign = SIGN if m < 0 else 0
    m = abs(m)
    quantum = max(e + m.bit_length() - 24, -149)  # exponent of the result's last place
    shift = quantum - e
    if shift <= 0:
        if below:
            raise ValueError("an inexact magnitude needs at least one bit to round away")
        m <<= -shift
    else:
        rest = m & ((1 << shift) - 1)
        half = 1 << (shift - 1)
        m >>= shift
        if rest > half or (rest == half and (below or m & 1)):
            m += 1
    # m = 2**24 after rounding up carries into the exponent field by itself; so does the largest subnormal.
    result = m if m < 1 << 23 else ((quantum + 150) << 23) + (m - (1 << 23))
    return sign | min(result, INFINITY)


@lru_cache(maxsize=1 << 18)
def significand(a: int) -> tuple[int, int]:
    """(m, e) with a = m * 2**e exactly; a finite."""
    field = (a >> 23) & 0xFF
    m = a & 0x7FFFFF
    if field:
        m |= 0x800000
    else:
        field = 1
    return (-m if a & SIGN else m), field - 150


def from_float64(x: float) -> int:
    """Rounded once, from binary64."""
    if x != x:
        return NAN
    if x in (float("inf"), float("-inf")):
        return INFINITY if x > 0 else NEGATIVE_INFINITY
    numerator, denominator = x.as_integer_ratio()
    if numerator == 0:
        return NEGATIVE_ZERO if struct.pack(">d", x)[0] & 0x80 else ZERO
    return round_to_nearest(numerator, 1 - denominator.bit_length())


def from_int(n: int) -> int:
    return round_to_nearest(n, 0) if n else ZERO


def to_float64(a: int) -> float:
    """Exact."""
    return struct.unpack("<f", struct.pack("<I", a))[0]


def _rank(a: int) -> int:
    return -(a & 0x7FFFFFFF) if a & SIGN else a


def greater(a: int, b: int) -> bool:
    return not (is_nan(a) or is_nan(b)) and _rank(a) > _rank(b)


def less_or_equal(a: int, b: int) -> bool:
    return not (is_nan(a) or is_nan(b)) and _rank(a) <= _rank(b)


def add(a: int, b: int) -> int:
    if not (is_finite(a) and is_finite(b)):
        return _add_special(a, b)
    (ma, ea), (mb, eb) = significand(a), significand(b)
    e = min(ea, eb)
    m = (ma << (ea - e)) + (mb << (eb - e))
    if m == 0:  # two negative zeros keep their sign, every other exact zero is +0
        return NEGATIVE_ZERO if a == b == NEGATIVE_ZERO else ZERO
    return round_to_nearest(m, e)


def _add_special(a: int, b: int) -> int:
    if is_nan(a) or is_nan(b):
        return NAN
    if is_finite(a):
        return b
    if is_finite(b) or a == b:
        return a
    return NAN  # inf - inf


def sub(a: int, b: int) -> int:
    return add(a, negate(b))


def mul(a: int, b: int) -> int:
    sign = (a ^ b) & SIGN
    if not (is_finite(a) and is_finite(b)):
        return NAN if is_nan(a) or is_nan(b) or is_zero(a) or is_zero(b) else sign | INFINITY
    (ma, ea), (mb, eb) = significand(a), significand(b)
    return round_to_nearest(ma * mb, ea + eb) if ma and mb else sign


def fma(a: int, b: int, c: int) -> int:
    """a * b + c, rounded once."""
    if (a & EXPONENT) == EXPONENT or (b & EXPONENT) == EXPONENT or (c & EXPONENT) == EXPONENT:
        return _add_special(mul(a, b) if not (is_finite(a) and is_finite(b)) else ZERO, c)
    (ma, ea), (mb, eb), (mc, ec) = significand(a), significand(b), significand(c)
    m, e = ma * mb, ea + eb
    if ec >= e:
        m += mc << (ec - e)
    else:
        m = (m << (e - ec)) + mc
        e = ec
    if m == 0:
        product_negative = (a ^ b) & SIGN
        return NEGATIVE_ZERO if product_negative and c == NEGATIVE_ZERO and (ma == 0 or mb == 0) else ZERO
    return round_to_nearest(m, e)


def div(a: int, b: int) -> int:
    sign = (a ^ b) & SIGN
    if is_nan(a) or is_nan(b) or (is_zero(a) and is_zero(b)) or not (is_finite(a) or is_finite(b)):
        return NAN
    if not is_finite(a) or is_zero(b):
        return sign | INFINITY
    if is_zero(a) or not is_finite(b):
        return sign
    (ma, ea), (mb, eb) = significand(a), significand(b)
    quotient, rest = divmod(abs(ma) << 64, abs(mb))  # at least 41 bits: far past any rounding position
    return round_to_nearest(-quotient if sign else quotient, ea - eb - 64, below=rest != 0)


def sqrt(a: int) -> int:
    if is_zero(a) or a == INFINITY:
        return a
    if is_nan(a) or a & SIGN:
        return NAN
    m, e = significand(a)
    shift = 64 + e % 2
    m <<= shift
    root = isqrt(m)
    return round_to_nearest(root, (e - shift) // 2, below=root * root != m)
