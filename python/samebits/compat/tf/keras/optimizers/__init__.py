"""tf.keras.optimizers: samebits.optimizers."""

from typing import TYPE_CHECKING

from .....optimizers import *  # noqa: F403
from .....optimizers import __all__ as __all__
from ..._offered import absent

if not TYPE_CHECKING:
    __getattr__ = absent(
        __name__,
        __all__,
        {"get": 'compile(optimizer="adam") takes the name', "legacy": "use tf.keras.optimizers.Adam, SGD, ..."},
    )
