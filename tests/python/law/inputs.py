"""Test inputs that tell orders and roundings apart, and the comparison of bits."""

import random

import numpy as np

from .binary32 import NAN, is_nan


def wide(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Signs and exponents over 2^-12 ... 2^12, full significands: sums cancel and round at every step."""
    values = rng.uniform(1.0, 2.0, shape) * 2.0 ** rng.integers(-12, 13, shape)
    return (values * rng.choice((-1.0, 1.0), shape)).astype(np.float32)


def tiny(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Near 2^-70: products are subnormal, some round to a signed zero."""
    values = rng.uniform(1.0, 2.0, shape) * 2.0 ** rng.integers(-80, -66, shape)
    return (values * rng.choice((-1.0, 1.0), shape)).astype(np.float32)


def coarse(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Few values: both zeros, exact cancellation, ties between candidates and halfway roundings."""
    values = np.array([0.0, -0.0, 0.0, -0.0, 1.0, -1.0, 1.0 + 2.0**-23, -(1.0 + 2.0**-23), 2.0**-24, 2.0**24], np.float32)
    return rng.choice(values, shape)


def normal(rng: np.random.Generator, *shape: int) -> np.ndarray:
    return rng.standard_normal(shape).astype(np.float32)


KINDS = (wide, tiny, coarse, normal)

SPECIAL = np.array(
    [
        0x00000000,
        0x80000000,
        0x00000001,
        0x80000001,
        0x007FFFFF,
        0x807FFFFF,
        0x00800000,
        0x80800000,
        0x33800000,
        0x3F000000,
        0xBF000000,
        0x3F7FFFFF,
        0x3F800000,
        0x3F800001,
        0xBF800000,
        0x3FC00000,
        0x40000000,
        0x41200000,
        0xC1200000,
        0x42B17218,
        0x42B17219,
        0xC2CFF1B4,
        0xC2CFF1B5,
        0xC2AEAC50,
        0x4B000001,
        0x7F7FFFFF,
        0xFF7FFFFF,
        0x7F800000,
        0xFF800000,
        0x7FC00000,
    ],
    np.uint32,
).view(np.float32)


def random_floats(seed: int, count: int) -> np.ndarray:
    """Uniform over all bit patterns."""
    rng = random.Random(seed)
    return np.array([rng.getrandbits(32) for _ in range(count)], np.uint32).view(np.float32)


def bits(array: np.ndarray) -> list[int]:
    return np.ascontiguousarray(array, np.float32).view(np.uint32).ravel().tolist()


def same(native: np.ndarray, law: list[int]) -> None:
    """Bit for bit; any NaN equals any NaN."""
    got = bits(native)
    assert len(got) == len(law)
    wrong = [i for i, (a, b) in enumerate(zip(got, law)) if (NAN if is_nan(a) else a) != b]
    shown = ", ".join(f"[{i}] kernel {got[i]:08x} law {law[i]:08x}" for i in wrong[:4])
    assert not wrong, f"{len(wrong)} of {len(law)} differ: {shown}"
