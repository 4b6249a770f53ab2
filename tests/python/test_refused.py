"""What is refused, by which exception, in which words; and that the model is as it was."""

import copy
import gc
import pickle
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import samebits as sb
from support import blobs, cnn, mlp, state

X, Y = blobs(20)
L = sb.layers
SPARSE = "sparse_categorical_crossentropy"


def refused(error: type[Exception], op: str, words: str, call: Callable[[], object]) -> str:
    """The call raises exactly `error` with `[op] rule; got ...; do ...`."""
    with pytest.raises(error) as caught:
        call()
    text = str(caught.value)
    assert caught.type is error, f"{caught.type.__name__}: {text}"
    assert re.match(rf"\[{op}[^\]]*\] .+; got .+; .+", text, re.DOTALL), text
    assert re.search(words, text), text
    return text


LAYERS: list[tuple[type[Exception], str, str, Callable[[], object]]] = [
    (ValueError, "Dense", "units=0", lambda: L.Dense(0)),
    (ValueError, "Dense", "units=-3", lambda: L.Dense(-3)),
    (TypeError, "Dense", "units=2.5", lambda: L.Dense(2.5)),  # type: ignore[arg-type]
    (TypeError, "Dense", "units=true", lambda: L.Dense(True)),
    (TypeError, "Dense", 'units="10"', lambda: L.Dense("10")),  # type: ignore[arg-type]
    (TypeError, "Dense", "units", lambda: L.Dense(2**80)),
    (ValueError, "Dense", 'did you mean "relu"', lambda: L.Dense(3, activation="rellu")),
    (NotImplementedError, "Dense", "selu", lambda: L.Dense(3, activation="selu")),
    (TypeError, "Dense", "activation", lambda: L.Dense(3, activation=3)),  # type: ignore[arg-type]
    (ValueError, "Dense", "UTF-8", lambda: L.Dense(3, activation="\ud800")),
    (TypeError, "Dense", "name=5", lambda: L.Dense(3, name=5)),  # type: ignore[arg-type]
    (ValueError, "Dense", 'did you mean "glorot_uniform"', lambda: L.Dense(3, kernel_initializer="glorot_unifrom")),
    (TypeError, "Dense", "use_bias=1", lambda: L.Dense(3, use_bias=1)),  # type: ignore[arg-type]
    (TypeError, "Dense", 'did you mean "units"', lambda: L.Dense(3, unit=4)),
    (TypeError, "Dense", r"use input_shape=\(n,\)$", lambda: L.Dense(3, input_dim=4)),
    (TypeError, "Add", "it takes name$", lambda: L.Add(input_dim=4)),
    (ValueError, "Dense", "unknown regularizer", lambda: L.Dense(3, kernel_regularizer="l3")),
    (ValueError, "Dense", "l2=-1", lambda: L.Dense(3, kernel_regularizer=sb.regularizers.L2(-1.0))),
    (ValueError, "Dense", "stddev=-1", lambda: L.Dense(3, kernel_initializer=sb.initializers.RandomNormal(stddev=-1))),
    (NotImplementedError, "Dense", "kernel_constraint", lambda: L.Dense(3, kernel_constraint="max_norm")),
    (NotImplementedError, "Dense", "trainable=False", lambda: L.Dense(3, trainable=False)),
    (NotImplementedError, "Dense", "float16", lambda: L.Dense(3, dtype="float16")),
    (TypeError, "Dense", "input_shape=5", lambda: L.Dense(3, input_shape=5)),  # type: ignore[arg-type]
    (ValueError, "Conv2D", "filters=0", lambda: L.Conv2D(0, 3)),
    (ValueError, "Conv2D", "kernel_size", lambda: L.Conv2D(2, 0)),
    (ValueError, "Conv2D", "kernel_size", lambda: L.Conv2D(2, (3, -1))),
    (TypeError, "Conv2D", "kernel_size", lambda: L.Conv2D(2, (3, 3, 3))),
    (TypeError, "Conv2D", "kernel_size", lambda: L.Conv2D(2, 3.0)),  # type: ignore[arg-type]
    (ValueError, "Conv2D", "strides", lambda: L.Conv2D(2, 3, strides=0)),
    (ValueError, "Conv2D", 'got padding="sane"', lambda: L.Conv2D(2, 3, padding="sane")),  # type: ignore[arg-type]
    (ValueError, "Conv2D", "dilation_rate", lambda: L.Conv2D(2, 3, strides=2, dilation_rate=2)),
    (NotImplementedError, "Conv2D", "groups", lambda: L.Conv2D(2, 3, groups=2)),
    (NotImplementedError, "Conv2D", "channels_first", lambda: L.Conv2D(2, 3, data_format="channels_first")),  # type: ignore[arg-type]
    (ValueError, "Conv2D", "3x3", lambda: L.Conv2D(2, 5, algorithm="winograd4")),
    (ValueError, "Conv2D", "strides", lambda: L.Conv2D(2, 3, strides=2, algorithm="winograd2")),
    (ValueError, "Conv2D", "fast", lambda: L.Conv2D(2, 3, algorithm="fast")),  # type: ignore[arg-type]
    (ValueError, "MaxPooling2D", "pool_size", lambda: L.MaxPooling2D(0)),
    (ValueError, "MaxPooling2D", "strides", lambda: L.MaxPooling2D(2, strides=0)),
    (ValueError, "MaxPooling2D", "strides", lambda: L.MaxPooling2D(2, strides=(1, -1))),
    (ValueError, "Dropout", "rate=1", lambda: L.Dropout(1.0)),
    (ValueError, "Dropout", "rate=-0.1", lambda: L.Dropout(-0.1)),
    (ValueError, "Dropout", "rate=nan", lambda: L.Dropout(float("nan"))),
    (TypeError, "Dropout", "rate", lambda: L.Dropout("half")),  # type: ignore[arg-type]
    (NotImplementedError, "Dropout", "seed=3", lambda: L.Dropout(0.5, seed=3)),
    (ValueError, "Activation", "swosh", lambda: L.Activation("swosh")),
    (NotImplementedError, "Dense", "IdentityInitializer", lambda: L.Dense(2, kernel_initializer="IdentityInitializer")),
    (NotImplementedError, "Activation", "functions", lambda: L.Activation(np.tanh)),  # type: ignore[arg-type]
    (NotImplementedError, "Dense", "activation=<function", lambda: L.Dense(3, activation=lambda x: x)),  # type: ignore[arg-type, return-value]
    (NotImplementedError, "Dense", "kernel_initializer", lambda: L.Dense(3, kernel_initializer=sb.initializers.Zeros)),  # type: ignore[arg-type]
    (NotImplementedError, "Dense", "regularizer", lambda: L.Dense(3, kernel_regularizer=sb.regularizers.L2)),  # type: ignore[arg-type]
    (TypeError, "Dense", "units", lambda: L.Dense(len)),  # type: ignore[arg-type]
    (NotImplementedError, "LayerNormalization", r"axis=\[1,2\]", lambda: L.LayerNormalization(axis=[1, 2])),  # type: ignore[arg-type]
    (NotImplementedError, "Softmax", r"axis=\[-2,-1\]", lambda: L.Softmax(axis=(-2, -1))),  # type: ignore[arg-type]
    (NotImplementedError, "Rescaling", r"scale=\[1.0,2.0\]", lambda: L.Rescaling([1.0, 2.0])),  # type: ignore[arg-type]
    (NotImplementedError, "Rescaling", r"offset=\[\]", lambda: L.Rescaling(1.0, [])),  # type: ignore[arg-type]
    (TypeError, "BatchNormalization", "axis", lambda: L.BatchNormalization(axis=[-1])),  # type: ignore[arg-type]
    (ValueError, "Input", "shape", lambda: sb.Input(shape=())),
    (ValueError, "Input", "shape", lambda: sb.Input(shape=(3, 0))),
    (ValueError, "shape|Input", "", lambda: sb.Input(shape=(2**40, 2**40))),
    (TypeError, "InputLayer", "null", lambda: sb.Input(shape=(None, 3))),  # type: ignore[arg-type]
    (NotImplementedError, "InputLayer", "batch_size=8", lambda: sb.Input(shape=(3,), batch_size=8)),
    (NotImplementedError, "Layer", "", lambda: L.Layer({}, {})),
    (TypeError, "Dense", "Input", lambda: L.Dense(3)(X)),
    (ValueError, "Conv2D", r"\(None, 2, 2, 1\)", lambda: sb.Sequential([sb.Input((2, 2, 1)), L.Conv2D(1, 3)])),
    (ValueError, "MaxPooling2D", r"\(None, 4\)", lambda: sb.Sequential([sb.Input((4,)), L.MaxPooling2D(2)])),
    (ValueError, "Sequential", "input", lambda: sb.Sequential([L.Dense(2), sb.Input((3,))])),
    (ValueError, "Sequential", "input_shape", lambda: sb.Sequential([L.Dense(2), L.Dense(2, input_shape=(3,))])),
    (TypeError, "Sequential", "Dense", lambda: sb.Sequential(["Dense"])),  # type: ignore[list-item]
    (TypeError, "Sequential", "Dense", lambda: sb.Sequential(L.Dense(2))),  # type: ignore[arg-type]
    (NotImplementedError, "Sequential", "model in a model", lambda: sb.Sequential([cnn()])),  # type: ignore[list-item]
    (ValueError, "Sequential", "UTF-8", lambda: sb.Sequential(name="\ud800")),
    (TypeError, "Sequential", "seed=1.5", lambda: sb.Sequential(seed=1.5)),  # type: ignore[arg-type]
    (ValueError, "Sequential", "seed=-1", lambda: sb.Sequential(seed=-1)),
    (ValueError, "Sequential", "seed", lambda: sb.Sequential(seed=2**64)),
    (TypeError, "set_random_seed", "None", lambda: sb.utils.set_random_seed(None)),  # type: ignore[arg-type]
    (TypeError, "Model", "inputs", lambda: sb.Model(1, 2)),
    (
        ValueError,
        "",
        "two|same|equal|name",
        lambda: sb.Sequential([sb.Input((3,)), L.Dense(2, name="a"), L.Dense(2, name="a")]),
    ),
]


