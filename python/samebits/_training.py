"""How a model is trained, tested and asked."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from . import _core, _keras, _unseeded, losses, metrics, optimizers
from ._arrays import ArrayLike, FloatArray, as_array
from ._batches import Arrays, Stream, arrays, is_stream
from ._checks import flag, number, refuse, whole
from ._progress import Verbose, progress
from .callbacks import Callback
from .history import History

_Metrics = list[tuple[str, float]]


class Trainable:
    """What Model has from here: compile, fit, evaluate, predict and their batch forms."""

    __slots__ = ("__weakref__", "_cpp", "_history", "_layers", "_optimizer", "stop_training")

    _cpp: _core.Model
    _layers: list[Any]
    _optimizer: optimizers.Optimizer | None
    _history: History | None
    stop_training: bool
    """Set by a callback: the run ends after this step, the epoch's validation and its hooks."""

    def compile(
        self,
        optimizer: optimizers.Optimizer | str = "rmsprop",
        loss: Any = None,
        loss_weights: Any = None,
        metrics: Any = None,
        **later: object,
    ) -> None:
        """Choose how to train. Makes a new optimizer; weights and counters stay.

        Parameters
        ----------
        optimizer
            A name or an optimizer of samebits.optimizers.
        loss
            A name or a loss of samebits.losses. With several outputs: one for all, or a list or dict of one an output.
        loss_weights
            With several outputs: a list or dict of factors; default all 1.
        metrics
            Names or objects of samebits.metrics: "accuracy" (chosen by loss and shapes, as Keras does), ...; default none. With
            several outputs: a list or dict of lists, one an output.

        Raises
        ------
        ValueError
            For an unknown name, or a loss that its layer cannot feed.
        TypeError
            For a wrong type or an unknown argument.
        NotImplementedError
            For what Keras has and samebits has not yet.
        """
        refuse("compile", Trainable.compile, later, _keras.COMPILE)
        if loss is None:
            raise ValueError('[compile] loss is needed; got loss=None; for example "sparse_categorical_crossentropy"')
        names = self._output_names()
        chosen = optimizers.get(optimizer)
        chosen._check_free(self)
        each = _by_output("loss", loss, names)
        specs = [losses.to_spec(losses.get(one)) for one in each]
        factors = [] if loss_weights is None else _by_output("loss_weights", loss_weights, names)
        flat, lists = _metrics(metrics, names)
        weights = [number("compile", "loss_weights", f) for f in factors]
        self._cpp.compile(chosen._spec, specs, _list(flat), weights, [_list(each) for each in lists])
        self._optimizer = chosen
        chosen._bind(self)

    def fit(
        self,
        x: ArrayLike = None,
        y: ArrayLike = None,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: Verbose = "auto",
        callbacks: Sequence[object] | None = None,
        validation_split: float = 0.0,
        validation_data: Any = None,
        shuffle: bool = True,
        class_weight: Mapping[int, float] | None = None,
        sample_weight: ArrayLike = None,
        initial_epoch: int | None = None,
        steps_per_epoch: int | None = None,
        **later: object,
    ) -> History:
        """Train.

        Epochs and steps count on the model: fit(epochs=1) twice gives the bits of fit(epochs=2).

        Parameters
        ----------
        x
            (N, ...) numbers: anything NumPy or DLPack makes an array of. Read in place, converted to float32 batch by batch.
            With several inputs a list or dict of arrays. Or batches, (x, y) or (x, y, sample_weight), one by one: a
            samebits.data.Dataset, a generator, a DataLoader; then y, batch_size and sample_weight are not given.
        y
            (N, ...): class numbers or one row a sample, as the loss wants.
        batch_size
            At least 1; default 32. The last batch of an epoch may be smaller.
        epochs
            At least 0; default 1.
        verbose
            0 silent, 1 a line an epoch that is rewritten, 2 a line an epoch; "auto" (default) is 1 on a terminal or in a
            notebook, else 2. A notebook keeps 100 lines at most; later epochs share the last.
        callbacks
            Objects of samebits.callbacks, or own ones with Keras's hooks; default none.
        validation_split
            In [0, 1): this part of the samples, the last ones, is not trained on but evaluated after each epoch; default 0.
        validation_data
            (x, y), (x, y, sample_weight) or batches to evaluate after each epoch instead.
        shuffle
            Whether each epoch has its own order, drawn from seed and epoch; default True.
        class_weight
            Label -> factor of its samples' losses; labels that are not there have 1.
        sample_weight
            (N,) factors of the samples' losses.
        initial_epoch
            When given, the model's epoch counter is set to it and epochs - initial_epoch epochs are trained, as in Keras.
        steps_per_epoch
            With batches: so many make an epoch, and the next epoch goes on where it ended.

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
        refuse("fit", Trainable.fit, later, _keras.FIT)
        _unseeded.tell()
        report = progress("fit", verbose)
        names = self._output_names()
        stream = is_stream(x)
        if stream:
            _alone("fit", x, y, batch_size, sample_weight)
        size = 32 if batch_size is None else whole("fit", "batch_size", batch_size)
        count = whole("fit", "epochs", epochs)
        data: Any = (
            self._stream("fit", x, endless=steps_per_epoch is not None, recorded=True)
            if stream
            else self._arrays("fit", "x", x)
        )
        validation, validation_stream = self._validation(validation_data)
        self.stop_training = False
        split = number("fit", "validation_split", validation_split)
        steps = steps_per_epoch if stream else _batches_of(data, size, 0.0 if validation_data is not None else split)
        if stream and steps is None and data.batches >= 0:
            steps = data.batches
        params = {"epochs": count, "steps": steps, "verbose": report[0]}
        heard, before = _callbacks("fit", callbacks, self, params), self._cpp.step
        with report:
            epoch, series = self._cpp.fit(
                data,
                [] if stream else arrays("fit", "y", y, names),
                batch_size=size,
                epochs=count,
                validation_split=split,
                validation_data=validation,
                validation_stream=validation_stream,
                shuffle=flag("fit", "shuffle", shuffle),
                initial_epoch=None if initial_epoch is None else whole("fit", "initial_epoch", initial_epoch),
                steps_per_epoch=None if steps_per_epoch is None else whole("fit", "steps_per_epoch", steps_per_epoch),
                sample_weight=_sample_weight("fit", sample_weight),
                class_weight=_class_weight(class_weight),
                callbacks=heard,
                progress=report,
            )
        if stream and data.ended_early:
            whole_run = count - (initial_epoch or 0)
            got = f"{len(epoch)} of {whole_run} epochs"
            if steps_per_epoch is not None:
                got = f"{self._cpp.step - before} batches of {steps_per_epoch * whole_run}"
            warnings.warn(f"[fit] the data ended early; got {got}; give what can be read again", stacklevel=2)
        self._history = History(epoch, series, params, data.digest() if stream else None)
        if stream:
            _unseeded.tell()  # what was drawn meanwhile
        return self._history

    def evaluate(
        self,
        x: ArrayLike = None,
        y: ArrayLike = None,
        batch_size: int | None = None,
        verbose: Verbose = "auto",
        sample_weight: ArrayLike = None,
        *,
        callbacks: Sequence[object] | None = None,
        return_dict: bool = False,
        **later: object,
    ) -> Any:
        """Return the loss and the metrics on data, without training.

        Parameters
        ----------
        x, y, batch_size, verbose, sample_weight, callbacks
            As in fit.
        return_dict
            Whether to return {"loss": ..., "accuracy": ...}; default False.

        Returns
        -------
        float, list of float or dict
            The loss alone without metrics, [loss, metrics...] with them.
        """
        refuse("evaluate", Trainable.evaluate, later, _keras.EVALUATE)
        as_dict = flag("evaluate", "return_dict", return_dict)
        names = self._output_names()
        stream = is_stream(x)
        data: Any = self._stream("evaluate", x) if stream else self._arrays("evaluate", "x", x)
        if stream:
            _alone("evaluate", x, y, batch_size, sample_weight)
        size = 32 if batch_size is None else whole("evaluate", "batch_size", batch_size)
        report = progress("evaluate", verbose)
        steps = (data.batches if data.batches >= 0 else None) if stream else _batches_of(data, size)
        with report:
            metrics = self._cpp.evaluate(
                data,
                [] if stream else arrays("evaluate", "y", y, names),
                batch_size=size,
                sample_weight=_sample_weight("evaluate", sample_weight),
                callbacks=_callbacks("evaluate", callbacks, self, {"epochs": 1, "steps": steps, "verbose": report[0]}),
                progress=report,
            )
        return _returned(metrics, as_dict)

    def predict(self, x: ArrayLike, batch_size: int | None = None, verbose: Verbose = "auto", **later: object) -> Any:
        """Return the model's output for samples x: float32 (N, ...); a list of them for several outputs.

        Parameters
        ----------
        x, batch_size, verbose
            As in fit. A sample's bits do not depend on the batch that it is in.
        """
        refuse("predict", Trainable.predict, later, _keras.PREDICT)
        size = 32 if batch_size is None else whole("predict", "batch_size", batch_size)
        report = progress("predict", verbose)
        if not is_stream(x):
            outputs = self._cpp.predict(self._arrays("predict", "x", x), batch_size=size, progress=report)
            return outputs if len(outputs) > 1 else outputs[0]
        _alone("predict", x, None, batch_size, None)
        stream = self._stream("predict", x, targets=False)
        stream.begin(0)
        parts: list[list[FloatArray]] = []
        while (batch := stream.next()) is not None:
            parts.append(self._cpp.predict(batch[0], batch_size=max(len(batch[0][0]), 1), progress=report))
        if not parts:
            raise ValueError("[predict] there is nothing to predict; got no batch; give data")
        joined = [np.concatenate(output) for output in zip(*parts, strict=True)]
        return joined if len(joined) > 1 else joined[0]

    def train_on_batch(
        self,
        x: ArrayLike,
        y: ArrayLike = None,
        sample_weight: ArrayLike = None,
        class_weight: Mapping[int, float] | None = None,
        *,
        return_dict: bool = False,
        **later: object,
    ) -> Any:
        """Train one step on one batch; x, y and weights as in fit.

        Returns
        -------
        float, list of float or dict
            The running means of loss and metrics since the last reset_metrics(), compile() or fit(), as in Keras up to 3.13
            (Keras 3.15 gives those of this batch alone: call reset_metrics() before each batch for that); see evaluate.
        """
        refuse("train_on_batch", Trainable.train_on_batch, later, {})
        if self._cpp.step == 0:  # looking takes 0.2 ms, as long as a step may
            _unseeded.tell()
        as_dict = flag("train_on_batch", "return_dict", return_dict)
        metrics = self._cpp.train_on_batch(
            self._arrays("train_on_batch", "x", x),
            arrays("train_on_batch", "y", y, self._output_names()),
            _sample_weight("train_on_batch", sample_weight),
            _class_weight(class_weight),
        )
        return _returned(metrics, as_dict)

    def test_on_batch(
        self, x: ArrayLike, y: ArrayLike = None, sample_weight: ArrayLike = None, *, return_dict: bool = False, **later: object
    ) -> Any:
        """Evaluate one batch; returns what train_on_batch does, without training."""
        refuse("test_on_batch", Trainable.test_on_batch, later, {})
        as_dict = flag("test_on_batch", "return_dict", return_dict)
        metrics = self._cpp.test_on_batch(
            self._arrays("test_on_batch", "x", x),
            arrays("test_on_batch", "y", y, self._output_names()),
            _sample_weight("test_on_batch", sample_weight),
        )
        return _returned(metrics, as_dict)

    def predict_on_batch(self, x: ArrayLike) -> Any:
        """Return the model's output for one batch; see predict."""
        if isinstance(x, np.ndarray):
            output = self._cpp.predict_on_batch(as_array("predict_on_batch", "x", x))
            if output is not None:
                return output
        data = self._arrays("predict_on_batch", "x", x)
        size = len(data[0]) if data[0].ndim else 1
        outputs = self._cpp.predict(data, batch_size=max(size, 1), progress=progress("predict_on_batch", 0))
        return outputs if len(outputs) > 1 else outputs[0]

    def reset_metrics(self) -> None:
        """Start the running means of train_on_batch and test_on_batch anew."""
        self._cpp.reset_metrics()

    # What is given, by inputs and outputs.

    def _output_names(self) -> list[str]:
        return list(self._cpp.output_names) if self._cpp.built else ["output"]

    def _input_names(self) -> list[str]:
        return list(self._cpp.input_names) if self._cpp.built else ["input"]

    def _stream(self, op: str, source: Any, **options: bool) -> Stream:
        return Stream(op, source, self._input_names(), self._output_names(), self._cpp.seed, **options)

    def _arrays(self, op: str, what: str, value: ArrayLike) -> Arrays:
        return arrays(op, what, value, self._input_names())

    def _validation(self, data: Any) -> tuple[tuple[Arrays, Arrays, npt.NDArray[Any] | None] | None, Stream | None]:
        if data is None:
            return None, None
        if is_stream(data):
            return None, self._stream("fit: validation_data", data)
        if not isinstance(data, (tuple, list)) or len(data) not in (2, 3):
            raise TypeError(
                f"[fit] validation_data must be (x, y) or (x, y, sample_weight); got {type(data).__name__}; give such a tuple"
            )
        weight = as_array("fit", "validation sample_weight", data[2]) if len(data) == 3 and data[2] is not None else None
        x = self._arrays("fit", "validation x", data[0])
        return (x, arrays("fit", "validation y", data[1], self._output_names()), weight), None


