"""Models: layers, weights, a seed and counters; trained, evaluated, saved. Keras's names and meanings.

A call that is refused (ValueError, TypeError, NotImplementedError) leaves the model as it was. A model takes one call at a
time; other threads wait. The GIL is released meanwhile, and Ctrl-C ends a run between two steps.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from . import _core, _keras
from ._checks import not_yet, refuse, source, text, whole
from ._core import MemoryPlan
from ._model import Model
from ._symbols import SymbolicTensor
from ._variable import Variable
from .layers import InputLayer, Layer

__all__ = ["MemoryPlan", "Model", "Sequential", "Variable", "load_model", "model_from_json"]


class Sequential(Model):
    """Layers one after the other.

    Parameters
    ----------
    layers
        The layers; the first may be samebits.Input(shape=...), or say its input_shape.
    name
        Default "sequential".
    seed
        From 0 to 2^64 - 1; default: that of samebits.utils.set_random_seed, else 0. Two models of one seed are equal.

    Raises
    ------
    ValueError
        When shapes cannot meet.
    TypeError
        For what is no layer.
    """

    __slots__ = ()

    def __init__(
        self, layers: Iterable[Layer] | None = None, name: str | None = None, seed: int | None = None, **later: object
    ) -> None:
        refuse("Sequential", Sequential.__init__, later, _keras.MODEL_OPTIONS)
        if isinstance(layers, Layer) or not isinstance(layers, (Iterable, type(None))):
            raise TypeError(f"[Sequential] layers must be a list of layers; got {layers!r}; give a list")
        chosen = "sequential" if name is None else text("Sequential", "name", name)
        self._start(_core.Model([], chosen, None if seed is None else whole("Sequential", "seed", seed, unsigned=True)))
        try:
            for layer in layers or ():
                self.add(layer)
        except BaseException:
            for layer in self._layers:
                layer._owner = None
            raise

    def add(self, layer: Layer) -> None:
        """Put a layer after the last.

        Raises
        ------
        ValueError
            When shapes cannot meet, or the model is compiled.
        TypeError
            For what is no layer.
        NotImplementedError
            For a model in a model, or a layer that belongs to a model already.
        """
        given: object = layer
        if isinstance(given, SymbolicTensor) and isinstance(given._layer, InputLayer):
            given = layer = given._layer  # what Input() returned
        if isinstance(given, Model):
            raise NotImplementedError(f"[Sequential] a model in a model is not implemented yet; got {given!r}; add its layers")
        if not isinstance(given, Layer):
            raise TypeError(f"[Sequential] a layer of samebits.layers is needed; got {given!r}; make one of these")
        if layer._model() is not None:
            raise NotImplementedError(f"[Sequential] a layer belongs to one model; got {layer!r} again; make another one")
        if layer._input_shape is not None:
            if self._layers:
                raise ValueError(
                    f"[Sequential] input_shape belongs to the first layer; got {layer._input_shape} at {layer!r}; leave it out"
                )
            if self._cpp.built:
                raise ValueError(f"[Sequential] the model is built; got input_shape={layer._input_shape}; leave it out")
            first = InputLayer(layer._input_shape)
            _core.Model([first._spec, layer._spec], "", 0)  # refused here, the model is as it was
            self._cpp.add(first._spec)
            self._take(first)
        self._cpp.add(layer._spec)
        self._take(layer)

    def pop(self) -> None:
        """Not implemented yet."""
        raise NotImplementedError("[Sequential] pop is not implemented yet; got pop(); make another model")


def load_model(filepath: str | os.PathLike[str], **later: object) -> Model:
    """Read what Model.save wrote: training goes on as if it had never stopped.

    Raises
    ------
    OSError
        For a file that is missing, broken or no samebits model.
    NotImplementedError
        For a model of another numerics profile.
    """
    refuse("load_model", load_model, later, _keras.LOAD)
    return _made(_core.load_model(source("load_model", filepath)))


def model_from_json(json_string: str, **later: object) -> Model:
    """Make a model with freshly drawn weights from what Model.to_json returned. ValueError for anything else."""
    refuse("model_from_json", model_from_json, later, _keras.FROM_JSON)
    return _made(_core.model_from_json(text("model_from_json", "json_string", json_string)))


def _made(core: _core.Model) -> Model:
    return (Sequential if core.is_sequential else Model)._from_core(core)


if not TYPE_CHECKING:
    __getattr__ = not_yet("models", _keras.MODELS, __all__)
