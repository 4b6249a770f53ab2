"""Callbacks: Keras's constructors, defaults and meanings, and a base class for own ones."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from inspect import signature
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _core
from ._checks import Closed, not_yet, path, plain, refuse, target, whole
from ._keras import CALLBACKS

__all__ = [
    "CSVLogger",
    "Callback",
    "EarlyStopping",
    "LambdaCallback",
    "LearningRateScheduler",
    "ModelCheckpoint",
    "ReduceLROnPlateau",
]

_Logs = dict[str, float]


class Callback:
    """What a run tells: derive from it and write the hooks that you need.

    Epochs count on the model, batches of an epoch, both from 0. logs: name -> number so far; what on_epoch_end adds to it,
    later callbacks and the History have too. `self.model.stop_training = True` ends the run after the step, the epoch's
    validation and its hooks. The model may be looked at, evaluated and saved, its weights and learning rate be set.
    """

    model: Any = None
    """The model that is trained."""
    params: Mapping[str, Any] = {}
    """Of the call: "epochs", "verbose"."""

    def set_model(self, model: Any) -> None:
        """Be told the model, before the run."""
        self.model = model

    def set_params(self, params: Mapping[str, Any]) -> None:
        """Be told the call's numbers, before the run."""
        self.params = params

    def on_train_begin(self, logs: _Logs | None = None) -> None:
        """Before the first epoch."""

    def on_train_end(self, logs: _Logs | None = None) -> None:
        """After the last epoch."""

    def on_epoch_begin(self, epoch: int, logs: _Logs | None = None) -> None:
        """Before an epoch."""

    def on_epoch_end(self, epoch: int, logs: _Logs | None = None) -> None:
        """After an epoch and its validation."""

    def on_train_batch_begin(self, batch: int, logs: _Logs | None = None) -> None:
        """Before a step; calls on_batch_begin."""
        self.on_batch_begin(batch, logs)

    def on_train_batch_end(self, batch: int, logs: _Logs | None = None) -> None:
        """After a step; calls on_batch_end."""
        self.on_batch_end(batch, logs)

    def on_batch_begin(self, batch: int, logs: _Logs | None = None) -> None:
        """Keras's older name."""

    def on_batch_end(self, batch: int, logs: _Logs | None = None) -> None:
        """Keras's older name."""

    def on_test_begin(self, logs: _Logs | None = None) -> None:
        """Before evaluate(), and before the validation of an epoch."""

    def on_test_end(self, logs: _Logs | None = None) -> None:
        """After evaluate(), and after the validation of an epoch."""

    def on_test_batch_begin(self, batch: int, logs: _Logs | None = None) -> None:
        """Before a batch is evaluated."""

    def on_test_batch_end(self, batch: int, logs: _Logs | None = None) -> None:
        """After a batch was evaluated."""

    def on_predict_begin(self, logs: _Logs | None = None) -> None:
        """Keras's; not called yet: predict() refuses callbacks."""

    def on_predict_end(self, logs: _Logs | None = None) -> None:
        """Keras's; not called yet: predict() refuses callbacks."""

    def on_predict_batch_begin(self, batch: int, logs: _Logs | None = None) -> None:
        """Keras's; not called yet: predict() refuses callbacks."""

    def on_predict_batch_end(self, batch: int, logs: _Logs | None = None) -> None:
        """Keras's; not called yet: predict() refuses callbacks."""


class _Compiled(Closed, Callback, many="callbacks other than Callback"):
    """A callback of C++."""

    _spec: Any

    def __init__(self, arguments: Mapping[str, object], later: Mapping[str, object]) -> None:
        op = type(self).__name__
        refuse(op, type(self).__init__, later, {})
        given = {name: plain(op, name, value) for name, value in arguments.items()}
        self._spec = _core.callback(json.dumps({"type": op, **given}))


