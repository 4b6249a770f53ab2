"""From what people have (lists, NumPy, anything with __array__ or DLPack) to arrays that C++ reads in place."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

# A NumPy array, or whatever numpy.asarray or DLPack makes one of: nested lists, torch, JAX and TensorFlow tensors.
ArrayLike: TypeAlias = Any
FloatArray: TypeAlias = npt.NDArray[np.float32]

_FLOAT32 = np.dtype(np.float32)


def convert(op: str, what: str, value: ArrayLike) -> npt.NDArray[Any]:
    """`value` as NumPy has it, of whatever element type; not copied where it need not be."""
    if isinstance(value, np.ndarray):
        return value
    try:
        if hasattr(value, "__array__") or not hasattr(value, "__dlpack__"):
            return np.asarray(value)
        return np.from_dlpack(value)
    except (TypeError, ValueError, RuntimeError, BufferError) as error:
        raise type(error)(f"[{op}] {what} must be an array; got {type(value).__name__} ({error}); convert it first") from error


def as_array(op: str, what: str, value: ArrayLike) -> npt.NDArray[Any]:
    """`value` as an array of an element type that C++ reads; not copied when it is one already.

    float32, float64, integers and bool pass with any strides. float16 and other byte orders are converted, exactly. Text,
    objects, complex numbers, dates and wider floats raise TypeError; None raises ValueError.
    """
    if type(value) is np.ndarray and value.dtype is _FLOAT32:  # most are; what follows takes 0.2 us, a small prediction 1.4
        return value
    if value is None:
        raise ValueError(f"[{op}] {what} is needed; got {what}=None; pass an array")
    array = convert(op, what, value)
    if hasattr(array, "mask"):
        raise TypeError(f"[{op}] {what} must not be masked; got {type(array).__name__}; fill it or select its rows first")
    kind, size = array.dtype.kind, array.dtype.itemsize
    if kind == "f" and size == 2:
        return array.astype(np.float32)
    if kind not in "biuf" or size > 8:
        got = type(value).__name__ if array.ndim == 0 else f"dtype {array.dtype}"
        raise TypeError(f"[{op}] {what} must hold numbers (float32, float64, integers or bool); got {got}; convert it first")
    return array if array.dtype.isnative else array.astype(array.dtype.newbyteorder("="))
