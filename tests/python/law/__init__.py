"""Numerics profile 1 a second time: slow, scalar, exact.

Written from the text of the law alone (docs/numerics.md), never from the kernels, so that one misreading is not shared by
both. A float32 is its 32 bits in a Python int; every operation is done exactly on integers and rounded once (binary32.py).
Tensors are flat lists of such ints in C order.
"""