class EarlyStopping(_Compiled):
    """End the run when a number stops getting better.

    Parameters
    ----------
    monitor
        A name in History; default "val_loss". One that is not there is a ValueError after the first epoch.
    min_delta
        By more than this a number must get better to count; default 0.
    patience
        Epochs without anything better after which the run ends; default 0.
    verbose
        1: print a line when it acts; default 0.
    mode
        "min", "max" or "auto" (default): losses and errors fall, accuracies rise.
    baseline
        Only what is better than this, too, starts the patience anew; default none.
    restore_best_weights
        Whether the model has the best epoch's weights when the run ends, also when all epochs were trained; default False. A
        copy of the weights is held meanwhile.
    start_from_epoch
        Earlier epochs, counted on the model, are not looked at; default 0.
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        min_delta: float = 0,
        patience: int = 0,
        verbose: int = 0,
        mode: str = "auto",
        baseline: float | None = None,
        restore_best_weights: bool = False,
        start_from_epoch: int = 0,
        **later: object,
    ) -> None:
        arguments = {
            "monitor": monitor,
            "min_delta": min_delta,
            "patience": patience,
            "verbose": verbose,
            "mode": mode,
            "baseline": baseline,
            "restore_best_weights": restore_best_weights,
            "start_from_epoch": start_from_epoch,
        }
        super().__init__(arguments, later)

    @property
    def stopped_epoch(self) -> int:
        """The epoch that ended the last run; 0 when it trained all of them."""
        return int(self._spec.stopped_epoch)

    @property
    def best_epoch(self) -> int:
        """The last run's best epoch."""
        return int(self._spec.best_epoch)

    @property
    def best(self) -> float | None:
        """The last run's best number; None before the first."""
        best: float | None = self._spec.best
        return best

    @property
    def wait(self) -> int:
        """Epochs since there was something better."""
        return int(self._spec.wait)


class ModelCheckpoint(_Compiled):
    """Save the model while it is trained, as Model.save or save_weights does: safetensors.

    Parameters
    ----------
    filepath
        May hold {epoch} (from 1) and names of History, with formats: "{epoch:02d}-{val_loss:.2f}.safetensors". Its folder is
        made.
    monitor, mode, verbose
        As in EarlyStopping; for save_best_only.
    save_best_only
        Save only what is better than everything before, in earlier calls of fit too; default False.
    save_weights_only
        Save weights alone, default False.
    save_freq
        "epoch" (default), or a number of batches; then filepath may hold {batch}.
    initial_value_threshold
        What the first save must be better than; default none.
    """

    def __init__(
        self,
        filepath: Any,
        monitor: str = "val_loss",
        verbose: int = 0,
        save_best_only: bool = False,
        save_weights_only: bool = False,
        mode: str = "auto",
        save_freq: str | int = "epoch",
        initial_value_threshold: float | None = None,
        **later: object,
    ) -> None:
        arguments = {
            "filepath": target("ModelCheckpoint", filepath),
            "monitor": monitor,
            "verbose": verbose,
            "save_best_only": save_best_only,
            "save_weights_only": save_weights_only,
            "mode": mode,
            "save_freq": save_freq,
            "initial_value_threshold": initial_value_threshold,
        }
        super().__init__(arguments, later)

    @property
    def best(self) -> float | None:
        """The best number so far; None before the first."""
        best: float | None = self._spec.best
        return best


class CSVLogger(_Compiled):
    """Write a line an epoch: "epoch", then the names of History in alphabetical order.

    Parameters
    ----------
    filename
        The file; written anew by each fit.
    separator
        One character; default ",".
    append
        Go on behind what the file holds instead, with a header only where it was empty; default False.
    """

    def __init__(self, filename: Any, separator: str = ",", append: bool = False, **later: object) -> None:
        super().__init__({"filename": path("CSVLogger", filename), "separator": separator, "append": append}, later)