@pytest.mark.parametrize(("error", "op", "words", "call"), LAYERS, ids=range(len(LAYERS)))
def test_making(error: type[Exception], op: str, words: str, call: Callable[[], object]) -> None:
    refused(error, op, words, call)


def test_a_list_of_one_number_is_the_number() -> None:
    for made, same in [
        (L.LayerNormalization(axis=[-1]), L.LayerNormalization()),  # type: ignore[arg-type]
        (L.Softmax(axis=(-1,)), L.Softmax()),  # type: ignore[arg-type]
        (L.Rescaling([0.5], [1.0]), L.Rescaling(0.5, 1.0)),  # type: ignore[arg-type]
    ]:
        assert made.get_config() == same.get_config()


@pytest.mark.parametrize(
    ("name", "same"), [("zero", "zeros"), ("one", "ones"), ("normal", "random_normal"), ("uniform", "random_uniform")]
)
def test_keras_short_names_of_initializers(name: str, same: str) -> None:
    assert L.Dense(2, kernel_initializer=name).get_config() == L.Dense(2, kernel_initializer=same).get_config()


def test_a_layer_belongs_to_one_model() -> None:
    layer = L.Dense(2, input_shape=(3,))
    model = sb.Sequential([layer])
    refused(NotImplementedError, "Sequential", "one model", lambda: sb.Sequential([layer]))
    refused(NotImplementedError, "Sequential", "one model", lambda m=model: m.add(layer))  # type: ignore[misc]
    assert len(model.layers) == 1
    del model
    gc.collect()
    assert sb.Sequential([layer]).built
    fresh = L.Dense(2)
    with pytest.raises(ValueError, match="Conv2D"):
        sb.Sequential([sb.Input((4,)), fresh, L.Conv2D(1, 3)])
    sb.Sequential([fresh])  # the refused model did not keep it


