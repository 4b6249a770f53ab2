"""tf.keras.losses: samebits.losses."""

from typing import TYPE_CHECKING

from ....losses import *  # noqa: F403
from ....losses import __all__ as __all__
from .._offered import absent

if not TYPE_CHECKING:
    __getattr__ = absent(__name__, __all__, {"get": 'compile(loss="mse") takes the name'})
