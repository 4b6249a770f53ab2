"""What every model can do."""

from __future__ import annotations

import json
import os
import weakref
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn, TypeVar

import numpy as np
import numpy.typing as npt

from . import _core, _keras, layers, losses, optimizers
from ._arrays import ArrayLike, FloatArray, as_array
from ._checks import flag, number, path, refuse, shape, target, text, whole
from ._core import MemoryPlan
from ._progress import Verbose, progress
from ._variable import Variable
from .history import History
from .layers import InputLayer, Layer

_Metrics = list[tuple[str, float]]
_Made = TypeVar("_Made", bound="Model")


class Model:
    """What every model can do. `Sequential` makes one; `Model(inputs, outputs)` is not implemented yet."""

    __slots__ = ("__weakref__", "_cpp", "_history", "_layers", "_optimizer")

    _cpp: _core.Model
    _layers: list[Layer]
    _optimizer: optimizers.Optimizer | None
    _history: History | None

    def __init__(self, *args: object, **options: object) -> None:
        raise NotImplementedError(
            f"[Model] the functional front is not implemented yet; got {type(self).__name__}(...); use samebits.Sequential"
        )

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
    def input_shape(self) -> tuple[int | None, ...]:
        """(None, ...): the batch, then the shape of one sample. ValueError before the model is built."""
        return (None, *self._cpp.input_shape)

    @property
    def output_shape(self) -> tuple[int | None, ...]:
        """(None, ...): the batch, then the shape of one output. ValueError before the model is built."""
        return (None, *self._cpp.output_shape)

    @property
    def layers(self) -> list[Layer]:
        """The layers in order, without the input."""
        return [layer for layer in self._layers if not isinstance(layer, InputLayer)]

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
            raise NotImplementedError(f"[Model] frozen models are not implemented yet; got trainable={value!r}")

    def get_layer(self, name: str | None = None, index: int | None = None) -> Layer:
        """Return the layer of a name or of a place. ValueError when there is none."""
        found = [x for i, x in enumerate(self.layers) if (x.name == name if index is None else i == index)]
        if not found:
            raise ValueError(f"[get_layer] no such layer; got name={name!r}, index={index!r}; see summary()")
        return found[0]

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
        return self._cpp.digest()

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

    variables = weights
    trainable_variables = trainable_weights

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
            raise TypeError(f"[set_weights] weights must be a list of arrays; got {type(weights).__name__}")
        self._cpp.set_weights([as_array("set_weights", f"weights[{i}]", w) for i, w in enumerate(weights)])

    # Training.

    def build(self, input_shape: Sequence[int | None]) -> None:
        """Draw the weights for inputs of this shape; happens by itself at the first data.

        Parameters
        ----------
        input_shape
            (None, ...): the batch, then the shape of one sample.

        Raises
        ------
        ValueError
            When shapes cannot meet, or the model is built for another shape.
        """
        batch, *sample = input_shape or (0,)
        if batch is not None:
            raise ValueError(f"[build] the first dimension is the batch, None; got {input_shape!r}; put None before it")
        self._cpp.build(shape("build", "input_shape", sample))

    def compile(
        self,
        optimizer: optimizers.Optimizer | str = "rmsprop",
        loss: losses.Loss | str | None = None,
        metrics: Sequence[str] | None = None,
        **later: object,
    ) -> None:
        """Choose how to train. Makes a new optimizer; weights and counters stay.

        Parameters
        ----------
        optimizer
            "sgd", "adam" or an optimizer of samebits.optimizers. (Keras's default, "rmsprop", is not here yet.)
        loss
            A name or a loss of samebits.losses.
        metrics
            Names: "accuracy" (chosen by loss and shapes, as Keras does), "binary_accuracy", "categorical_accuracy",
            "sparse_categorical_accuracy"; default none.

        Raises
        ------
        ValueError
            For an unknown name, or a loss that the last layer cannot feed.
        TypeError
            For a wrong type or an unknown argument.
        NotImplementedError
            For what Keras has and samebits has not yet.
        """
        refuse("compile", Model.compile, later, _keras.COMPILE)
        if loss is None:
            raise ValueError('[compile] loss is needed; got loss=None; for example "sparse_categorical_crossentropy"')
        if isinstance(metrics, (str, Mapping)) or not isinstance(metrics, (Sequence, type(None))):
            raise TypeError(f'[compile] metrics must be a list of names; got metrics={metrics!r}; do ["accuracy"]')
        chosen = optimizers.get(optimizer)
        names = [text("compile", "metrics", name) for name in metrics or ()]
        self._cpp.compile(chosen._spec, losses.to_spec(losses.get(loss)), names)
        self._optimizer = chosen

    def fit(
        self,
        x: ArrayLike = None,
        y: ArrayLike = None,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: Verbose = "auto",
        callbacks: Sequence[object] | None = None,
        validation_split: float = 0.0,
        validation_data: tuple[ArrayLike, ArrayLike] | None = None,
        *,
        shuffle: bool = True,
        initial_epoch: int | None = None,
        **later: object,
    ) -> History:
        """Train.

        Epochs and steps count on the model: fit(epochs=1) twice gives the bits of fit(epochs=2).

        Parameters
        ----------
        x
            (N, ...) numbers: anything NumPy or DLPack makes an array of. Read in place, converted to float32 batch by batch.
        y
            (N, ...): class numbers or one row a sample, as the loss wants.
        batch_size
            At least 1; default 32. The last batch of an epoch may be smaller.
        epochs
            At least 0; default 1.
        verbose
            0 silent, 1 one line that is rewritten, 2 a line an epoch; "auto" (default) is 1 on a terminal or in a notebook,
            else 2.
        callbacks
            Not implemented yet.
        validation_split
            In [0, 1): this part of the samples, the last ones, is not trained on but evaluated after each epoch; default 0.
        validation_data
            (x, y) to evaluate after each epoch instead.
        shuffle
            Whether each epoch has its own order, drawn from seed and epoch; default True.
        initial_epoch
            When given, the model's epoch counter is set to it and epochs - initial_epoch epochs are trained, as in Keras.

        Returns
        -------
        History
            .history: name -> one value an epoch; .epoch: the epochs' numbers.

        Raises
        ------
        ValueError, TypeError, NotImplementedError
            For what is refused; nothing was trained.
        NonFiniteError
            When a loss, gradient, weight or optimizer slot became NaN or infinite; the text says the step and which one.
        KeyboardInterrupt
            At Ctrl-C, between two steps; the model is as after the last step.
        """
        refuse("fit", Model.fit, later, _keras.FIT)
        if callbacks:
            raise NotImplementedError(f"[fit] callbacks are not implemented yet; got callbacks={callbacks!r}; leave it out")
        report = progress("fit", verbose)
        data = as_array("fit", "x", x)
        size = 32 if batch_size is None else whole("fit", "batch_size", batch_size)
        count = whole("fit", "epochs", epochs)
        epoch, series = self._cpp.fit(
            data,
            as_array("fit", "y", y),
            batch_size=size,
            epochs=count,
            validation_split=number("fit", "validation_split", validation_split),
            validation_data=_validation(validation_data),
            shuffle=flag("fit", "shuffle", shuffle),
            initial_epoch=None if initial_epoch is None else whole("fit", "initial_epoch", initial_epoch),
            progress=report,
        )
        trained = len(data) if validation_data is not None else int(np.floor(len(data) * (1.0 - validation_split)))
        self._history = History(epoch, series, {"epochs": count, "steps": -(-trained // size), "verbose": report[0]})
        return self._history

    def evaluate(
        self,
        x: ArrayLike = None,
        y: ArrayLike = None,
        batch_size: int | None = None,
        verbose: Verbose = "auto",
        *,
        return_dict: bool = False,
        **later: object,
    ) -> Any:
        """Return the loss and the metrics on data, without training.

        Parameters
        ----------
        x, y, batch_size, verbose
            As in fit.
        return_dict
            Whether to return {"loss": ..., "accuracy": ...}; default False.

        Returns
        -------
        float, list of float or dict
            The loss alone without metrics, [loss, metrics...] with them.
        """
        refuse("evaluate", Model.evaluate, later, _keras.EVALUATE)
        as_dict = flag("evaluate", "return_dict", return_dict)
        metrics = self._cpp.evaluate(
            as_array("evaluate", "x", x),
            as_array("evaluate", "y", y),
            batch_size=32 if batch_size is None else whole("evaluate", "batch_size", batch_size),
            progress=progress("evaluate", verbose),
        )
        return _returned(metrics, as_dict)

    def predict(self, x: ArrayLike, batch_size: int | None = None, verbose: Verbose = "auto", **later: object) -> FloatArray:
        """Return the model's output for samples x: float32 (N, ...).

        Parameters
        ----------
        x, batch_size, verbose
            As in fit. A sample's bits do not depend on the batch that it is in.
        """
        refuse("predict", Model.predict, later, _keras.PREDICT)
        return self._cpp.predict(
            as_array("predict", "x", x),
            batch_size=32 if batch_size is None else whole("predict", "batch_size", batch_size),
            progress=progress("predict", verbose),
        )

    def train_on_batch(self, x: ArrayLike, y: ArrayLike = None, *, return_dict: bool = False, **later: object) -> Any:
        """Train one step on one batch.

        Returns
        -------
        float, list of float or dict
            The running means of loss and metrics since the last reset_metrics() or fit(), as in Keras; see evaluate.
        """
        refuse("train_on_batch", Model.train_on_batch, later, _keras.BATCH)
        as_dict = flag("train_on_batch", "return_dict", return_dict)
        metrics = self._cpp.train_on_batch(as_array("train_on_batch", "x", x), as_array("train_on_batch", "y", y))
        return _returned(metrics, as_dict)

    def test_on_batch(self, x: ArrayLike, y: ArrayLike = None, *, return_dict: bool = False, **later: object) -> Any:
        """Evaluate one batch; returns running means as train_on_batch does."""
        refuse("test_on_batch", Model.test_on_batch, later, _keras.BATCH)
        as_dict = flag("test_on_batch", "return_dict", return_dict)
        metrics = self._cpp.test_on_batch(as_array("test_on_batch", "x", x), as_array("test_on_batch", "y", y))
        return _returned(metrics, as_dict)

    def predict_on_batch(self, x: ArrayLike) -> FloatArray:
        """Return the model's output for one batch: float32 (N, ...)."""
        return self._cpp.predict_on_batch(as_array("predict_on_batch", "x", x))

    def reset_metrics(self) -> None:
        """Start the running means of train_on_batch and test_on_batch anew."""
        self._cpp.reset_metrics()

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
        self._cpp.load_weights(path("load_weights", filepath))

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

    def _names(self) -> dict[int, str]:
        """Names by id() of the layers, as the model chose them."""
        if not self.built:
            return {}
        names = self._cpp.layer_names()
        return {id(layer): name for layer, name in zip(self._layers, names[-len(self._layers) :], strict=True)}

    @classmethod
    def _from_core(cls: type[_Made], core: _core.Model) -> _Made:
        """Put Keras's names on what C++ made."""
        model = cls.__new__(cls)
        model._start(core)
        for config in json.loads(core.to_json())["layers"]:
            model._take(layers.from_json(config))
        if core.compile_options is not None:
            model._optimizer = optimizers.from_spec(core.compile_options[0])
        return model

    def _start(self, core: _core.Model) -> None:
        self._cpp, self._layers, self._optimizer, self._history = core, [], None, None

    def _take(self, layer: Layer) -> None:
        self._layers.append(layer)
        layer._owner = weakref.ref(self)


def _validation(data: object) -> tuple[npt.NDArray[Any], npt.NDArray[Any]] | None:
    if data is None:
        return None
    if not isinstance(data, (tuple, list)) or len(data) not in (2, 3):
        raise TypeError(f"[fit] validation_data must be (x, y); got {type(data).__name__}")
    if len(data) == 3 and data[2] is not None:
        raise NotImplementedError("[fit] sample weights are not implemented yet; got validation_data=(x, y, w); leave w out")
    return as_array("fit", "validation x", data[0]), as_array("fit", "validation y", data[1])


def _returned(metrics: _Metrics, as_dict: bool) -> float | list[float] | dict[str, float]:
    if as_dict:
        return dict(metrics)
    values = [value for _, value in metrics]
    return values if len(values) > 1 else values[0]