def test_a_refused_add_leaves_the_model() -> None:
    model = sb.Sequential()
    refused(ValueError, "Conv2D", "", lambda: model.add(L.Conv2D(1, 3, input_shape=(2, 2, 1))))
    assert model.layers == []
    model.add(L.Dense(2, input_shape=(5,)))
    before = state(model)
    refused(ValueError, "MaxPooling2D", "", lambda: model.add(L.MaxPooling2D()))
    assert state(model) == before
    model.add(L.Dense(3))
    assert model.output_shape == (None, 3)
    compiled = cnn()
    refused(ValueError, "Sequential", "compiled", lambda: compiled.add(L.Dense(3)))


def test_what_cannot_be_set_is_not_accepted_silently() -> None:
    model = cnn()
    with pytest.raises(NotImplementedError):
        model.trainable = False
    with pytest.raises(NotImplementedError):
        model.layers[0].trainable = False
    with pytest.raises(NotImplementedError):
        model.optimizer.momentum = 0.1  # type: ignore[union-attr]
    with pytest.raises(AttributeError):
        model.layers[0].units = 7  # type: ignore[attr-defined]


COMPILE: list[tuple[type[Exception], str, dict[str, Any]]] = [
    (ValueError, "unknown optimizer.*adan", {"optimizer": "adan", "loss": "mse"}),
    (NotImplementedError, "nadam", {"optimizer": "nadam", "loss": "mse"}),
    (TypeError, "optimizer", {"optimizer": 3, "loss": "mse"}),
    (ValueError, "loss", {"optimizer": "sgd"}),
    (ValueError, "unknown loss.*mxe", {"optimizer": "sgd", "loss": "mxe"}),
    (NotImplementedError, "poisson", {"optimizer": "sgd", "loss": "poisson"}),
    (TypeError, "loss", {"optimizer": "sgd", "loss": 3}),
    (NotImplementedError, "functions", {"optimizer": "sgd", "loss": max}),
    (NotImplementedError, "KLDivergence", {"optimizer": "sgd", "loss": "KLDivergence"}),
    (NotImplementedError, "scheduleFreeAdamW", {"optimizer": "scheduleFreeAdamW", "loss": "mse"}),
    (ValueError, "UTF-8", {"optimizer": "sgd", "loss": "\ud800"}),
    (ValueError, "UTF-8", {"optimizer": "\ud800", "loss": "mse"}),
    (ValueError, "UTF-8", {"optimizer": "sgd", "loss": "mse", "metrics": ["\ud800"]}),
    (ValueError, "unknown metric.*did you mean", {"optimizer": "sgd", "loss": SPARSE, "metrics": ["acuracy"]}),
    (NotImplementedError, "auc", {"optimizer": "sgd", "loss": SPARSE, "metrics": ["auc"]}),
    (TypeError, "metrics", {"optimizer": "sgd", "loss": SPARSE, "metrics": "accuracy"}),
    (TypeError, "metrics", {"optimizer": "sgd", "loss": SPARSE, "metrics": [3]}),
    (ValueError, "loss_weights", {"optimizer": "sgd", "loss": SPARSE, "loss_weights": [1.0, 2.0]}),
    (NotImplementedError, "run_eagerly", {"optimizer": "sgd", "loss": SPARSE, "run_eagerly": True}),
    (TypeError, 'did you mean "metrics"', {"optimizer": "sgd", "loss": SPARSE, "metric": ["accuracy"]}),
]


