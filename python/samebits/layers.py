"""Layers: Keras's constructors, checked by C++ when they are made.

Every constructor takes `name` (default: chosen by the model, "dense", "dense_1", ...) and, for the first layer of a
Sequential, `input_shape` (of one sample). It raises ValueError for a value that breaks a rule, TypeError for a wrong type or
an unknown argument, and NotImplementedError for an argument that Keras has and samebits has not yet.
"""

from __future__ import annotations

import json
import weakref
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeAlias

from . import _core
from ._arrays import ArrayLike, FloatArray
from ._checks import not_yet, plain, refuse, shape
from ._keras import LAYERS

if TYPE_CHECKING:
    from ._model import Model
    from ._variable import Variable

__all__ = [
    "Activation",
    "Conv2D",
    "Convolution2D",
    "Dense",
    "Dropout",
    "Flatten",
    "InputLayer",
    "Layer",
    "MaxPool2D",
    "MaxPooling2D",
]

_Pair: TypeAlias = int | Sequence[int]
_Padding: TypeAlias = Literal["valid", "same"]

# Keras's arguments of every layer, and of layers with a kernel and a bias, that are not here yet.
_BASE: Mapping[str, object] = {"activity_regularizer": None, "dtype": "float32", "trainable": True, "autocast": True}
_KERNEL: Mapping[str, object] = {
    **_BASE,
    "kernel_regularizer": None,
    "bias_regularizer": None,
    "kernel_constraint": None,
    "bias_constraint": None,
    "lora_rank": None,
    "lora_alpha": None,
    "quantization_config": None,
}


class Layer:
    """A kind of layer and its arguments. It belongs to one model once it was added to it."""

    __slots__ = ("__weakref__", "_input_shape", "_owner", "_spec")
    _later: ClassVar[Mapping[str, object]] = _BASE

    def __init__(
        self, arguments: Mapping[str, object], later: Mapping[str, object], input_shape: Sequence[int] | None = None
    ) -> None:
        op = type(self).__name__
        if op == "Layer":
            raise NotImplementedError("[Layer] layers of your own are not implemented yet; got Layer(...); combine those here")
        refuse(op, type(self).__init__, later, self._later)
        given = {name: plain(op, name, value) for name, value in arguments.items() if value is not None}
        self._spec = _core.Layer(json.dumps({"type": op, **given}))
        self._input_shape = None if input_shape is None else shape(op, "input_shape", input_shape)
        self._owner: weakref.ref[Model] | None = None

    @property
    def name(self) -> str | None:
        """The name: as given, else as the model chose it; None before the model is built."""
        model = self._model()
        names = {} if model is None else model._names()
        return names.get(id(self)) or self._spec.name or None

    @property
    def weights(self) -> list[Variable]:
        """The weights of this layer in its model; empty before the model is built."""
        model = self._model()
        return [] if model is None else [w for w in model.weights if w.path.rpartition("/")[0] == self.name]

    @property
    def trainable(self) -> bool:
        """Whether training changes the weights: always True; setting it is not implemented yet."""
        return True

    @trainable.setter
    def trainable(self, value: bool) -> None:
        if not value:
            raise NotImplementedError(f"[{type(self).__name__}] frozen layers are not implemented yet; got trainable={value!r}")

    def get_weights(self) -> list[FloatArray]:
        """Return copies of the weights."""
        return [w.numpy() for w in self.weights]

    def set_weights(self, weights: Sequence[ArrayLike]) -> None:
        """Set the weights of this layer, as Model.set_weights does."""
        model = self._model()
        if model is None:
            raise ValueError(f"[set_weights] the layer is in no model; got {self!r}; add it to one first")
        mine = [w.path for w in self.weights]
        if len(mine) != len(weights):
            raise ValueError(f"[set_weights] the layer has {len(mine)} weights; got {len(weights)}")
        new = dict(zip(mine, weights, strict=True))
        model.set_weights([new.get(w.path, old) for w, old in zip(model.weights, model.get_weights(), strict=True)])

    def get_config(self) -> dict[str, Any]:
        """Return the arguments with defaults filled in, as the constructor takes them."""
        config: dict[str, Any] = json.loads(self._spec.to_json())
        del config["type"]
        return {name: None if value == "" else value for name, value in config.items()}

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Layer:
        """Make a layer from what get_config() returned."""
        return cls(**config)

    def __repr__(self) -> str:
        arguments = ", ".join(f"{name}={value!r}" for name, value in self.get_config().items() if value is not None)
        return f"{type(self).__name__}({arguments})"

    def __call__(self, *inputs: object, **options: object) -> None:
        """Not implemented yet: the functional front."""
        raise NotImplementedError(f"[{type(self).__name__}] calling a layer is not implemented yet; got a call; use Sequential")

    def _model(self) -> Model | None:
        return self._owner() if self._owner is not None else None


