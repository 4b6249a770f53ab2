"""tf.keras.regularizers: samebits.regularizers."""

from typing import TYPE_CHECKING

from ....regularizers import *  # noqa: F403
from ....regularizers import __all__ as __all__
from .._offered import absent

if not TYPE_CHECKING:
    __getattr__ = absent(__name__, __all__, {"get": 'a layer takes the name: kernel_regularizer="l2"'})
