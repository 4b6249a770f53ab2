"""Optimizers: Keras's constructors and defaults, checked by C++ when they are made. An optimizer is a value, but for its
learning rate: make another one to change something.

All of them take

learning_rate
    Finite and not negative, or one of samebits.optimizers.schedules.
weight_decay
    Not negative: before each update w = w - w*weight_decay*learning_rate, for every weight; default none.
clipnorm
    More than 0: each weight's gradient is scaled down to this norm; default none.
clipvalue
    More than 0: each element of a gradient is put into [-clipvalue, clipvalue]; default none.
global_clipnorm
    More than 0: all gradients together are scaled down to this norm; default none. At most one of the three is given.
"""

from __future__ import annotations

import json
import weakref
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from .. import _core
from .._checks import Closed, finite, not_yet, not_yet_of, plain, refuse, text
from .._keras import OPTIMIZER, OPTIMIZERS
from . import schedules
from .schedules import LearningRateSchedule

if TYPE_CHECKING:
    from .._training import Trainable

__all__ = ["SGD", "Adam", "AdamW", "Optimizer", "RMSprop", "schedules"]

_LATER: Mapping[str, object] = {
    "use_ema": False,
    "ema_momentum": 0.99,
    "ema_overwrite_frequency": None,
    "loss_scale_factor": None,
    "gradient_accumulation_steps": None,
}


class Optimizer(Closed, many="optimizers"):
    """What all optimizers share."""

    __slots__ = ("_model", "_spec")
    _later: ClassVar[Mapping[str, object]] = {**_LATER, "name": None}

    _spec: _core.Optimizer
    _model: weakref.ref[Trainable] | None

    def __init__(self, arguments: Mapping[str, object], later: Mapping[str, object]) -> None:
        op = type(self).__name__
        refuse(op, type(self).__init__, later, self._later)
        rate = arguments["learning_rate"]
        if callable(rate) and not isinstance(rate, LearningRateSchedule):
            raise NotImplementedError(
                f"[{op}] functions as learning_rate are not implemented yet; got {rate!r}; use one of optimizers.schedules"
            )
        given = {name: plain(op, name, value) for name, value in arguments.items()}
        object.__setattr__(self, "_spec", _core.Optimizer(json.dumps({"type": op, **given})))
        object.__setattr__(self, "_model", None)

    def __setattr__(self, name: str, value: object) -> None:
        op = type(self).__name__
        if name == "learning_rate":
            object.__setattr__(self, name, value)
            return
        raise NotImplementedError(
            f"[{op}] changing an optimizer is not implemented yet; got {name}={value!r}; compile with another one"
        )

    @property
    def learning_rate(self) -> float:
        """The step size of the next step. May be set unless a schedule rules it (TypeError)."""
        model = self._of()
        if model is not None:
            return model._cpp.learning_rate
        return _core.LearningRate(json.dumps(self.get_config()["learning_rate"])).at(0)

    @learning_rate.setter
    def learning_rate(self, value: float) -> None:
        op, config = type(self).__name__, self.get_config()
        rate = finite(op, "learning_rate", value)
        if isinstance(config["learning_rate"], dict):
            raise TypeError(
                f"[{op}] a schedule sets the rate of this optimizer; got learning_rate={rate}; compile with a number to set it"
            )
        spec = _core.Optimizer(json.dumps({"type": op, **config, "learning_rate": rate}))
        model = self._of()
        if model is not None:
            model._cpp.learning_rate = rate
        object.__setattr__(self, "_spec", spec)

    @property
    def iterations(self) -> int:
        """How many steps it has made."""
        model = self._of()
        return 0 if model is None else model._cpp.iterations

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """The arguments, as Keras has them: optimizer.momentum."""
            config = {} if name.startswith("_") else self.get_config()
            return config[name] if name in config else not_yet_of(self, name, OPTIMIZER, config)

    def _check_free(self, model: Trainable) -> None:
        """Refuse to serve two models: setting the rate would reach only one of them."""
        other = self._model() if self._model is not None else None
        if other is not None and other is not model and other._optimizer is self:
            raise ValueError(f"[compile] an optimizer belongs to one model; got {self!r} of {other!r}; make another one")

    def _bind(self, model: Trainable) -> None:
        """Belong to the model that was compiled with it last."""
        object.__setattr__(self, "_model", weakref.ref(model))

    def _of(self) -> Trainable | None:
        """The model, when it is built and this is its optimizer."""
        model = self._model() if self._model is not None else None
        return model if model is not None and model._optimizer is self and model._cpp.built else None

    def get_config(self) -> dict[str, Any]:
        """Return the arguments with defaults filled in, as the constructor takes them."""
        config: dict[str, Any] = json.loads(self._spec.to_json())
        del config["type"]
        return config

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Optimizer:
        """Make an optimizer from what get_config() returned."""
        return cls(**config)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.get_config().items())})"


