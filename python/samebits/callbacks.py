"""Callbacks: none yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._checks import not_yet
from ._keras import CALLBACKS

__all__: list[str] = []

if not TYPE_CHECKING:
    __getattr__ = not_yet("callbacks", CALLBACKS, __all__)