def _sample_weight(op: str, value: Any) -> npt.NDArray[Any] | None:
    """One array for all outputs, or none."""
    several = isinstance(value, Mapping) or (isinstance(value, (list, tuple)) and any(np.ndim(item) for item in value))
    if several:
        got = type(value).__name__
        raise NotImplementedError(f"[{op}] sample_weight for each output is not implemented yet; got a {got}; give one array")
    return None if value is None else as_array(op, "sample_weight", value)


def _by_output(what: str, value: Any, names: Sequence[str]) -> list[Any]:
    """One an output from a list or a dict by output's name; one thing for all of them as it is."""
    if isinstance(value, Mapping):
        if set(value) != set(names):
            raise ValueError(f"[compile] {what} must have the keys {list(names)}; got {list(value)}; give exactly these")
        return [value[name] for name in names]
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _metrics(value: Any, names: Sequence[str]) -> tuple[list[Any], list[list[Any]]]:
    """Metrics of the only output, and those of several outputs."""
    if value is None:
        return [], []
    if isinstance(value, str) or not isinstance(value, (list, tuple, Mapping)):
        raise TypeError(f'[compile] metrics must be a list of names or metrics; got metrics={value!r}; do ["accuracy"]')
    if len(names) == 1:
        only = _by_output("metrics", value, names) if isinstance(value, Mapping) else [list(value)]
        items = only[0] if isinstance(only[0], (list, tuple)) else [only[0]]
        if len(items) == 1 and isinstance(items[0], (list, tuple)):
            items = items[0]
        return list(items), []
    if isinstance(value, Mapping):
        unknown = set(value) - set(names)
        if unknown:
            raise ValueError(f"[compile] metrics must have keys among {list(names)}; got {list(value)}; give some of these")
        value = [value.get(name, []) for name in names]
    return [], [list(item) if isinstance(item, (list, tuple)) else [] if item is None else [item] for item in value]


