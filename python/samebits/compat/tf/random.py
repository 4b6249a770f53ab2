"""tf.random: the seed of models. Random arrays are NumPy's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...utils import set_random_seed
from ._offered import absent

__all__ = ["set_seed"]


def set_seed(seed: int) -> None:
    """Set the seed of models that are made without one, from 0 to 2^64 - 1; 0 when never called.

    As TensorFlow's it does not seed np.random; tf.keras.utils.set_random_seed does both.
    """
    set_random_seed(seed)


_ARRAYS = dict.fromkeys(
    ("Generator", "gamma", "normal", "poisson", "stateless_normal", "stateless_uniform", "truncated_normal", "uniform"),
    "draw with NumPy: numpy.random.default_rng(seed)",
)

if not TYPE_CHECKING:
    __getattr__ = absent(__name__, __all__, _ARRAYS | {"shuffle": "use numpy.random.default_rng(seed).permuted"})
