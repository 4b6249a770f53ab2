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
        "Module": "use tf.keras.Sequential or tf.keras.Model",
        "Tensor": "tensors are NumPy's arrays: numpy.ndarray",
        "TensorShape": "shapes are tuples",
        "Variable": "use model.get_weights() and model.set_weights()",
        "boolean_mask": "use array[mask]",
        "concat": "use numpy.concatenate",  # numpy.concat is new in NumPy 2
        "distribute": "use samebits.runtime.configure(threads=...): one process, the same bits",
        "dtypes": "use tf.float32, tf.cast, ...",
        "executing_eagerly": "leave it out: everything is computed at once",
        "fill": "use numpy.full",
        "function": "leave the decorator out: nothing is compiled",
        "gather": "use numpy.take",
        "get_logger": "use Python's logging",
        "identity": "use numpy.copy",  # numpy.identity is another thing
        "image": "use tf.keras.layers.Rescaling, RandomFlip, RandomTranslation or RandomCrop",
        "io": "read the files into arrays: samebits.data.read_idx and read_cifar, numpy.load",
        "is_tensor": "tensors are NumPy's arrays: isinstance(x, numpy.ndarray)",
        "math": "use NumPy",
        "nn": 'use the name in a layer: activation="relu"',
        "norm": "use numpy.linalg.norm",
        "one_hot": "use tf.keras.utils.to_categorical",
        "pow": "use numpy.power",
        "print": "use Python's print",
        "range": "use numpy.arange",
        "rank": "use numpy.ndim",
        "reverse": "use numpy.flip",
        "saved_model": "use model.save and tf.keras.models.load_model",
        "strings": "use Python's str",
        "summary": "use tf.keras.callbacks.CSVLogger",
        "sysconfig": "use samebits.runtime.info()",
        "version": "use tf.__version__",
    }
    _ADVICE |= {f"reduce_{name}": f"use numpy.{name}" for name in _np.__all__}
    _ADVICE |= {name: f"use tf.keras.{name}" for name in ("initializers", "losses", "metrics", "optimizers")}
    _ADVICE |= dict.fromkeys(
        ("Graph", "Session", "app", "compat", "contrib", "flags", "layers", "logging", "placeholder", "train"),
        "use TensorFlow 2's names",
    )
    _ADVICE = {name: f"use numpy.{name}" for name in _np.__all__} | _ADVICE
    __getattr__ = absent(__name__, __all__, _ADVICE)