def _list(values: list[Any]) -> str:
    return f"[{', '.join(metrics.to_json(value) for value in values)}]"


def _alone(op: str, x: Any, y: Any, batch_size: Any, sample_weight: Any) -> None:
    """Refuse what batches have already."""
    given = {"y": y, "batch_size": batch_size, "sample_weight": sample_weight}
    more = [name for name, value in given.items() if value is not None]
    if more:
        names = " and ".join(more)
        raise ValueError(f"[{op}] batches bring all with them; got {names} beside {type(x).__name__}; leave out {names}")


def _batches_of(x: Arrays, size: int, split: float = 0.0) -> int | None:
    """How many batches the samples make that `split` leaves; None where C++ refuses them anyway."""
    if size < 1 or not x[0].ndim or not 0 <= split < 1:
        return None
    return -(-int(np.floor(len(x[0]) * (1.0 - split))) // size)


def _class_weight(value: Any) -> dict[int, float]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise TypeError(f"[fit] class_weight must be a dict of label to factor; got {type(value).__name__}; give a dict")
    return {whole("fit", "class_weight", k): number("fit", f"class_weight[{k}]", v) for k, v in value.items()}


def _callbacks(op: str, callbacks: Any, model: Trainable, params: Mapping[str, Any]) -> list[Any]:
    """The callbacks as C++ takes them, told of their model."""
    if callbacks is None:
        return []
    if not isinstance(callbacks, (list, tuple)):
        callbacks = [callbacks]
    hooks = [name for name in dir(Callback) if name.startswith("on_")]
    for callback in callbacks:
        if isinstance(callback, type) or not any(hasattr(callback, hook) for hook in hooks):
            raise TypeError(f"[{op}] callbacks have Keras's hooks (on_epoch_end, ...); got {callback!r}; derive from Callback")
        if hasattr(callback, "set_model"):
            callback.set_model(model)
        if hasattr(callback, "set_params"):
            callback.set_params(params)
    return [getattr(callback, "_spec", callback) for callback in callbacks]


def _returned(metrics: _Metrics, as_dict: bool) -> float | list[float] | dict[str, float]:
    if as_dict:
        return dict(metrics)
    values = [value for _, value in metrics]
    return values if len(values) > 1 else values[0]
