"""tf.keras.models: samebits.models."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from .... import models as _ours
from .._offered import absent
from ._models import Model, Sequential

__all__ = ["Model", "Sequential", "load_model", "model_from_json"]


@functools.wraps(_ours.load_model)
def load_model(*args: Any, **options: Any) -> Model:
    return _here(_ours.load_model(*args, **options))


@functools.wraps(_ours.model_from_json)
def model_from_json(*args: Any, **options: Any) -> Model:
    return _here(_ours.model_from_json(*args, **options))


def _here(model: _ours.Model) -> Model:
    return (Sequential if model._cpp.is_sequential else Model)._from_core(model._cpp)


if not TYPE_CHECKING:
    __getattr__ = absent(__name__, __all__, {"clone_model": "use model_from_json(model.to_json())"})
