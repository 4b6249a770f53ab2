"""tf.keras.metrics: samebits.metrics."""

from typing import TYPE_CHECKING

from ....metrics import *  # noqa: F403
from ....metrics import __all__ as __all__
from .._offered import absent

if not TYPE_CHECKING:
    __getattr__ = absent(__name__, __all__, {"get": 'compile(metrics=["accuracy"]) takes the name'})