@pytest.mark.parametrize(("error", "words", "arguments"), COMPILE, ids=range(len(COMPILE)))
def test_compile(error: type[Exception], words: str, arguments: dict[str, Any]) -> None:
    model = cnn()
    before = state(model)
    refused(error, "compile", words, lambda: model.compile(**arguments))
    assert state(model) == before
    assert isinstance(model.optimizer, sb.optimizers.Adam)
    model.fit(X, Y, verbose=0)
    other = cnn()
    other.fit(X, Y, verbose=0)
    assert model.digest() == other.digest()


OPTIMIZERS: list[tuple[type[Exception], str, str, Callable[[], object]]] = [
    (ValueError, "SGD", "learning_rate=-1", lambda: sb.optimizers.SGD(-1.0)),
    (ValueError, "Adam", "learning_rate=inf", lambda: sb.optimizers.Adam(float("inf"))),
    (ValueError, "SGD", "learning_rate=nan", lambda: sb.optimizers.SGD(np.float32("nan"))),
    (ValueError, "SGD", "learning_rate=nan", lambda: setattr(sb.optimizers.SGD(), "learning_rate", float("nan"))),
    (ValueError, "SGD", "learning_rate=inf", lambda: setattr(sb.optimizers.SGD(), "learning_rate", float("inf"))),
    (ValueError, "BinaryAccuracy", "threshold=nan", lambda: sb.metrics.BinaryAccuracy(threshold=float("nan"))),
    (ValueError, "Constant", "value=inf", lambda: sb.initializers.Constant(float("inf"))),
    (ValueError, "L2", "l2=nan", lambda: sb.regularizers.L2(float("nan"))),
    (ValueError, "SGD", "momentum=2", lambda: sb.optimizers.SGD(momentum=2)),
    (ValueError, "Adam", "beta_1=1", lambda: sb.optimizers.Adam(beta_1=1.0)),
    (ValueError, "Adam", "epsilon", lambda: sb.optimizers.Adam(epsilon=-1e-7)),
    (TypeError, "SGD", "learning_rate", lambda: sb.optimizers.SGD("fast")),  # type: ignore[arg-type]
    (TypeError, "SGD", "nesterov", lambda: sb.optimizers.SGD(nesterov=1)),  # type: ignore[arg-type]
    (TypeError, "Adam", 'got "lr".*; use learning_rate$', lambda: sb.optimizers.Adam(lr=0.1)),
    (TypeError, "SGD", "InverseTimeDecay.*weight_decay is another", lambda: sb.optimizers.SGD(decay=0.1)),
    (NotImplementedError, "SGD", "use_ema", lambda: sb.optimizers.SGD(use_ema=True)),
    (NotImplementedError, "Adam", "amsgrad", lambda: sb.optimizers.Adam(amsgrad=True)),
    (NotImplementedError, "SparseCategoricalCrossentropy", "", lambda: sb.losses.SparseCategoricalCrossentropy(ignore_class=1)),
    (NotImplementedError, "CategoricalCrossentropy", "axis", lambda: sb.losses.CategoricalCrossentropy(axis=1)),
    (TypeError, "BinaryCrossentropy", "from_logits", lambda: sb.losses.BinaryCrossentropy(from_logits="yes")),  # type: ignore[arg-type]
    (TypeError, "MeanSquaredError", "from_logits", lambda: sb.losses.MeanSquaredError(from_logits=True)),
]


