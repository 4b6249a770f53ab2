"""Optimizers: Keras's constructors and defaults, checked by C++ when they are made. An optimizer is a value: make another
one to change something.
"""

from __future__ import annotations

import json
import weakref
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from . import _core
from ._checks import not_yet, number, plain, refuse, text
from ._keras import OPTIMIZERS

if TYPE_CHECKING:
    from ._training import Trainable

__all__ = ["SGD", "Adam", "Optimizer"]

_LATER: Mapping[str, object] = {
    "weight_decay": None,
    "clipnorm": None,
    "clipvalue": None,
    "global_clipnorm": None,
    "use_ema": False,
    "ema_momentum": 0.99,
    "ema_overwrite_frequency": None,
    "loss_scale_factor": None,
    "gradient_accumulation_steps": None,
}


class Optimizer:
    """What SGD and Adam share."""

    __slots__ = ("_model", "_spec")
    _later: ClassVar[Mapping[str, object]] = {**_LATER, "name": None}

    _spec: _core.Optimizer
    _model: weakref.ref[Trainable] | None

    def __init__(self, arguments: Mapping[str, object], later: Mapping[str, object]) -> None:
        op = type(self).__name__
        if op == "Optimizer":
            raise NotImplementedError("[Optimizer] optimizers of your own are not implemented yet; got Optimizer(...); use SGD")
        refuse(op, type(self).__init__, later, self._later)
        given = {name: plain(op, name, value) for name, value in arguments.items()}
        object.__setattr__(self, "_spec", _core.Optimizer(json.dumps({"type": op, **given})))
        object.__setattr__(self, "_model", None)

    def __setattr__(self, name: str, value: object) -> None:
        op = type(self).__name__
        if name == "learning_rate":
            self._set_learning_rate(number(op, name, value))
            return
        raise NotImplementedError(
            f"[{op}] changing an optimizer is not implemented yet; got {name}={value!r}; compile with another one"
        )

    @property
    def learning_rate(self) -> float:
        """The step size of the next step; may be set."""
        model = self._of()
        return float(self.get_config()["learning_rate"]) if model is None else model._cpp.learning_rate

    def _set_learning_rate(self, rate: float) -> None:
        config = {"type": type(self).__name__, **self.get_config(), "learning_rate": rate}
        spec = _core.Optimizer(json.dumps(config))
        model = self._of()
        if model is not None:
            model._cpp.learning_rate = rate
        object.__setattr__(self, "_spec", spec)

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
        Finite and not negative; default 0.01.
    momentum
        In [0, 1]; default 0.
    nesterov
        w = w + momentum*m - lr*g instead; default False.
    """

    __slots__ = ()

    def __init__(self, learning_rate: float = 0.01, momentum: float = 0.0, nesterov: bool = False, **later: object) -> None:
        super().__init__({"learning_rate": learning_rate, "momentum": momentum, "nesterov": nesterov}, later)


class Adam(Optimizer):
    """Adam (Kingma and Ba 2015) in Keras's form: w = w - lr*sqrt(1 - b2^t)/(1 - b1^t) * m/(sqrt(v) + epsilon).

    Parameters
    ----------
    learning_rate
        Finite and not negative; default 0.001.
    beta_1, beta_2
        In [0, 1); default 0.9 and 0.999.
    epsilon
        Finite and not negative; default 1e-7.
    amsgrad
        Not implemented yet.
    """

    __slots__ = ()
    _later: ClassVar[Mapping[str, object]] = {**Optimizer._later, "amsgrad": False}

    def __init__(
        self,
        learning_rate: float = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        **later: object,
    ) -> None:
        arguments = {"learning_rate": learning_rate, "beta_1": beta_1, "beta_2": beta_2, "epsilon": epsilon}
        super().__init__(arguments, later)


def get(value: object) -> Optimizer:
    """An optimizer from itself or from its name."""
    if isinstance(value, Optimizer):
        return value
    if not isinstance(value, str):
        raise TypeError(f"[compile] optimizer must be a name or an optimizer of samebits.optimizers; got {value!r}")
    return from_spec(_core.Optimizer(json.dumps(text("compile", "optimizer", value))))


def from_spec(spec: _core.Optimizer) -> Optimizer:
    """The same optimizer as a Python object."""
    config = json.loads(spec.to_json())
    kind: type[Optimizer] = {"SGD": SGD, "Adam": Adam}[config.pop("type")]
    return kind.from_config(config)


if not TYPE_CHECKING:
    __getattr__ = not_yet("optimizers", OPTIMIZERS, __all__)
