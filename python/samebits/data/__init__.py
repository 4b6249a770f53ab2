"""Data sets for fit, evaluate and predict, and readers of files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._checks import not_yet
from .._keras import DATA
from ._dataset import AUTOTUNE, Dataset
from ._files import read_cifar, read_idx
from ._nodes import INFINITE as INFINITE_CARDINALITY
from ._nodes import UNKNOWN as UNKNOWN_CARDINALITY
from ._structure import ArraySpec

__all__ = ["AUTOTUNE", "INFINITE_CARDINALITY", "UNKNOWN_CARDINALITY", "ArraySpec", "Dataset", "read_cifar", "read_idx"]

if not TYPE_CHECKING:
    __getattr__ = not_yet("data", DATA, __all__)
