"""Activations and their gradients: said by the output y, or by x (section 3.4)."""

from .binary32 import INFINITY, ONE, SIGN, ZERO, add, fma, from_float64, greater, is_zero, less_or_equal, mul, negate, sub
from .functions import erf, exp, expm1, log1p, sigmoid, tanh

HALF = 0x3F000000


def relu(x: int) -> int:
    return ZERO if less_or_equal(x, ZERO) else x


def activate(kind: str, x: int) -> int:
    return {"linear": lambda v: v, "relu": relu, "tanh": tanh, "sigmoid": sigmoid}[kind](x)


def gradient(kind: str, y: int, dy: int) -> int:
    if kind == "relu":
        return dy if greater(y, ZERO) else ZERO
    if kind == "tanh":
        return mul(dy, fma(negate(y), y, ONE))
    if kind == "sigmoid":
        return mul(dy, mul(y, sub(ONE, y)))
    return dy


def rectified(x: int, slope: int = ZERO, threshold: int = ZERO, maximum: int = INFINITY) -> int:
    if less_or_equal(x, threshold):
        return ZERO if is_zero(slope) else mul(slope, sub(x, threshold))
    return maximum if less_or_equal(maximum, x) else x


def rectified_gradient(x: int, dy: int, slope: int = ZERO, threshold: int = ZERO, maximum: int = INFINITY) -> int:
    if greater(x, threshold):
        return ZERO if less_or_equal(maximum, x) else dy
    return ZERO if is_zero(slope) else mul(slope, dy)


def elu(x: int, alpha: int = ONE) -> int:
    return x if greater(x, ZERO) else mul(alpha, expm1(x))


def elu_gradient(x: int, dy: int, alpha: int = ONE) -> int:
    return dy if greater(x, ZERO) else mul(dy, mul(alpha, exp(x)))


def _one_plus_erf(x: int) -> int:
    return add(ONE, erf(mul(x, from_float64(0.70710678))))


def gelu(x: int) -> int:
    return mul(mul(HALF, x), _one_plus_erf(x))


def gelu_gradient(x: int, dy: int) -> int:
    bell = exp(mul(from_float64(-0.5), mul(x, x)))
    return mul(dy, fma(mul(x, bell), from_float64(0.39894228), mul(HALF, _one_plus_erf(x))))


def silu(x: int) -> int:
    return mul(x, sigmoid(x))


def silu_gradient(x: int, dy: int) -> int:
    s = sigmoid(x)
    return mul(dy, mul(s, fma(x, sub(ONE, s), ONE)))


def softplus(x: int) -> int:
    return add(x if greater(x, ZERO) else ZERO, log1p(exp(x | SIGN)))


def softplus_gradient(x: int, dy: int) -> int:
    return mul(dy, sigmoid(x))


def affine(x: int, scale: int, offset: int) -> int:
    return add(mul(x, scale), offset)


def affine_gradient(x: int, dy: int, scale: int) -> int:
    return mul(dy, scale)
