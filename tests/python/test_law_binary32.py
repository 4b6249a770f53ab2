"""The law's own arithmetic (tests/python/law/binary32.py) against the processor's and against exact fractions."""

import random
from ctypes import CDLL, c_float
from ctypes.util import find_library
from fractions import Fraction

import numpy as np
import pytest

from law import binary32 as b32
from law.inputs import SPECIAL, bits, random_floats, same

MAGNITUDES = [0x00000000, 0x00000001, 0x00000002, 0x007FFFFF, 0x00800000, 0x00800001, 0x3F7FFFFF, 0x3F800000, 0x3F800001,
              0x7F7FFFFE, 0x7F7FFFFF, 0x7F800000]  # fmt: skip


def near_pairs(seed: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Random operands, half of them close in exponent, so that sums cancel and quotients are near 1."""
    a, b = bits(random_floats(seed, count)), bits(random_floats(seed + 1, count))
    b = [y if i % 2 else (x & 0xFF800000) + (y & 0x807FFFFF) & 0xFFFFFFFF for i, (x, y) in enumerate(zip(a, b))]
    special = bits(SPECIAL)
    a += [x for x in special for _ in special]
    b += [y for _ in special for y in special]
    return np.array(a, np.uint32).view(np.float32), np.array(b, np.uint32).view(np.float32)


@pytest.mark.parametrize(
    ("law", "processor"), [(b32.add, np.add), (b32.sub, np.subtract), (b32.mul, np.multiply), (b32.div, np.divide)]
)
def test_two_operands_as_the_processor(law, processor):
    a, b = near_pairs(11, 20000)
    with np.errstate(all="ignore"):
        same(processor(a, b), [law(x, y) for x, y in zip(bits(a), bits(b))])


def test_sqrt_as_the_processor():
    a = np.concatenate([SPECIAL, np.abs(random_floats(13, 20000))])
    with np.errstate(all="ignore"):
        same(np.sqrt(a), [b32.sqrt(x) for x in bits(a)])


def test_conversion_as_the_processor():
    rng = random.Random(5)
    values = [rng.uniform(-1, 1) * 2.0 ** rng.randrange(-160, 135) for _ in range(5000)]
    values += [0.0, -0.0, float("inf"), 2.0**-150, 2.0**-149 * 1.5, 3.4028235677973366e38, 1 + 2.0**-24, 1 + 3 * 2.0**-24]
    with np.errstate(all="ignore"):
        same(np.array(values).astype(np.float32), [b32.from_float64(v) for v in values])
    assert [b32.from_int(n) for n in (0, 3, 2**24 + 1, 2**24 + 3)] == bits(np.array([0, 3, 2**24, 2**24 + 4], np.float32))


def nearest(exact: Fraction) -> int:
    """Magnitude nearest to a positive fraction by search, ties to even: a second way to round."""
    low, high = 0, b32.INFINITY
    value = lambda x: Fraction(2) ** 128 if x == b32.INFINITY else Fraction(b32.to_float64(x))  # noqa: E731
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if value(middle) <= exact else (low, middle)
    below, above = exact - value(low), value(high) - exact
    return low if below < above or (below == above and low % 2 == 0) else high


def test_fma_against_fractions():
    rng = random.Random(17)
    for _ in range(3000):
        a, b = (rng.getrandbits(23) | rng.randrange(40, 214) << 23 | rng.getrandbits(1) << 31 for _ in range(2))
        product = Fraction(b32.to_float64(a)) * Fraction(b32.to_float64(b))
        # The addend: close to -a*b, or a last bit far below it, so that cancellation and double rounding show.
        shift = rng.choice((-50, -26, -25, -24, -1, 0, 1, 24, 25, 26, 50))
        c = nearest(min(abs(product), Fraction(2) ** 70) * Fraction(2) ** shift) | rng.getrandbits(1) << 31
        exact = product + Fraction(b32.to_float64(c))
        want = (b32.SIGN if exact < 0 else 0) | nearest(abs(exact)) if exact else 0
        assert b32.fma(a, b, c) == want, f"{a:08x} {b:08x} {c:08x}"


def test_fma_as_the_c_library():
    fmaf = CDLL(find_library("m")).fmaf
    fmaf.restype, fmaf.argtypes = c_float, [c_float] * 3
    special = MAGNITUDES + [x | b32.SIGN for x in MAGNITUDES]
    cases = [(a, b, c) for a in special for b in special for c in special]
    cases += list(zip(*[iter(bits(random_floats(19, 30000)))] * 3))
    got = np.array([fmaf(*map(b32.to_float64, case)) for case in cases], np.float32)
    same(got, [b32.fma(*case) for case in cases])


def test_signed_zeros_and_ties():
    one, tick = b32.ONE, 0x33800000  # 2^-24, half of the last place of 1
    minus_zero = b32.NEGATIVE_ZERO
    assert b32.add(minus_zero, minus_zero) == minus_zero and b32.add(minus_zero, 0) == 0
    assert b32.sub(one, one) == 0 and b32.fma(one, one, b32.negate(one)) == 0
    assert b32.fma(minus_zero, one, minus_zero) == minus_zero and b32.fma(minus_zero, one, 0) == 0
    assert b32.fma(0x0D800000, 0x8D800000, 0) == minus_zero  # 2^-100 * -2^-100 rounds to -0, and is not a zero before
    assert b32.add(one, tick) == one and b32.add(one + 1, tick) == one + 2  # ties to even, down and up
    assert b32.mul(0x00000001, 0x3F000000) == 0 and b32.mul(0x00000003, 0x3F000000) == 2  # 2^-150, 3 * 2^-150
    assert b32.mul(0x00FFFFFF, 0x3F000000) == 0x00800000  # the largest subnormal carries into the normals
    assert b32.add(0x7F7FFFFF, 0x73000000) == b32.INFINITY  # max + half a last place overflows


def test_comparisons():
    order = [b32.NEGATIVE_INFINITY, 0xFF7FFFFF, 0xBF800000, 0x80000001, 0x80000000, 0x00000001, 0x3F800000, b32.INFINITY]
    for i, a in enumerate(order):
        for j, b in enumerate(order):
            assert b32.greater(a, b) == (i > j) and b32.less_or_equal(a, b) == (i <= j)
    assert not b32.greater(0, b32.NEGATIVE_ZERO) and b32.less_or_equal(0, b32.NEGATIVE_ZERO)
    for a in order:
        for x, y in ((a, b32.NAN), (b32.NAN, a)):
            assert not b32.greater(x, y) and not b32.less_or_equal(x, y)