@pytest.mark.parametrize(("error", "op", "words", "call"), OPTIMIZERS, ids=range(len(OPTIMIZERS)))
def test_optimizers_and_losses(error: type[Exception], op: str, words: str, call: Callable[[], object]) -> None:
    refused(error, op, words, call)


def _with(array: Any, place: tuple[int, ...], value: float) -> Any:
    changed = array.astype(np.float64)
    changed[place] = value
    return changed


BAD_DATA: list[tuple[type[Exception], str, object, object]] = [
    (ValueError, r"\(None, 6, 5, 2\)", X[:, :5], Y),
    (ValueError, r"\(None, 6, 5, 2\)", X[..., 0], Y),
    (ValueError, "x", X[0, 0, 0, 0], Y),
    (ValueError, r"got x of shape \(6, 5, 2\), one sample; .*\.batch\(32\)", X[0], Y[:1]),
    (ValueError, r"got y of shape \(\), one number; .*\.batch\(32\)", X, Y[0]),
    (ValueError, "length", X, Y[:-1]),
    (ValueError, "empty", X[:0], Y[:0]),
    (ValueError, r"x\[3, 1, 2, 0\].*nan|nan.*x\[3, 1, 2, 0\]", _with(X, (3, 1, 2, 0), np.nan), Y),
    (ValueError, r"x\[0, 0, 0, 1\]", _with(X, (0, 0, 0, 1), np.inf), Y),
    (ValueError, r"x\[0, 0, 0, 1\]", _with(X, (0, 0, 0, 1), 1e300), Y),
    (ValueError, r"y\[5\]", X, _with(Y, (5,), np.nan)),
    (ValueError, r"y\[5\].*-1|-1.*y\[5\]", X, _with(Y, (5,), -1)),
    (ValueError, r"y\[5\].*3|3.*y\[5\]", X, _with(Y, (5,), 3)),
    (ValueError, r"y\[5\].*0\.5|0\.5.*y\[5\]", X, _with(Y, (5,), 0.5)),
    (ValueError, "one-hot", X, np.eye(3)[Y]),
    (ValueError, "x is needed", None, Y),
    (ValueError, "y is needed", X, None),
    (TypeError, "dtype", X.astype(str), Y),
    (TypeError, "object", X.astype(object), Y),
    (TypeError, "complex", X.astype(complex), Y),
    (TypeError, "longdouble|float128", X.astype(np.longdouble), Y),
    (TypeError, "datetime64", X, np.zeros(20, "M8[s]")),
    (TypeError, "masked", np.ma.masked_invalid(X), Y),
    (TypeError, "bytes", b"abc", Y),
    (ValueError, "input_layer", {"a": X}, Y),
    (TypeError, "str", "x.npy", Y),
    (ValueError, "x must be an array", [[1.0, 2.0], [3.0]], Y),
]


