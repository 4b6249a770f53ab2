"""tf.keras.optimizers.schedules: samebits.optimizers.schedules."""

from typing import TYPE_CHECKING

from .....optimizers.schedules import *  # noqa: F403
from .....optimizers.schedules import __all__ as __all__
from ..._offered import absent

if not TYPE_CHECKING:
    __getattr__ = absent(__name__, __all__)
