"""tf.keras: samebits's models, layers and so on, which have Keras's names and defaults."""

from typing import TYPE_CHECKING

from .... import __version__ as _version
from ....layers import Input
from .._offered import absent
from . import (
    backend,
    callbacks,
    datasets,
    initializers,
    layers,
    losses,
    metrics,
    models,
    optimizers,
    regularizers,
    utils,
)
from .models import Model, Sequential

__all__ = [
    "Input",
    "Model",
    "Sequential",
    "__version__",
    "backend",
    "callbacks",
    "datasets",
    "initializers",
    "layers",
    "losses",
    "metrics",
    "models",
    "optimizers",
    "regularizers",
    "utils",
]

__version__ = f"3.13.2+samebits.{_version}"
"""The Keras whose names and defaults these are, and samebits's own version."""

if not TYPE_CHECKING:
    __getattr__ = absent(
        __name__,
        __all__,
        {
            "activations": 'use the name: activation="relu"',
            "applications": "make the model from layers",
            "mixed_precision": "leave it out: everything is float32",
            "preprocessing": "read the files into arrays (samebits.data) and use tf.data.Dataset",
        },
    )
