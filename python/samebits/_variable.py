"""A weight as seen from outside."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from . import _core
from ._arrays import FloatArray


class Variable:
    """A weight of a model, by name; its values are read when they are asked for."""

    __slots__ = ("_cpp", "_index", "path", "shape", "trainable")
    dtype = "float32"

    def __init__(self, core: _core.Model, index: int, path: str, shape: tuple[int, ...], trainable: bool) -> None:
        self._cpp = core
        self._index = index
        self.path = path
        self.shape = shape
        self.trainable = trainable

    @property
    def name(self) -> str:
        """The last part of path: "kernel" of "dense/kernel"."""
        return self.path.rpartition("/")[2]

    def numpy(self) -> FloatArray:
        """Return a copy of the values."""
        return self._cpp.get_weight(self._index)

    def __array__(self, dtype: npt.DTypeLike | None = None, copy: bool | None = None) -> npt.NDArray[Any]:
        """The values, for numpy.asarray."""
        if copy is False:
            raise ValueError("[Variable] an array of a weight is always a copy; got copy=False; leave it out")
        return self.numpy().astype(dtype or np.float32, copy=False)

    def __repr__(self) -> str:
        return f"<Variable path={self.path}, shape={self.shape}, dtype=float32>"