class InputLayer(Layer):
    """The shape of one sample, as the first element of a Sequential. `samebits.Input` is the same.

    Parameters
    ----------
    shape
        Without the batch: (28, 28, 1). Every dimension at least 1.
    """

    __slots__ = ()
    _later: ClassVar[Mapping[str, object]] = {
        "batch_size": None,
        "dtype": "float32",
        "sparse": None,
        "ragged": None,
        "batch_shape": None,
        "optional": False,
    }

    def __init__(self, shape: Sequence[int], *, name: str | None = None, **later: object) -> None:
        super().__init__({"shape": shape, "name": name}, later)


def Input(shape: Sequence[int], *, name: str | None = None, **later: object) -> InputLayer:  # noqa: N802
    """The shape of one sample, as the first element of a Sequential: see `layers.InputLayer`."""
    return InputLayer(shape, name=name, **later)


class Dense(Layer):
    """y = activation(x W + b) over the last axis: (B, ..., C) -> (B, ..., units).

    Weights: kernel (C, units), bias (units,).

    Parameters
    ----------
    units
        At least 1.
    activation
        None (linear), "linear", "relu", "tanh", "sigmoid" or "softmax".
    use_bias
        Default True.
    kernel_initializer, bias_initializer
        Names; default "glorot_uniform" and "zeros".
    """

    __slots__ = ()
    _later = _KERNEL

    def __init__(
        self,
        units: int,
        activation: str | None = None,
        use_bias: bool = True,
        kernel_initializer: str = "glorot_uniform",
        bias_initializer: str = "zeros",
        *,
        name: str | None = None,
        input_shape: Sequence[int] | None = None,
        **later: object,
    ) -> None:
        arguments = {
            "units": units,
            "activation": activation,
            "use_bias": use_bias,
            "kernel_initializer": kernel_initializer,
            "bias_initializer": bias_initializer,
            "name": name,
        }
        super().__init__(arguments, later, input_shape)


class Conv2D(Layer):
    """2-D convolution, channels last: (B, H, W, C) -> (B, P, Q, filters).

    Weights: kernel (R, S, C, filters), bias (filters,).

    Parameters
    ----------
    filters
        At least 1.
    kernel_size, strides
        One number or (height, width), at least 1; strides default to 1.
    padding
        "valid" (default) or "same", with Keras's meaning.
    activation, use_bias, kernel_initializer, bias_initializer
        As in Dense.
    algorithm
        "auto" (default) or "direct". Both compute by the direct sum today; "winograd2" and "winograd4" are not here yet.
    data_format, dilation_rate, groups
        Only "channels_last", 1 and 1.
    """

    __slots__ = ()
    _later = _KERNEL

    def __init__(
        self,
        filters: int,
        kernel_size: _Pair,
        strides: _Pair = (1, 1),
        padding: _Padding = "valid",
        data_format: Literal["channels_last"] | None = None,
        dilation_rate: _Pair = (1, 1),
        groups: int = 1,
        activation: str | None = None,
        use_bias: bool = True,
        kernel_initializer: str = "glorot_uniform",
        bias_initializer: str = "zeros",
        *,
        algorithm: Literal["auto", "direct"] = "auto",
        name: str | None = None,
        input_shape: Sequence[int] | None = None,
        **later: object,
    ) -> None:
        _only("Conv2D", "data_format", data_format, [None, "channels_last"])
        _only("Conv2D", "dilation_rate", dilation_rate, [1, [1, 1]])
        _only("Conv2D", "groups", groups, [1])
        _only("Conv2D", "algorithm", algorithm, ["auto", "direct"], later=["winograd2", "winograd4"])
        arguments = {
            "filters": filters,
            "kernel_size": kernel_size,
            "strides": strides,
            "padding": padding,
            "activation": activation,
            "use_bias": use_bias,
            "kernel_initializer": kernel_initializer,
            "bias_initializer": bias_initializer,
            "name": name,
        }
        super().__init__(arguments, later, input_shape)


