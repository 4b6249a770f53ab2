"""What every layer has: its arguments, checked by C++ when it is made, its name and its weights in its model."""

from __future__ import annotations

import json
import weakref
from collections.abc import Mapping, Sequence
from math import prod
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeAlias

from .. import _core
from .._arrays import ArrayLike, FloatArray
from .._checks import Closed, not_yet_of, plain, refuse, shape
from .._keras import LAYER
from .._symbols import SymbolicTensor, symbols
from ..initializers import Initializer
from ..regularizers import Regularizer

if TYPE_CHECKING:
    from .._model import Model
    from .._variable import Variable

Pair: TypeAlias = int | Sequence[int]
Padding: TypeAlias = Literal["valid", "same"]
DataFormat: TypeAlias = Literal["channels_last"] | None
InitializerLike: TypeAlias = str | Initializer
RegularizerLike: TypeAlias = str | Regularizer | None

# Keras's arguments of every layer, and of layers with a kernel and a bias, that are not here yet.
BASE: Mapping[str, object] = {"activity_regularizer": None, "dtype": "float32", "trainable": True, "autocast": True}
KERNEL: Mapping[str, object] = {
    **BASE,
    "kernel_constraint": None,
    "bias_constraint": None,
    "lora_rank": None,
    "lora_alpha": None,
    "quantization_config": None,
}


class Layer(Closed, many="layers"):
    """A kind of layer and its arguments. It belongs to one model once it was added to it."""

    __slots__ = ("__weakref__", "_input_shape", "_owner", "_spec")
    _later: ClassVar[Mapping[str, object]] = BASE

    def __init__(
        self, arguments: Mapping[str, object], later: Mapping[str, object], input_shape: Sequence[int] | None = None
    ) -> None:
        op = type(self).__name__
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
            raise NotImplementedError(
                f"[{type(self).__name__}] frozen layers are not implemented yet; got trainable={value!r}; leave it out"
            )

    @property
    def trainable_weights(self) -> list[Variable]:
        """The weights that training changes."""
        return [w for w in self.weights if w.trainable]

    @property
    def non_trainable_weights(self) -> list[Variable]:
        """The other ones: BatchNormalization's moving ones."""
        return [w for w in self.weights if not w.trainable]

    variables = weights
    trainable_variables = trainable_weights
    non_trainable_variables = non_trainable_weights

    def count_params(self) -> int:
        """Return the number of the weights' elements; 0 before the model is built."""
        return sum(prod(w.shape) for w in self.weights)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            not_yet_of(self, name, LAYER)

    def get_weights(self) -> list[FloatArray]:
        """Return copies of the weights."""
        return [w.numpy() for w in self.weights]

    def set_weights(self, weights: Sequence[ArrayLike]) -> None:
        """Set the weights of this layer, as Model.set_weights does."""
        model = self._model()
        if model is None:
            raise ValueError(f"[set_weights] the layer is in no model; got {self!r}; add it to one first")
        if not isinstance(weights, Sequence):
            raise TypeError(f"[set_weights] weights must be a list of arrays; got {type(weights).__name__}; give a list")
        mine = [w.path for w in self.weights]
        if len(mine) != len(weights):
            raise ValueError(f"[set_weights] the layer has {len(mine)} weights; got {len(weights)}; give one array for each")
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

    def __call__(self, inputs: Any, **options: object) -> SymbolicTensor:
        """Use the layer on symbolic tensors (samebits.Input): one, or a list of them. Called again it shares its weights.

        Raises
        ------
        ValueError
            When shapes cannot meet.
        TypeError
            For what is no symbolic tensor: predict() computes on arrays.
        """
        op = type(self).__name__
        for name in options:
            raise NotImplementedError(f"[{op}] arguments of a call are not implemented yet; got {name}; leave it out")
        called = self._spec.name
        given = symbols(op, f'"{called}": inputs' if called else "inputs", inputs)
        if self._input_shape is not None:
            raise ValueError(
                f"[{op}] input_shape is for the first layer of a Sequential; got a call on {given[0]!r}; use samebits.Input"
            )
        return SymbolicTensor(self._spec([x._symbol for x in given]), self, given)

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
        **BASE,
        "batch_size": None,
        "sparse": None,
        "ragged": None,
        "batch_shape": None,
        "input_tensor": None,
        "tensor": None,
        "optional": False,
    }

    def __init__(self, shape: Sequence[int] | None = None, *, name: str | None = None, **later: object) -> None:
        refuse("InputLayer", InputLayer.__init__, later, self._later)
        if shape is None:
            raise ValueError("[InputLayer] shape is needed; got shape=None; for example (28, 28, 1)")
        super().__init__({"shape": shape, "name": name}, {})


def Input(shape: Sequence[int] | None = None, *, name: str | None = None, **later: object) -> SymbolicTensor:  # noqa: N802
    """Samples of this shape: the start of a Model(inputs, outputs), or the first element of a Sequential.

    Parameters
    ----------
    shape
        Without the batch: (28, 28, 1). Every dimension at least 1.
    name
        Default: chosen by the model.
    """
    layer = InputLayer(shape, name=name, **later)
    return SymbolicTensor(_core.input(layer._spec), layer, ())


def only(op: str, name: str, value: object, here: list[object], later: Sequence[object] | None = None) -> None:
    """Refuse a value that is not among those here yet; `later`: which others exist at all (default: any)."""
    got = plain(op, name, value)
    if got in here and not isinstance(got, bool):
        return
    if later is None or got in later:
        raise NotImplementedError(f"[{op}] {name} is not implemented yet; got {name}={value!r}; leave it out")
    raise ValueError(f"[{op}] {name} must be one of {[*here, *later]}; got {name}={value!r}; choose one of them")
