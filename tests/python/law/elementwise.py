"""Activations and their gradients, said by the output y."""

from .binary32 import ONE, ZERO, fma, greater, less_or_equal, mul, negate, sub
from .functions import sigmoid, tanh


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