@pytest.mark.parametrize("call", ["fit", "evaluate", "train_on_batch", "test_on_batch"])
@pytest.mark.parametrize(("error", "words", "x", "y"), BAD_DATA, ids=range(len(BAD_DATA)))
def test_data(call: str, error: type[Exception], words: str, x: object, y: object) -> None:
    model = cnn()
    model.fit(X, Y, verbose=0)
    before = state(model)
    refused(error, call, words, lambda: getattr(model, call)(x, y))
    assert state(model) == before


def test_a_refused_first_fit_does_not_build_the_model() -> None:
    model = sb.Sequential([L.Flatten(), L.Dense(3, activation="softmax")])
    model.compile("sgd", SPARSE)
    refused(ValueError, "fit", r"y\[5\]", lambda: model.fit(X, _with(Y, (5,), 7), verbose=0))
    assert not model.built
    assert model.fit(X, Y, verbose=0).epoch == [0]


def test_a_dataset_without_batches() -> None:
    single = sb.data.Dataset.from_tensor_slices((X, Y))
    unbuilt = sb.Sequential([L.Flatten(), L.Dense(3, activation="softmax")])
    unbuilt.compile("sgd", SPARSE)
    for model, calls in ((cnn(), ("fit", "evaluate", "predict")), (unbuilt, ("fit", "evaluate"))):
        for call in calls:
            refused(ValueError, call, r"\.batch\(32\)", lambda m=model, c=call: getattr(m, c)(single, verbose=0))  # type: ignore[misc]
    refused(ValueError, "fit: validation", r"\.batch\(32\)", lambda: cnn().fit(X, Y, validation_data=single, verbose=0))


def test_fit_before_compile() -> None:
    for call in ("fit", "evaluate", "train_on_batch", "test_on_batch"):
        model = cnn(compiled=False)
        refused(ValueError, call, "compile", lambda m=model, c=call: getattr(m, c)(X, Y))  # type: ignore[misc]
    refused(ValueError, "memory_plan", "compile", lambda: cnn(compiled=False).memory_plan(4))


def test_before_build() -> None:
    model = sb.Sequential([L.Dense(2)])
    for call in ("digest", "count_params"):
        refused(ValueError, call, "build|shape", getattr(model, call))
    refused(ValueError, "set_weights", "", lambda: model.set_weights([]))
    assert model.weights == model.get_weights() == []
    with pytest.raises(ValueError, match="input_shape"):
        model.input_shape  # noqa: B018
    refused(ValueError, "build", "None", lambda: model.build((3, 4)))
    refused(ValueError, "build", "None", lambda: model.build(()))
    refused(ValueError, "build", "None", lambda: model.build())
    refused(ValueError, "build", r"\(None, 6, 5, 2\)", lambda: cnn().build((None, 7)))
    refused(ValueError, "Sequential", "", lambda: sb.Sequential().build((None, 4)))


