"""Metrics as objects: none yet. compile(metrics=[...]) takes names: "accuracy", "binary_accuracy",
"categorical_accuracy", "sparse_categorical_accuracy"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._checks import not_yet
from ._keras import METRICS

__all__: list[str] = []

if not TYPE_CHECKING:
    __getattr__ = not_yet("metrics", METRICS, __all__)
