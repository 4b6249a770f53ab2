"""Initializers as objects: none yet. Layers take names: "zeros", "ones", "glorot_uniform", "he_normal", ..."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._checks import not_yet
from ._keras import INITIALIZERS

__all__: list[str] = []

if not TYPE_CHECKING:
    __getattr__ = not_yet("initializers", INITIALIZERS, __all__)