FIT: list[tuple[type[Exception], str, dict[str, Any]]] = [
    (ValueError, "batch_size=0", {"batch_size": 0}),
    (TypeError, "batch_size=8.0", {"batch_size": 8.0}),
    (TypeError, "batch_size=True", {"batch_size": True}),
    (ValueError, "64 bits", {"batch_size": 2**70}),
    (ValueError, "epochs=-1", {"epochs": -1}),
    (TypeError, "epochs='2'", {"epochs": "2"}),
    (ValueError, "validation_split=1", {"validation_split": 1.0}),
    (ValueError, "validation_split=-0.1", {"validation_split": -0.1}),
    (ValueError, "validation_split=nan", {"validation_split": float("nan")}),
    (ValueError, "validation_split", {"validation_split": 0.99}),
    (TypeError, "validation_split", {"validation_split": "0.1"}),
    (TypeError, "validation_data", {"validation_data": X}),
    (ValueError, "length|validation", {"validation_data": (X, Y[:3])}),
    (ValueError, "validation", {"validation_data": (X[:, :3], Y)}),
    (ValueError, r"x\[7, 0, 0, 0\]", {"validation_data": (_with(X, (7, 0, 0, 0), np.nan), Y)}),
    (TypeError, "validation x", {"validation_data": (X.astype(object), Y)}),
    (ValueError, "one number a sample", {"validation_data": (X, Y, Y[:3])}),
    (ValueError, "initial_epoch=-1", {"initial_epoch": -1}),
    (TypeError, "shuffle='batch'", {"shuffle": "batch"}),
    (ValueError, "verbose=3", {"verbose": 3}),
    (ValueError, "verbose='loud'", {"verbose": "loud"}),
    (TypeError, "callbacks", {"callbacks": [object()]}),
    (NotImplementedError, "record", {"record": "a.sbr"}),
    (ValueError, "class_weight", {"class_weight": {0: -1.0}}),
    (TypeError, "class_weight", {"class_weight": [1.0]}),
    (ValueError, "sample_weight", {"sample_weight": np.ones(19)}),
    (ValueError, "steps_per_epoch", {"steps_per_epoch": 3}),
    (TypeError, 'did you mean "epochs"', {"epoch": 3}),
    (TypeError, r"runtime\.configure\(threads", {"workers": 2}),
    (TypeError, "use epochs", {"nb_epoch": 2}),
]


@pytest.mark.parametrize(("error", "words", "options"), FIT, ids=range(len(FIT)))
def test_fit_arguments(error: type[Exception], words: str, options: dict[str, Any]) -> None:
    model = cnn()
    model.fit(X, Y, verbose=0)
    before = state(model)
    refused(error, "fit", words, lambda: model.fit(X, Y, **{"verbose": 0, **options}))
    assert state(model) == before


def test_other_calls_arguments() -> None:
    model = cnn()
    before = state(model)
    refused(NotImplementedError, "evaluate", "steps", lambda: model.evaluate(X, Y, steps=2))
    refused(NotImplementedError, "predict", "callbacks", lambda: model.predict(X, callbacks=[1]))
    refused(TypeError, "predict", "batchsize", lambda: model.predict(X, batchsize=2))
    refused(ValueError, "predict", "batch_size=-2", lambda: model.predict(X, batch_size=-2))
    refused(ValueError, "predict", "nan", lambda: model.predict(_with(X, (0, 0, 0, 0), np.nan)))
    refused(ValueError, "predict", r"\(None, 6, 5, 2\)", lambda: model.predict(X[0]))
    refused(ValueError, "train_on_batch", "sample_weight", lambda: model.train_on_batch(X, Y, sample_weight=Y[:3]))
    refused(TypeError, "train_on_batch", "return_dict", lambda: model.train_on_batch(X, Y, return_dict=1))  # type: ignore[arg-type]
    refused(NotImplementedError, "summary", "line_length", lambda: model.summary(line_length=80))
    refused(ValueError, "get_layer", "nope", lambda: model.get_layer("nope"))
    refused(ValueError, "memory_plan", "batch_size=0", lambda: model.memory_plan(0))
    assert state(model) == before


def test_set_weights() -> None:
    model = cnn()
    weights = model.get_weights()
    before = state(model)
    refused(ValueError, "set_weights", "4 weights; got 3", lambda: model.set_weights(weights[:-1]))
    refused(ValueError, "set_weights", r"\(4,\)", lambda: model.set_weights([weights[0], weights[1][:3], *weights[2:]]))
    refused(ValueError, "set_weights", "nan", lambda: model.set_weights([*weights[:3], [0, np.nan, 0]]))
    refused(TypeError, "set_weights", "NoneType", lambda: model.set_weights(None))  # type: ignore[arg-type]
    refused(TypeError, "set_weights", "complex", lambda: model.set_weights([*weights[:3], weights[3] * 1j]))
    assert state(model) == before
    refused(ValueError, "set_weights", "2 weights", lambda: model.layers[0].set_weights([]))
    refused(ValueError, "set_weights", "no model", lambda: L.Dense(2).set_weights([]))


