"""tf.keras.utils: seeds and one-hot labels."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np
import numpy.random

from .... import utils
from ...._unseeded import look, watch
from ....utils import to_categorical
from .._offered import absent

watch()  # NumPy has made its generator now

__all__ = ["clear_session", "set_random_seed", "to_categorical"]


def set_random_seed(seed: int) -> None:
    """Seed Python's random, np.random and the models that are made from now on, as Keras does.

    Parameters
    ----------
    seed
        From 0 to 2^32 - 1: NumPy takes no more.

    Raises
    ------
    TypeError, ValueError
        For another type, for a number outside.
    """
    if isinstance(seed, int) and not 0 <= seed < 2**32:
        raise ValueError(f"[set_random_seed] seed must be from 0 to 2^32 - 1; got seed={seed}; choose another")
    utils.set_random_seed(seed)
    look()
    random.seed(seed)
    np.random.seed(seed)


def clear_session(free_memory: bool = True) -> None:
    """Nothing has to be cleared: a model's names and memory are its own."""


if not TYPE_CHECKING:
    _FILES = "read the files into arrays (samebits.data) and use tf.data.Dataset"
    _OWN = "use tf.data.Dataset.from_generator, or give fit a generator"
    _ADVICE = dict.fromkeys(
        (
            "audio_dataset_from_directory",
            "get_file",
            "image_dataset_from_directory",
            "img_to_array",
            "load_img",
            "text_dataset_from_directory",
        ),
        _FILES,
    )
    _ADVICE |= dict.fromkeys(("OrderedEnqueuer", "PyDataset", "Sequence"), _OWN)
    _ADVICE |= dict.fromkeys(("model_to_dot", "plot_model"), "use model.summary()")
    __getattr__ = absent(__name__, __all__, _ADVICE)
