"""tf.keras.datasets: samebits.datasets."""

from typing import TYPE_CHECKING

from ....datasets import *  # noqa: F403
from ....datasets import __all__ as __all__
from .._offered import absent

if not TYPE_CHECKING:
    __getattr__ = absent(__name__, __all__)