class ReduceLROnPlateau(_Compiled):
    """Lower the learning rate when a number stops getting better. History gets "learning_rate".

    Parameters
    ----------
    monitor, mode, verbose
        As in EarlyStopping.
    factor
        In [0, 1): the rate becomes max(rate*factor, min_lr); default 0.1.
    patience
        Epochs without anything better before that; default 10.
    min_delta
        By more than this a number must get better to count; default 1e-4.
    cooldown
        Epochs after it in which nothing is counted; default 0.
    min_lr
        Not lower than this; default 0.
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        factor: float = 0.1,
        patience: int = 10,
        verbose: int = 0,
        mode: str = "auto",
        min_delta: float = 1e-4,
        cooldown: int = 0,
        min_lr: float = 0.0,
        **later: object,
    ) -> None:
        arguments = {
            "monitor": monitor,
            "factor": factor,
            "patience": patience,
            "verbose": verbose,
            "mode": mode,
            "min_delta": min_delta,
            "cooldown": cooldown,
            "min_lr": min_lr,
        }
        super().__init__(arguments, later)

    @property
    def best(self) -> float | None:
        """The last run's best number; None before the first."""
        best: float | None = self._spec.best
        return best

    @property
    def wait(self) -> int:
        """Epochs since there was something better."""
        return int(self._spec.wait)

    @property
    def cooldown_counter(self) -> int:
        """Epochs in which nothing is counted yet."""
        return int(self._spec.cooldown_counter)


class LearningRateScheduler(Callback):
    """Set the learning rate at the start of each epoch. History gets "learning_rate".

    Parameters
    ----------
    schedule
        schedule(epoch, rate so far) -> rate, or schedule(epoch) -> rate. The run's bits are the same everywhere only where its
        numbers are: math.exp and NumPy's functions are not, products and quotients are.
    verbose
        1: print a line an epoch; default 0.
    """

    def __init__(self, schedule: Callable[..., float], verbose: int = 0) -> None:
        if not callable(schedule):
            raise TypeError(
                f"[LearningRateScheduler] schedule must be a function of epoch and rate; got {schedule!r}; give a function"
            )
        self.schedule = schedule
        self.verbose = whole("LearningRateScheduler", "verbose", verbose)

    def on_epoch_begin(self, epoch: int, logs: _Logs | None = None) -> None:
        """Set the rate."""
        now = self.model._cpp.learning_rate
        rate = self.schedule(epoch, now) if _takes(self.schedule, epoch, now) else self.schedule(epoch)
        if not isinstance(rate, (float, np.floating)):
            raise TypeError(
                f"[LearningRateScheduler] schedule must return a float; got {rate!r} for epoch {epoch}; return float(rate)"
            )
        self.model._cpp.learning_rate = float(rate)
        if self.verbose > 0:
            print(f"Epoch {epoch + 1}: learning rate set to {float(rate)}")

    def on_epoch_end(self, epoch: int, logs: _Logs | None = None) -> None:
        """Log the rate."""
        if logs is not None:
            logs["learning_rate"] = self.model._cpp.learning_rate


def _takes(function: Callable[..., object], *arguments: object) -> bool:
    """Whether a call with so many arguments is right; True where Python cannot tell."""
    try:
        signature(function).bind(*arguments)
    except ValueError:  # built in
        return True
    except TypeError:
        return False
    return True


class LambdaCallback(Callback):
    """Hooks as functions: LambdaCallback(on_epoch_end=lambda epoch, logs: print(epoch, logs)).

    Parameters
    ----------
    on_epoch_begin, on_epoch_end, on_train_begin, ...
        The hooks of Callback, by name.
    """

    def __init__(self, **hooks: Callable[..., None] | None) -> None:
        for name, hook in hooks.items():
            known = [n for n in dir(Callback) if n.startswith("on_")]
            if name not in known:
                hint = _core.did_you_mean(name, known)
                raise TypeError(f'[LambdaCallback] unknown hook; got "{name}"; it takes {", ".join(known)}{hint}')
            if hook is None:
                continue
            if not callable(hook):
                raise TypeError(f"[LambdaCallback] {name} must be a function; got {hook!r}; give a function")
            setattr(self, name, hook)


if not TYPE_CHECKING:
    __getattr__ = not_yet("callbacks", CALLBACKS, __all__)