class SGD(Optimizer):
    """Gradient descent: w = w - lr*g; with momentum m = momentum*m - lr*g and w = w + m.

    Parameters
    ----------
    learning_rate
        Default 0.01.
    momentum
        In [0, 1]; default 0.
    nesterov
        w = w + momentum*m - lr*g instead; default False.
    weight_decay, clipnorm, clipvalue, global_clipnorm
        See samebits.optimizers.
    """

    __slots__ = ()

    def __init__(
        self,
        learning_rate: float | LearningRateSchedule = 0.01,
        momentum: float = 0.0,
        nesterov: bool = False,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        **later: object,
    ) -> None:
        arguments: dict[str, object] = {
            "learning_rate": learning_rate,
            "momentum": momentum,
            "nesterov": nesterov,
            "weight_decay": weight_decay,
        }
        super().__init__(arguments | _clips(clipnorm, clipvalue, global_clipnorm), later)


class Adam(Optimizer):
    """Adam (Kingma and Ba 2015) in Keras's form: w = w - lr*sqrt(1 - b2^t)/(1 - b1^t) * m/(sqrt(v) + epsilon).

    Parameters
    ----------
    learning_rate
        Default 0.001.
    beta_1, beta_2
        In [0, 1); default 0.9 and 0.999.
    epsilon
        Finite and not negative; default 1e-7.
    amsgrad
        Not implemented yet.
    weight_decay, clipnorm, clipvalue, global_clipnorm
        See samebits.optimizers.
    """

    __slots__ = ()

    def __init__(
        self,
        learning_rate: float | LearningRateSchedule = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        amsgrad: bool = False,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        **later: object,
    ) -> None:
        arguments: dict[str, object] = {"learning_rate": learning_rate, "beta_1": beta_1, "beta_2": beta_2, "epsilon": epsilon}
        arguments |= {"amsgrad": amsgrad, "weight_decay": weight_decay}
        super().__init__(arguments | _clips(clipnorm, clipvalue, global_clipnorm), later)


class AdamW(Optimizer):
    """Adam with decoupled weight decay (Loshchilov and Hutter 2019).

    Parameters
    ----------
    weight_decay
        Not negative; default 0.004.
    learning_rate, beta_1, beta_2, epsilon, amsgrad
        As in Adam.
    clipnorm, clipvalue, global_clipnorm
        See samebits.optimizers.
    """

    __slots__ = ()

    def __init__(
        self,
        learning_rate: float | LearningRateSchedule = 0.001,
        weight_decay: float = 0.004,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        amsgrad: bool = False,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        **later: object,
    ) -> None:
        arguments: dict[str, object] = {
            "learning_rate": learning_rate,
            "weight_decay": weight_decay,
            "beta_1": beta_1,
            "beta_2": beta_2,
        }
        arguments |= {"epsilon": epsilon, "amsgrad": amsgrad}
        super().__init__(arguments | _clips(clipnorm, clipvalue, global_clipnorm), later)


class RMSprop(Optimizer):
    """RMSprop (Tieleman and Hinton 2012): v = rho*v + (1 - rho)*g^2, w = w - d, d = lr*g/sqrt(v + epsilon).

    Parameters
    ----------
    learning_rate
        Default 0.001.
    rho
        In [0, 1]; default 0.9.
    momentum
        In [0, 1]; more than 0: m = momentum*m + d and w = w - m; default 0.
    epsilon
        Finite and not negative; default 1e-7.
    centered
        Not implemented yet.
    weight_decay, clipnorm, clipvalue, global_clipnorm
        See samebits.optimizers.
    """

    __slots__ = ()

    def __init__(
        self,
        learning_rate: float | LearningRateSchedule = 0.001,
        rho: float = 0.9,
        momentum: float = 0.0,
        epsilon: float = 1e-7,
        centered: bool = False,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        **later: object,
    ) -> None:
        arguments: dict[str, object] = {"learning_rate": learning_rate, "rho": rho, "momentum": momentum, "epsilon": epsilon}
        arguments |= {"centered": centered, "weight_decay": weight_decay}
        super().__init__(arguments | _clips(clipnorm, clipvalue, global_clipnorm), later)


def _clips(clipnorm: float | None, clipvalue: float | None, global_clipnorm: float | None) -> dict[str, object]:
    return {"clipnorm": clipnorm, "clipvalue": clipvalue, "global_clipnorm": global_clipnorm}


def get(value: object) -> Optimizer:
    """An optimizer from itself or from its name."""
    if isinstance(value, Optimizer):
        return value
    if not isinstance(value, str):
        raise TypeError(
            f"[compile] optimizer must be a name or an optimizer of samebits.optimizers; got {value!r}; choose one of these"
        )
    return from_spec(_core.Optimizer(json.dumps(text("compile", "optimizer", value))))


def from_spec(spec: _core.Optimizer) -> Optimizer:
    """The same optimizer as a Python object."""
    config = json.loads(spec.to_json())
    kind: type[Optimizer] = {"SGD": SGD, "Adam": Adam, "AdamW": AdamW, "RMSprop": RMSprop}[config.pop("type")]
    return kind.from_config(config)


if not TYPE_CHECKING:
    __getattr__ = not_yet("optimizers", OPTIMIZERS, __all__)
