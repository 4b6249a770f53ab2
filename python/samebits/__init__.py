"""samebits: training that gives the same bits everywhere. Keras's names and defaults.

import samebits as sb

model = sb.Sequential([sb.layers.Dense(10, activation="softmax", input_shape=(64,))], seed=7)
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x, y, epochs=2)
model.digest()  # "sha256:...": the same on every machine
"""

import os
from typing import TYPE_CHECKING

__version__ = "0.1.0"  # that of cpp/samebits/version.h

try:
    from . import _core
except ImportError as error:
    raise ImportError(
        "[samebits] the compiled part of the package could not be loaded; "
        f'got "{error}"; install the package with pip, or build the target _core and put <build>/python on PYTHONPATH'
    ) from error
else:
    # It is loaded once for a process: another copy of these files, or newer ones in their place, would get it too.
    _here = os.path.realpath(__file__)
    _first: str = vars(_core).setdefault("_package", _here)
    if (_first, _core.version) != (_here, __version__):
        raise ImportError(
            f"[samebits] one process can hold one samebits; got {__version__} of {_here} and "
            f"a compiled part of {_core.version} that came with {_first}; restart Python (a notebook: its kernel), "
            "take one of them from sys.path, or build again"
        )

from . import (
    _checks,
    _keras,
    callbacks,
    data,
    datasets,
    initializers,
    layers,
    losses,
    metrics,
    models,
    optimizers,
    recipes,
    regularizers,
    runtime,
    utils,
)
from ._core import NonFiniteError, RunFailedError
from .history import History
from .layers import Input
from .models import MemoryPlan, Model, Sequential, load_model
from .recipes import Run, train

profile: int = _core.profile
"""The numerics profile that this version computes by (docs/numerics.md): another profile is another set of bits."""

__all__ = [
    "History",
    "Input",
    "MemoryPlan",
    "Model",
    "NonFiniteError",
    "Run",
    "RunFailedError",
    "Sequential",
    "__version__",
    "callbacks",
    "data",
    "datasets",
    "initializers",
    "layers",
    "load_model",
    "losses",
    "metrics",
    "models",
    "optimizers",
    "profile",
    "recipes",
    "regularizers",
    "runtime",
    "train",
    "utils",
]

if not TYPE_CHECKING:
    __getattr__ = _checks.not_yet("", _keras.TOP, __all__)
