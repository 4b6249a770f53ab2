"""Tensors are NumPy's arrays, dtypes are NumPy's dtypes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ..._arrays import ArrayLike, convert
from ...data import ArraySpec

float16 = half = np.dtype(np.float16)
float32 = np.dtype(np.float32)
float64 = double = np.dtype(np.float64)
int8, int16, int32, int64 = (np.dtype(t) for t in (np.int8, np.int16, np.int32, np.int64))
uint8, uint16, uint32, uint64 = (np.dtype(t) for t in (np.uint8, np.uint16, np.uint32, np.uint64))
bool_ = np.dtype(np.bool_)


def constant(
    value: ArrayLike, dtype: npt.DTypeLike | None = None, shape: Sequence[int] | None = None, name: str = "Const"
) -> npt.NDArray[Any]:
    """Return a NumPy array, a copy: Python's floats as float32 and its ints as int32 (int64 where they need it), as TensorFlow
    does; arrays keep their type.

    Parameters
    ----------
    value
        Numbers: nested lists, arrays, anything with __array__ or DLPack.
    dtype
        Default: see above.
    shape
        Default: that of value. One number fills it; otherwise it must have as many elements.
    name
        A label; nothing depends on it.

    Raises
    ------
    TypeError, ValueError
        For what holds no numbers, is ragged, does not have the shape, or does not fit in an integer dtype.
    """
    array = _numbers("tf.constant", value, dtype)
    if shape is None:
        return array
    dims = tuple(shape)
    if array.size != 1 and array.size != np.prod(dims, dtype=np.int64):
        raise TypeError(f"[tf.constant] shape must have as many elements as value; got {array.shape} for {dims}; change one")
    return np.full(dims, array.reshape(())) if array.size == 1 else array.reshape(dims)


def convert_to_tensor(
    value: ArrayLike, dtype: npt.DTypeLike | None = None, dtype_hint: npt.DTypeLike | None = None, name: str | None = None
) -> npt.NDArray[Any]:
    """Return a NumPy array as constant does; dtype_hint is the type where none is given and floats need not become ints."""
    array = _numbers("tf.convert_to_tensor", value, dtype)
    hinted = dtype is None and dtype_hint is not None and np.can_cast(array.dtype, dtype_hint, "same_kind")
    return array.astype(dtype_hint) if hinted else array


def cast(x: ArrayLike, dtype: npt.DTypeLike, name: str | None = None) -> npt.NDArray[Any]:
    """Return x as a NumPy array of this type: fractions are cut off, as TensorFlow does."""
    return _numbers("tf.cast", x, None).astype(dtype)


def TensorSpec(shape: Sequence[int | None], dtype: npt.DTypeLike = float32, name: str | None = None) -> ArraySpec:  # noqa: N802
    """Describe an array for Dataset.from_generator(output_signature=...)."""
    return ArraySpec(tuple(shape), np.dtype(dtype))


def _numbers(op: str, value: ArrayLike, dtype: npt.DTypeLike | None) -> npt.NDArray[Any]:
    array = np.array(convert(op, "value", value))
    if array.dtype.kind not in "biuf":
        raise TypeError(f"[{op}] value must hold numbers; got dtype {array.dtype}; convert it first")
    if dtype is not None:
        made = array.astype(dtype)
        if made.dtype.kind in "iu" and not np.array_equal(made, array):
            raise TypeError(f"[{op}] value must fit in {made.dtype}; got {value!r}; use tf.cast to lose something")
        return made
    if _typed(value):
        return array
    if array.dtype == np.float64:
        return array.astype(np.float32)
    narrow = array.astype(np.int32) if array.dtype == np.int64 else array
    return narrow if np.array_equal(narrow, array) else array


def _typed(value: object) -> bool:
    """Whether it says its element type itself: Python's numbers, alone and in lists, do not."""
    if isinstance(value, (list, tuple)):
        return any(_typed(item) for item in value)
    return hasattr(value, "dtype") or hasattr(value, "__dlpack__") or hasattr(value, "__array__")
