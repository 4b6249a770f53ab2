"""tf.keras.backend: what scripts still call there."""

from typing import TYPE_CHECKING

from .._offered import absent
from .utils import clear_session

__all__ = ["clear_session", "floatx"]


def floatx() -> str:
    """Return "float32"."""
    return "float32"


if not TYPE_CHECKING:
    __getattr__ = absent(__name__, __all__)
