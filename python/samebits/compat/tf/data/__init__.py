"""tf.data: samebits.data.Dataset. Elements are NumPy's arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ....data import AUTOTUNE, INFINITE_CARDINALITY, UNKNOWN_CARDINALITY, Dataset
from .._offered import absent
from . import experimental

__all__ = ["AUTOTUNE", "INFINITE_CARDINALITY", "UNKNOWN_CARDINALITY", "Dataset", "experimental"]

if not TYPE_CHECKING:
    __getattr__ = absent(__name__, __all__)
