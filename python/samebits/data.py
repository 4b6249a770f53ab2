"""Data pipelines: none yet. fit, evaluate and predict take arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._checks import not_yet
from ._keras import DATA

__all__: list[str] = []

if not TYPE_CHECKING:
    __getattr__ = not_yet("data", DATA, __all__)
