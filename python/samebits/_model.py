"""What every model can do."""

from __future__ import annotations

import json
import os
import weakref
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from . import _core, _html, _keras, layers, optimizers
from ._arrays import ArrayLike, FloatArray, as_array
from ._checks import not_yet_of, refuse, shape, source, target, text, whole
from ._core import MemoryPlan
from ._symbols import layers_between, symbols
from ._training import Trainable
from ._variable import Variable
from .history import History
from .layers import InputLayer, Layer

_Made = TypeVar("_Made", bound="Model")


class Model(Trainable):
    """What lies between inputs and outputs: the functional front. `Sequential` makes a chain of layers.

    Parameters
    ----------
    inputs, outputs
        What samebits.Input() returned and what layers gave when they were called on it: one, or a list of them; inputs also a
        dict by their names.
    name
        Default "functional".
    seed
        From 0 to 2^64 - 1; default: that of samebits.utils.set_random_seed, else 0. Two models of one seed are equal.

    Raises
    ------
    ValueError
        When an output needs an input that is not given, an input leads nowhere, or names meet.
    TypeError
        For what is no symbolic tensor.
    """

    __slots__ = ()

    def __init_subclass__(cls) -> None:
        own = sorted(_keras.MODEL & cls.__dict__.keys())
        if own:
            raise NotImplementedError(
                f"[{cls.__name__}] models with {' and '.join(own)} of their own are not implemented yet; got class"
                f" {cls.__name__}; use samebits.Model(inputs, outputs)"
            )

    def __init__(
        self, inputs: Any = None, outputs: Any = None, *, name: str | None = None, seed: int | None = None, **later: object
    ) -> None:
        op = type(self).__name__
        refuse(op, Model.__init__, later, _keras.MODEL_OPTIONS)
        if inputs is None or outputs is None:
            raise NotImplementedError(
                f"[{op}] models of your own are not implemented yet; got no inputs and outputs; give both, or use Sequential"
            )
        if isinstance(outputs, Mapping):
            raise NotImplementedError(
                f"[{op}] a dict of outputs is not implemented yet; got {list(outputs)}; give a list and name the last layers"
            )
        first, last = symbols("Model", "inputs", inputs), symbols("Model", "outputs", outputs)
        chosen = "functional" if name is None else text("Model", "name", name)
        given = None if seed is None else whole("Model", "seed", seed, unsigned=True)
        self._start(_core.functional([x._symbol for x in first], [y._symbol for y in last], chosen, given))
        if isinstance(inputs, Mapping) and list(inputs) != self._cpp.input_names:
            raise ValueError(
                f"[{op}] the keys of inputs are the names of the inputs; got {list(inputs)} for {self._cpp.input_names};"
                " name them alike"
            )
        found = layers_between(last)
        taken = [found[layer.key] for layer in self._cpp.layers()]
        for layer in taken:
            if layer._model() is not None:
                raise NotImplementedError(f"[Model] a layer belongs to one model; got {layer!r} of another; make another layer")
        for layer in taken:
            self._take(layer)

    # What it is.

    @property
    def name(self) -> str:
        """The model's name."""
        return self._cpp.name

    @property
    def seed(self) -> int:
        """What initial weights, data order and dropout are drawn from."""
        return self._cpp.seed

    @property
    def epoch(self) -> int:
        """Epochs trained so far, those before save() included."""
        return self._cpp.epoch

    @property
    def step(self) -> int:
        """Steps trained so far, those before save() included."""
        return self._cpp.step

    @property
    def built(self) -> bool:
        """Whether shapes are known and weights are drawn."""
        return self._cpp.built

    @property
    def input_shape(self) -> Any:
        """(None, ...): the batch, then the shape of one sample; a list of them for several inputs. ValueError before the model
        is built."""
        return _one_or_all(self._cpp.input_shapes)

    @property
    def output_shape(self) -> Any:
        """(None, ...): the batch, then the shape of one output; a list of them for several. ValueError before the model is
        built."""
        return _one_or_all(self._cpp.output_shapes)

    @property
    def output_names(self) -> list[str]:
        """The names of the layers that give the outputs. ValueError before the model is built."""
        return list(self._cpp.output_names)

    @property
    def layers(self) -> list[Layer]:
        """The layers in order; of a Sequential without the input, as in Keras."""
        inputs = not self._cpp.is_sequential
        return [layer for layer in self._layers if inputs or not isinstance(layer, InputLayer)]

    @property
    def optimizer(self) -> optimizers.Optimizer | None:
        """The optimizer of compile(); None before it."""
        return self._optimizer

    @property
    def history(self) -> History | None:
        """What the last fit returned."""
        return self._history

    @property
    def trainable(self) -> bool:
        """Whether training changes the weights: always True; setting it is not implemented yet."""
        return True

    @trainable.setter
    def trainable(self, value: bool) -> None:
        if not value:
            raise NotImplementedError(f"[Model] frozen models are not implemented yet; got trainable={value!r}; leave it out")

    def get_layer(self, name: str | None = None, index: int | None = None) -> Layer:
        """Return the layer of a name or of a place, counted from the end when below 0. ValueError when there is none."""
        if (name is None) == (index is None):
            raise ValueError(f"[get_layer] either name or index is needed; got name={name!r}, index={index!r}; give one")
        here = self.layers
        places = [x.name for x in here] if index is None else [*range(len(here)), *range(-len(here), 0)]
        wanted = name if index is None else whole("get_layer", "index", index)
        if wanted not in places:
            raise ValueError(f"[get_layer] no such layer; got name={name!r}, index={index!r}; see summary()")
        return here[places.index(wanted)] if index is None else here[index]

    def summary(self, *, print_fn: Callable[[str], object] | None = None, **later: object) -> None:
        """Print a table of layers, output shapes and parameters; print_fn takes it line by line, default print."""
        refuse("summary", Model.summary, later, _keras.SUMMARY)
        for line in self._cpp.summary().splitlines():
            (print_fn or print)(line)

    def count_params(self) -> int:
        """Return the number of weights' elements. ValueError before the model is built."""
        return self._cpp.count_params()

    def digest(self) -> str:
        """Return "sha256:<64 hex digits>" over names, shapes and little-endian bytes of all weights (docs/numerics.md).

        Raises
        ------
        ValueError
            Before the model is built.
        RunFailedError
            After a run that stopped at a value that was not finite.
        """
        return _html.Digest(self._cpp.digest())

    def to_json(self) -> str:
        """Return the architecture, without weights, as JSON text for model_from_json."""
        return self._cpp.to_json()

    def memory_plan(self, batch_size: int = 32, validation_batch: int = 0) -> MemoryPlan:
        """Return the exact bytes that fit will take, before it runs; str() of it is a table.

        Parameters
        ----------
        batch_size
            Of fit; at least 1.
        validation_batch
            Of the validation, 0 (default) without one.

        Raises
        ------
        ValueError
            Before the model is built and compiled.
        """
        return self._cpp.memory_plan(
            whole("memory_plan", "batch_size", batch_size), whole("memory_plan", "validation_batch", validation_batch)
        )

    # Weights.

    @property
    def weights(self) -> list[Variable]:
        """All weights in Keras's order; empty before the model is built."""
        return [Variable(self._cpp, i, *spec) for i, spec in enumerate(self._cpp.weights())]

    @property
    def trainable_weights(self) -> list[Variable]:
        """The weights that training changes."""
        return [w for w in self.weights if w.trainable]

    @property
    def non_trainable_weights(self) -> list[Variable]:
        """The weights that training does not change, or as BatchNormalization's moving ones not by the optimizer."""
        return [w for w in self.weights if not w.trainable]

    variables = weights
    trainable_variables = trainable_weights
    non_trainable_variables = non_trainable_weights

    def get_weights(self) -> list[FloatArray]:
        """Return copies of all weights, float32, in the order of `weights`."""
        return self._cpp.get_weights()

    def set_weights(self, weights: Sequence[ArrayLike]) -> None:
        """Copy values into all weights, in the order of `weights`.

        Raises
        ------
        ValueError
            For another number of arrays, another shape, a value that is not finite, or before the model is built.
        TypeError
            For what holds no numbers.
        """
        if not isinstance(weights, Sequence):
            raise TypeError(f"[set_weights] weights must be a list of arrays; got {type(weights).__name__}; give a list")
        self._cpp.set_weights([as_array("set_weights", f"weights[{i}]", w) for i, w in enumerate(weights)])

    def build(self, input_shape: Sequence[int | None] | None = None) -> None:
        """Draw the weights for inputs of this shape; happens by itself at the first data.

        Parameters
        ----------
        input_shape
            (None, ...): the batch, then the shape of one sample. May be left out where the layers say it.

        Raises
        ------
        ValueError
            When shapes cannot meet, or the model is built for another shape.
        """
        if input_shape is None and self._cpp.built:
            return
        if not isinstance(input_shape, (tuple, list)) or not input_shape or input_shape[0] is not None:
            raise ValueError(
                f"[build] input_shape is (None, ...), the batch and the sample; got input_shape={input_shape!r}; put None first"
            )
        _, *sample = input_shape
        self._cpp.build(shape("build", "input_shape", sample))

    # Files.

    def save(self, filepath: str | os.PathLike[str], overwrite: bool = True, **later: object) -> None:
        """Write weights, optimizer state, architecture and counters to a safetensors file, for load_model.

        Parameters
        ----------
        filepath
            Usually "....safetensors". The file is replaced whole or not at all.
        overwrite
            Whether an existing file may be replaced; default True.

        Raises
        ------
        OSError
            When the file cannot be written.
        RunFailedError
            After a run that stopped at a value that was not finite.
        """
        refuse("save", Model.save, later, _keras.SAVE)
        self._cpp.save(target("save", filepath, overwrite))

    def save_weights(self, filepath: str | os.PathLike[str], overwrite: bool = True, **later: object) -> None:
        """Write the weights alone to a safetensors file, for load_weights; see save."""
        refuse("save_weights", Model.save_weights, later, _keras.SAVE)
        self._cpp.save_weights(target("save_weights", filepath, overwrite))

    def load_weights(self, filepath: str | os.PathLike[str], **later: object) -> None:
        """Read the weights that save or save_weights wrote.

        Raises
        ------
        OSError
            For a file that is missing or broken.
        ValueError
            When names or shapes are not this model's.
        """
        refuse("load_weights", Model.load_weights, later, _keras.LOAD_WEIGHTS)
        self._cpp.load_weights(source("load_weights", filepath))

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            not_yet_of(self, name, _keras.MODEL)

    def __call__(self, *inputs: object, **options: object) -> None:
        """Not implemented yet; predict() returns the outputs."""
        raise NotImplementedError("[Model] calling a model is not implemented yet; got a call; use predict()")

    def __reduce__(self) -> NoReturn:
        """Not implemented yet: copies and pickles; save() writes all of a model."""
        raise NotImplementedError(
            "[Model] copying and pickling is not implemented yet; got a model; use save() and load_model()"
        )

    def __repr__(self) -> str:
        state = f"{self._cpp.count_params()} parameters" if self.built else "not built"
        return f"<{type(self).__name__} name={self.name}, layers={len(self.layers)}, {state}>"

    def _repr_html_(self) -> str:
        return _html.summary(self._cpp.summary())

    def _names(self) -> dict[int, str]:
        """Names by id() of the layers, as the model chose them."""
        if not self.built:
            return {}
        return {id(layer): name for layer, name in zip(self._layers, self._cpp.layer_names(), strict=True)}

    @classmethod
    def _from_core(cls: type[_Made], core: _core.Model) -> _Made:
        """Put Keras's names on what C++ made."""
        model = cls.__new__(cls)
        model._start(core)
        for config in json.loads(core.to_json())["layers"]:
            model._take(layers.from_json(config))
        if core.compile_options is not None:
            model._optimizer = optimizers.from_spec(core.compile_options[0])
            model._optimizer._bind(model)
        return model

    def _start(self, core: _core.Model) -> None:
        self._cpp, self._layers, self._optimizer, self._history = core, [], None, None
        self.stop_training = False

    def _take(self, layer: Layer) -> None:
        self._layers.append(layer)
        layer._owner = weakref.ref(self)


def _one_or_all(shapes: Sequence[Sequence[int]]) -> Any:
    whole_shapes = [(None, *shape) for shape in shapes]
    return whole_shapes if len(whole_shapes) > 1 else whole_shapes[0]