class MaxPooling2D(Layer):
    """The largest value of each window, channels last: (B, H, W, C) -> (B, P, Q, C).

    Parameters
    ----------
    pool_size
        One number or (height, width), at least 1; default 2.
    strides
        Likewise; default: pool_size.
    padding
        "valid" (default) or "same"; padded cells never win.
    data_format
        Only "channels_last".
    """

    __slots__ = ()

    def __init__(
        self,
        pool_size: _Pair = (2, 2),
        strides: _Pair | None = None,
        padding: _Padding = "valid",
        data_format: Literal["channels_last"] | None = None,
        *,
        name: str | None = None,
        input_shape: Sequence[int] | None = None,
        **later: object,
    ) -> None:
        _only("MaxPooling2D", "data_format", data_format, [None, "channels_last"])
        if plain("MaxPooling2D", "strides", strides) in (0, [0, 0]):  # C++'s word for "not given"
            raise ValueError(f"[MaxPooling2D] strides must be at least 1; got strides={strides!r}; leave it out for pool_size")
        arguments = {"pool_size": pool_size, "strides": strides, "padding": padding, "name": name}
        super().__init__(arguments, later, input_shape)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments with defaults filled in, as the constructor takes them."""
        config = super().get_config()
        if config["strides"] == [0, 0]:
            config["strides"] = config["pool_size"]
        return config


class Flatten(Layer):
    """(B, ...) -> (B, product of the rest), row by row; channels stay the fastest.

    Parameters
    ----------
    data_format
        Only "channels_last".
    """

    __slots__ = ()

    def __init__(
        self,
        data_format: Literal["channels_last"] | None = None,
        *,
        name: str | None = None,
        input_shape: Sequence[int] | None = None,
        **later: object,
    ) -> None:
        _only("Flatten", "data_format", data_format, [None, "channels_last"])
        super().__init__({"name": name}, later, input_shape)


class Dropout(Layer):
    """While training, zeroes a fraction of the elements and divides the others by what is left; else passes them on.

    Which ones is drawn from the model's seed, the layer's name, the step, the place in the batch and the element.

    Parameters
    ----------
    rate
        In [0, 1).
    noise_shape, seed
        Not implemented yet.
    """

    __slots__ = ()
    _later: ClassVar[Mapping[str, object]] = {**_BASE, "noise_shape": None, "seed": None}

    def __init__(
        self, rate: float, *, name: str | None = None, input_shape: Sequence[int] | None = None, **later: object
    ) -> None:
        super().__init__({"rate": rate, "name": name}, later, input_shape)


class Activation(Layer):
    """An activation as a layer of its own.

    Parameters
    ----------
    activation
        "linear", "relu", "tanh", "sigmoid" or "softmax" (over the last axis).
    """

    __slots__ = ()

    def __init__(
        self, activation: str, *, name: str | None = None, input_shape: Sequence[int] | None = None, **later: object
    ) -> None:
        super().__init__({"activation": activation, "name": name}, later, input_shape)


Convolution2D = Conv2D
MaxPool2D = MaxPooling2D

_KINDS: Mapping[str, type[Layer]] = {
    kind.__name__: kind for kind in (Activation, Conv2D, Dense, Dropout, Flatten, InputLayer, MaxPooling2D)
}


def from_json(config: Mapping[str, Any]) -> Layer:
    """Make a layer from C++'s description of it."""
    arguments = dict(config)
    if arguments.get("strides") == [0, 0]:
        del arguments["strides"]
    return _KINDS[arguments.pop("type")].from_config(arguments)


def _only(op: str, name: str, value: object, here: list[object], later: Sequence[object] | None = None) -> None:
    """Refuse a value that is not among those here yet; `later`: which others exist at all (default: any)."""
    got = plain(op, name, value)
    if got in here and not isinstance(got, bool):
        return
    if later is None or got in later:
        raise NotImplementedError(f"[{op}] {name} is not implemented yet; got {name}={value!r}; leave it out")
    raise ValueError(f"[{op}] {name} must be one of {[*here, *later]}; got {name}={value!r}")


if not TYPE_CHECKING:
    __getattr__ = not_yet("layers", LAYERS, __all__)
