"""Data sets that come with the package: nothing is downloaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from . import _core
from ._checks import not_yet
from ._keras import DATASETS

__all__ = ["load_digits"]

_Bytes: TypeAlias = npt.NDArray[np.uint8]


def load_digits() -> tuple[tuple[_Bytes, _Bytes], tuple[_Bytes, _Bytes]]:
    """Load 1,797 images of handwritten digits (E. Alpaydin, C. Kaynak, 1998; UCI Machine Learning Repository, CC BY 4.0).

    Returns
    -------
    (x_train, y_train), (x_test, y_test)
        x: uint8 (1500, 8, 8) and (297, 8, 8), from 0 (white) to 16 (black). y: uint8 (1500,) and (297,), from 0 to 9.
        The arrays are copies that belong to the caller.
    """
    x_train, y_train, x_test, y_test = _core.load_digits()
    return (x_train, y_train), (x_test, y_test)


if not TYPE_CHECKING:
    __getattr__ = not_yet("datasets", DATASETS, __all__)
