"""tf.data.experimental: older names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ....data import AUTOTUNE, INFINITE_CARDINALITY, UNKNOWN_CARDINALITY, Dataset
from .._offered import absent

__all__ = ["AUTOTUNE", "INFINITE_CARDINALITY", "UNKNOWN_CARDINALITY", "cardinality"]


def cardinality(dataset: Dataset) -> int:
    """Return the number of elements of a pass; see Dataset.cardinality."""
    return dataset.cardinality()


if not TYPE_CHECKING:
    __getattr__ = absent(__name__, __all__)
