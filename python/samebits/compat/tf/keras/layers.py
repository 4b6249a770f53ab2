"""tf.keras.layers: samebits.layers."""

from typing import TYPE_CHECKING

from ....layers import *  # noqa: F403
from ....layers import __all__ as __all__
from .._offered import absent

if not TYPE_CHECKING:
    __getattr__ = absent(__name__, __all__)
