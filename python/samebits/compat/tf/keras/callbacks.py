"""tf.keras.callbacks: samebits.callbacks."""

from typing import TYPE_CHECKING

from ....callbacks import *  # noqa: F403
from ....callbacks import __all__ as __all__
from .._offered import absent

if not TYPE_CHECKING:
    __getattr__ = absent(__name__, __all__)