RUNTIME: list[tuple[type[Exception], str, dict[str, Any]]] = [
    (ValueError, "threads=0", {"threads": 0}),
    (ValueError, "threads=-2", {"threads": -2}),
    (ValueError, "threads", {"threads": 2**40}),
    (TypeError, "threads='2'", {"threads": "2"}),
    (ValueError, "avx9", {"isa": "avx9"}),
    (TypeError, "isa", {"isa": 512}),
    (NotImplementedError, "cuda", {"device": "cuda"}),
    (ValueError, "abacus", {"device": "abacus"}),
    (NotImplementedError, "native", {"engine": "native"}),
    (ValueError, "magic", {"engine": "magic"}),
    (ValueError, "shrink", {"memory": "shrink"}),
    (ValueError, "preallocate", {"memory": "preallocate"}),
    (ValueError, "lots", {"memory_limit": "lots"}),
    (ValueError, "UTF-8", {"memory_limit": "\ud800"}),
    (ValueError, "UTF-8", {"isa": "\ud800"}),
    (ValueError, "memory_limit=-1", {"memory_limit": -1}),
    (TypeError, "memory_limit=1.5", {"memory_limit": 1.5}),
]


@pytest.mark.parametrize(("error", "words", "options"), RUNTIME, ids=range(len(RUNTIME)))
def test_runtime(error: type[Exception], words: str, options: dict[str, Any]) -> None:
    before = sb.runtime.info()
    refused(error, "", words, lambda: sb.runtime.configure(**options))
    # All or nothing: a good value beside a bad one is not taken.
    refused(error, "", words, lambda: sb.runtime.configure(**{"threads": 7, "isa": "generic", **options}))
    after = sb.runtime.info()
    assert [after[k] for k in ("threads", "isa")] == [before[k] for k in ("threads", "isa")]


def test_files(tmp_path: Any) -> None:
    model = cnn()
    refused(OSError, "", "missing", lambda: sb.load_model(tmp_path / "missing.safetensors"))
    refused(OSError, "", "", lambda: model.save(tmp_path / "no" / "such" / "folder.safetensors"))
    refused(TypeError, "save", "", lambda: model.save(3))  # type: ignore[arg-type]
    refused(ValueError, "save", "file name", lambda: model.save("a\0b"))
    refused(ValueError, "save", "file name", lambda: model.save("a\ud800"))
    refused(NotImplementedError, "Model", "save", lambda: copy.copy(model))
    refused(NotImplementedError, "Model", "save", lambda: pickle.dumps(model))
    refused(NotImplementedError, "save", "safetensors", lambda: model.save(tmp_path / "m.keras"))
    refused(NotImplementedError, "load_model", "custom_objects", lambda: sb.load_model("m", custom_objects={"a": 1}))
    model.save(tmp_path / "m.safetensors")
    refused(FileExistsError, "save", "overwrite", lambda: model.save(tmp_path / "m.safetensors", overwrite=False))
    refused(OSError, "", "", lambda: sb.train(tmp_path / "no.toml"))
    refused(TypeError, "train", "overrides", lambda: sb.train("a.toml", overrides=[1]))  # type: ignore[arg-type]
    for bad in ("", "{", "[]", '{"layers": 3}'):
        with pytest.raises((ValueError, TypeError), match=r"^\[model\]"):
            sb.models.model_from_json(bad)


@pytest.mark.parametrize(
    "call",
    [
        lambda: sb.layers.Dense(2, bias_initializer=sb.initializers.Constant(1e39)),
        lambda: sb.layers.Dense(2, kernel_regularizer=sb.regularizers.L2(1e39)),
        lambda: sb.layers.BatchNormalization(epsilon=1e-60),
        lambda: sb.layers.LayerNormalization(epsilon=1e39),
        lambda: sb.optimizers.SGD(1e39),
        lambda: sb.optimizers.Adam(epsilon=1e39),
        lambda: mlp().compile("sgd", "mse", loss_weights=[1e39]),
        lambda: cnn().fit(*blobs(), class_weight={0: 1e39}, verbose=0),
    ],
)
def test_arguments_that_float32_cannot_hold(call: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"^\[.* in float32.*; got .*; give"):
        call()
