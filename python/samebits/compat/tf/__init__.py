"""TensorFlow's names for scripts that train a Keras model: `import samebits.compat.tf as tf` for `import tensorflow as tf`.

docs/tensorflow.md lists what there is. Tensors are NumPy's arrays. A name that is not here is an AttributeError that names what
stands nearest; a call that cannot be honoured raises, or warns once where only time depends on it. TensorFlow is not imported.
"""

from typing import TYPE_CHECKING

import numpy as _np

from ... import __version__ as _version
from . import config, data, errors, keras, random, test
from ._device import device
from ._offered import absent
from ._tensors import (
    TensorSpec,
    cast,
    constant,
    convert_to_tensor,
    double,
    float16,
    float32,
    float64,
    half,
    int8,
    int16,
    int32,
    int64,
    uint8,
    uint16,
    uint32,
    uint64,
)
from ._tensors import bool_ as bool  # noqa: A004 (TensorFlow's name)

__all__ = [
    "TensorSpec",
    "__version__",
    "bool",
    "cast",
    "config",
    "constant",
    "convert_to_tensor",
    "data",
    "device",
    "double",
    "errors",
    "float16",
    "float32",
    "float64",
    "half",
    "int8",
    "int16",
    "int32",
    "int64",
    "keras",
    "random",
    "test",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
]

__version__ = f"2.21.0+samebits.{_version}"
"""The TensorFlow whose names these are, and samebits's own version."""

if not TYPE_CHECKING:
    _ADVICE = {
        "GradientTape": "use model.fit or model.train_on_batch",
        "Variable": "use model.get_weights() and model.set_weights()",
        "compat": "use TensorFlow 2's names",
        "distribute": "use samebits.runtime.configure(threads=...): one process, the same bits",
        "function": "leave the decorator out: nothing is compiled",
        "image": "use tf.keras.layers.Rescaling, RandomFlip, RandomTranslation or RandomCrop",
        "math": "use NumPy",
        "nn": 'use the name in a layer: activation="relu"',
        "saved_model": "use model.save and tf.keras.models.load_model",
        "summary": "use tf.keras.callbacks.CSVLogger",
    }
    _ADVICE |= {  # reduce_mean, reshape, ...
        f"{start}{name}": f"use numpy.{name}"
        for start in ("", "reduce_")
        for name in _np.__all__
        if f"{start}{name}" not in _ADVICE
    }
    __getattr__ = absent(__name__, __all__, _ADVICE)
