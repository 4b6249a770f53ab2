"""tf.keras.initializers: samebits.initializers."""

from typing import TYPE_CHECKING

from ....initializers import *  # noqa: F403
from ....initializers import __all__ as __all__
from .._offered import absent

if not TYPE_CHECKING:
    __getattr__ = absent(__name__, __all__, {"get": 'a layer takes the name: kernel_initializer="he_normal"'})
