"""Section 6: the scalar functions are correctly rounded, against mpmath; special values and near misses."""

import math

import numpy as np
import pytest

from law import functions, native
from law.binary32 import INFINITY, NAN, NEGATIVE_INFINITY, NEGATIVE_ZERO, ONE, ZERO, from_float64, to_float64
from law.inputs import SPECIAL, bits, random_floats, same

MINUS_ONE = ONE | NEGATIVE_ZERO


def inputs(name: str) -> np.ndarray:
    """Every range in which the function is not constant, every binade, and the ends of its domain, one place either side."""
    rng = np.random.default_rng(len(name))
    low, high = {"exp": (-104, 89), "expm1": (-20, 89), "log": (0, 4), "log1p": (-1, 4), "tanh": (-10, 10),
                 "sigmoid": (-104, 18), "sinpi": (-4, 4), "cospi": (-4, 4), "erf": (-4.2, 4.2)}[name]  # fmt: skip
    binades = (rng.uniform(1, 2, 600) * 2.0 ** rng.integers(-149, 128, 600) * rng.choice((-1, 1), 600)).astype(np.float32)
    near_one = 1 + rng.integers(-300, 300, 200) * 2.0**-23
    ends = np.array(
        [low, high, 88.72284, -87.33655, -103.97208, 9.010913, 3.8325067, 17.32868, 0.5, 1.5, 0.25, 2.5, 8388607.5], np.float32
    )
    ends = np.concatenate([ends, np.nextafter(ends, np.float32(-np.inf)), np.nextafter(ends, np.float32(np.inf))])
    parts = [SPECIAL, random_floats(31, 300), binades, near_one, ends, -ends, rng.uniform(low, high, 1500)]
    return np.concatenate([np.asarray(part, np.float32) for part in parts])


@pytest.mark.parametrize("name", native.FUNCTIONS)
def test_function(name):
    x = inputs(name)
    same(native.function(name, x), [getattr(functions, name)(value) for value in bits(x)])


def test_special_values_of_the_standard():
    table = {
        "exp": {ZERO: ONE, NEGATIVE_ZERO: ONE, INFINITY: INFINITY, NEGATIVE_INFINITY: ZERO},
        "expm1": {ZERO: ZERO, NEGATIVE_ZERO: NEGATIVE_ZERO, INFINITY: INFINITY, NEGATIVE_INFINITY: MINUS_ONE},
        "log": {ZERO: NEGATIVE_INFINITY, NEGATIVE_ZERO: NEGATIVE_INFINITY, ONE: ZERO, INFINITY: INFINITY, MINUS_ONE: NAN},
        "log1p": {NEGATIVE_ZERO: NEGATIVE_ZERO, MINUS_ONE: NEGATIVE_INFINITY, INFINITY: INFINITY, NEGATIVE_INFINITY: NAN},
        "tanh": {NEGATIVE_ZERO: NEGATIVE_ZERO, INFINITY: ONE, NEGATIVE_INFINITY: MINUS_ONE},
        "sigmoid": {ZERO: 0x3F000000, NEGATIVE_ZERO: 0x3F000000, INFINITY: ONE, NEGATIVE_INFINITY: ZERO},
        "erf": {ZERO: ZERO, NEGATIVE_ZERO: NEGATIVE_ZERO, INFINITY: ONE, NEGATIVE_INFINITY: MINUS_ONE},
        "sinpi": {NEGATIVE_ZERO: NEGATIVE_ZERO, ONE: ZERO, MINUS_ONE: NEGATIVE_ZERO, INFINITY: NAN, 0x3FC00000: MINUS_ONE},
        "cospi": {NEGATIVE_ZERO: ONE, 0x3F000000: ZERO, 0xBFC00000: ZERO, ONE: MINUS_ONE, INFINITY: NAN, 0x7F7FFFFF: ONE},
    }
    for name, rows in table.items():
        for x, want in (rows | {NAN: NAN}).items():
            assert getattr(functions, name)(x) == want, f"law: {name}({x:08x})"
            x_array = np.array([x], np.uint32).view(np.float32)
            same(native.function(name, x_array), [want])


def test_rounded_once_is_not_twice():
    """exp(2^-24) lies just above the middle of 1 and its neighbour; binary64 sees it. The rest: within a place."""
    assert functions.exp(from_float64(2.0**-24)) == ONE + 1 and functions.exp(from_float64(-(2.0**-25))) == ONE
    for name, libm in {"exp": math.exp, "log": math.log, "tanh": math.tanh, "erf": math.erf, "expm1": math.expm1}.items():
        for x in (0.001, 0.5, 1.25, 3.75):
            law = getattr(functions, name)(from_float64(x))
            assert abs(law - from_float64(libm(to_float64(from_float64(x))))) <= 1, name
