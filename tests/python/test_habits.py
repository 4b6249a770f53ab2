"""Habits that people bring from Keras: each works with Keras's meaning or is refused by name, none is taken and ignored."""

import copy
import hashlib
import itertools
import pickle
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import samebits as sb
from samebits.data import Dataset
from support import Array, blobs, cnn, mlp
from test_refused import refused

L = sb.layers
X = np.random.default_rng(5).normal(size=(20, 4)).astype(np.float32)
Y = X[:, :2] * X[:, 2:]


def batches(rows: int = 5) -> Dataset:
    return Dataset.from_tensor_slices((X, Y)).batch(rows)


def generator(most: int = 4) -> Iterator[tuple[Array, Array]]:
    for i in range(most):
        yield X[i * 5 : i * 5 + 5], Y[i * 5 : i * 5 + 5]


# Batches one by one.


def test_data_without_end_are_refused_where_a_pass_must_end() -> None:
    model, endless = mlp(), batches().repeat()
    do = r"infinitely many elements>; .*take\(n\)"
    refused(ValueError, "fit", do, lambda: model.fit(endless, verbose=0))
    refused(ValueError, "fit: validation_data", do, lambda: model.fit(X, Y, validation_data=endless, verbose=0))
    refused(ValueError, "evaluate", do, lambda: model.evaluate(endless, verbose=0))
    refused(ValueError, "predict", do, lambda: model.predict(endless, verbose=0))
    assert model.step == 0
    model.fit(endless, steps_per_epoch=3, verbose=0)
    assert model.step == 3


@pytest.mark.parametrize("name", ["y", "batch_size", "sample_weight"])
def test_batches_bring_all_with_them(name: str) -> None:
    model = mlp()
    more: Any = {name: {"y": Y, "batch_size": 5, "sample_weight": np.ones(20)}[name]}
    words = f"got {name} beside Dataset; leave out {name}"
    refused(ValueError, "fit", words, lambda: model.fit(batches(), verbose=0, **more))
    refused(ValueError, "evaluate", words, lambda: model.evaluate(batches(), verbose=0, **more))
    if name == "batch_size":
        refused(ValueError, "predict", words, lambda: model.predict(batches(), verbose=0, **more))
    assert model.step == 0


def test_a_batch_of_four_parts_is_refused() -> None:
    refused(ValueError, "fit", "got 4 parts", lambda: mlp().fit(iter([(X, Y, None, None)]), verbose=0))


def test_data_that_end_early_are_warned_of() -> None:
    model = mlp()
    with pytest.warns(UserWarning, match=r"\[fit\] the data ended early; got 4 batches of 6; give what can be read again"):
        history = model.fit(generator(), epochs=2, steps_per_epoch=3, verbose=0)
    assert history.epoch == [0, 1] and model.step == 4


@pytest.mark.parametrize(("options", "got"), [({"steps_per_epoch": 10}, "4 batches of 30"), ({}, "1 of 3 epochs")])
def test_what_was_trained_before_the_data_ended_is_kept(options: dict[str, int], got: str) -> None:
    """An epoch without a batch is none: no hook hears of it, the history has the epochs that there were."""
    begun: list[int] = []
    hear = sb.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: begun.append(epoch))
    model = mlp()
    with pytest.warns(UserWarning, match=rf"\[fit\] the data ended early; got {got}; give what can be read again"):
        history = model.fit(generator(), epochs=3, verbose=0, callbacks=[hear], **options)  # type: ignore[arg-type]
    assert history.epoch == begun == [0]
    assert (model.step, model.epoch) == (4, 1)
    whole = mlp()
    whole.fit(batches(), verbose=0)
    assert whole.digest() == model.digest()


@pytest.mark.parametrize(("second", "words"), [((X[:5, :3], Y[:5]), "got x of shape"), ((X[:5], Y[:5, :1]), "got y of shape")])
def test_data_that_change_their_shape_midway_are_refused_there(second: tuple[Array, Array], words: str) -> None:
    """The model has the steps before, and stays usable."""
    model = mlp()
    refused(ValueError, "fit", words, lambda: model.fit(iter([(X[:5], Y[:5]), second]), verbose=0))
    one = mlp()
    one.train_on_batch(X[:5], Y[:5])
    assert model.digest() == one.digest()
    model.fit(batches(), verbose=0)
    assert model.step == 5


def test_what_a_generator_raises_is_the_users_own() -> None:
    def broken() -> Iterator[tuple[Array, Array]]:
        yield from generator(2)
        raise KeyError("mine")

    model = mlp()
    with pytest.raises(KeyError, match="mine"):
        model.fit(broken(), verbose=0)
    assert model.step == 2
    model.fit(batches(), verbose=0)
    assert model.step == 6


@pytest.mark.filterwarnings("error")
def test_whole_data_are_not_warned_of() -> None:
    mlp().fit(generator(), epochs=2, steps_per_epoch=2, verbose=0)
    mlp().fit(batches(), epochs=2, steps_per_epoch=7, verbose=0)  # goes round

    class Stop(sb.callbacks.Callback):
        def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
            self.model.stop_training = True

    assert mlp().fit(batches(), epochs=5, steps_per_epoch=2, verbose=0, callbacks=[Stop()]).epoch == [0]


def test_params_are_those_of_keras() -> None:
    class Params(sb.callbacks.Callback):
        pass

    def params(call: Callable[..., object], *data: Any, **options: Any) -> Any:
        seen = Params()
        call(*data, verbose=0, callbacks=[seen], **options)
        return seen.params

    model = mlp()
    assert params(model.fit, X, Y, batch_size=3, epochs=2) == {"epochs": 2, "steps": 7, "verbose": 0}
    assert params(model.fit, X, Y, batch_size=3, validation_split=0.5)["steps"] == 4
    assert params(model.fit, X, Y, batch_size=3, validation_split=0.5, validation_data=(X, Y))["steps"] == 7
    assert params(model.fit, batches())["steps"] == 4
    assert params(model.fit, batches().repeat(), steps_per_epoch=9)["steps"] == 9
    assert params(model.fit, generator())["steps"] is None
    assert params(model.evaluate, X, Y, batch_size=7) == {"epochs": 1, "steps": 3, "verbose": 0}
    assert params(model.evaluate, batches())["steps"] == 4
    assert model.fit(generator(), verbose=0).params["steps"] is None


# The record of what came from outside.


def fed(x: Any, **options: Any) -> str | None:
    return mlp().fit(x, verbose=0, **options).data_digest


def mapped(change: float = 0.0) -> Dataset:
    return batches().map(lambda x, y: (np.where(x == X[19, 3], x + np.float32(change), x), y))


def test_data_digest_is_that_of_all_batches_from_outside() -> None:
    one = b"".join(b"((float32 (5, 4),), (float32 (5, 2),), ())\0" + x.tobytes() + y.tobytes() for x, y in generator())
    assert fed(generator()) == "sha256:" + hashlib.sha256(one).hexdigest() == fed(mapped()) == fed(list_loader())
    assert fed(mapped(), epochs=2) == "sha256:" + hashlib.sha256(one * 2).hexdigest()
    assert fed(mapped(1e-7)) != fed(mapped())
    assert fed(batches().filter(lambda x, y: True)) == fed(generator())
    assert fed(Dataset.from_generator(generator)) == fed(generator())
    weighted = [(x, y, np.ones(5, np.float32)) for x, y in generator()]
    assert fed(iter(weighted)) not in (None, fed(generator()))


def list_loader() -> Dataset:
    return Dataset.from_iterable([list(batch) for batch in generator()])


def test_there_is_no_data_digest_of_what_is_samebits_own() -> None:
    assert mlp().fit(X, Y, verbose=0).data_digest is None
    assert fed(batches().shuffle(3).repeat(2).take(5).cache().prefetch(2)) is None
    assert list(batches().filter(lambda x, y: True)) and batches().digest() is None


def test_digest_of_a_pass_sees_sources_and_filters() -> None:
    for made in (Dataset.from_generator(generator), list_loader(), batches().filter(lambda x, y: True)):
        assert made.digest() is None
        list(made)
        assert str(made.digest()).startswith("sha256:")


# Names and arguments.


@pytest.mark.parametrize(
    ("op", "call"),
    [
        ("BatchNormalization", lambda: L.BatchNormalization(renorm=True)),
        ("BatchNormalization", lambda: L.BatchNormalization(renorm_momentum=0.5)),
        ("Dropout", lambda: L.Dropout(0.5, None, 3)),  # type: ignore[arg-type]
        ("Dropout", lambda: L.Dropout(0.5, (None, 1))),  # type: ignore[arg-type]
        ("InputLayer", lambda: sb.Input(batch_shape=(None, 3))),
        ("InputLayer", lambda: sb.Input(tensor=X)),
        ("InputLayer", lambda: L.InputLayer(input_tensor=X)),
        ("SparseTopKCategoricalAccuracy", lambda: sb.metrics.SparseTopKCategoricalAccuracy(from_sorted_ids=True)),
        ("GlorotUniform", lambda: sb.initializers.GlorotUniform(input_axes=(0,))),
        ("HeNormal", lambda: sb.initializers.HeNormal(seed=3)),
        ("Huber", lambda: sb.losses.Huber(name="mine")),
        ("Sequential", lambda: sb.Sequential(trainable=False)),
        ("Model", lambda: sb.Model()),
        ("Model", lambda: sb.Model(sb.Input((2,)), sb.Input((2,)), trainable=False)),
        ("model_from_json", lambda: sb.models.model_from_json("{}", custom_objects={"a": 1})),
        ("clone_model", lambda: sb.models.clone_model),
        ("ops", lambda: sb.ops),
        ("mixed_precision", lambda: sb.mixed_precision),
        ("multiply", lambda: L.multiply),
        ("mean_squared_error", lambda: sb.metrics.mean_squared_error),
        ("Sequential.get_config", lambda: cnn().get_config()),
        ("Sequential.metrics", lambda: cnn().metrics),
        ("Sequential.export", lambda: cnn().export("x")),
        ("SymbolicTensor.name", lambda: sb.Input((4,)).name),
        ("Conv2D.output", lambda: cnn().layers[0].output),
        ("Layer", lambda: L.Layer(name="mine")),
        ("Loss", lambda: sb.losses.Loss()),
        ("Metric", lambda: sb.metrics.Metric(name="mine")),
        ("Optimizer", lambda: sb.optimizers.Optimizer(0.1)),
        ("Initializer", lambda: sb.initializers.Initializer()),
        ("Regularizer", lambda: sb.regularizers.Regularizer()),
        ("LearningRateSchedule", lambda: sb.optimizers.schedules.LearningRateSchedule()),
        ("compile", lambda: two_outputs(loss=["mse", None])),
        ("fit", lambda: two_outputs().fit(X, [Y, Y], sample_weight=[np.ones(20), np.ones(20)])),
        ("fit", lambda: two_outputs().fit(X, [Y, Y], sample_weight={"a": np.ones(20), "b": np.ones(20)})),
    ],
)
def test_what_keras_has_and_samebits_not_is_refused_by_name(op: str, call: Callable[[], object]) -> None:
    refused(NotImplementedError, op, "", call)


def two_outputs(loss: Any = "mse") -> sb.Model:
    inputs = sb.Input((4,))
    model = sb.Model(inputs, [L.Dense(2, name="a")(inputs), L.Dense(2, name="b")(inputs)])
    model.compile(loss=loss)
    return model


BASES: list[Any] = [
    L.Layer,
    L.Dense,
    sb.losses.Loss,
    sb.metrics.Metric,
    sb.optimizers.Optimizer,
    sb.optimizers.Adam,
    sb.optimizers.schedules.LearningRateSchedule,
    sb.initializers.Initializer,
    sb.regularizers.Regularizer,
    sb.callbacks.EarlyStopping,
]


@pytest.mark.parametrize("base", BASES)
def test_own_classes_are_refused_when_they_are_made(base: type) -> None:
    refused(NotImplementedError, "Mine", "not implemented yet; got class Mine", lambda: type("Mine", (base,), {}))


def test_models_with_own_steps_are_refused_and_others_work() -> None:
    for method in ("call", "train_step", "compute_loss"):
        refused(NotImplementedError, "Mine", method, lambda m=method: type("Mine", (sb.Model,), {m: lambda self: None}))  # type: ignore[misc]

    class Two(sb.Sequential):
        def __init__(self) -> None:
            super().__init__([L.Dense(2, input_shape=(4,))], seed=7)

    same = sb.Sequential([L.Dense(2, input_shape=(4,))], seed=7)
    assert Two().digest() == same.digest()


def test_keras_defaults_ask_for_what_is_done_anyway() -> None:
    sb.losses.SparseCategoricalCrossentropy(name="sparse_categorical_crossentropy", reduction="sum_over_batch_size")
    sb.losses.Huber(name="huber_loss")
    sb.optimizers.schedules.CosineDecay(0.1, 10, name="CosineDecay")
    sb.optimizers.schedules.PiecewiseConstantDecay([1], [0.1, 0.2], name="PiecewiseConstant")
    L.BatchNormalization(renorm=False, renorm_clipping=None, renorm_momentum=0.99, synchronized=False)
    sb.initializers.HeNormal(seed=None, input_axes=None)
    sb.Sequential(trainable=True)


def test_arguments_stand_in_the_order_of_keras() -> None:
    assert L.MaxPooling2D(2, 1, "same", None, "pool").get_config()["name"] == "pool"
    assert L.AveragePooling2D(2, 1, "same", None, "pool").get_config()["name"] == "pool"
    assert L.Dropout(0.5, None, None).get_config()["rate"] == 0.5


def test_weights_that_training_does_not_change() -> None:
    model = sb.Sequential([L.Dense(3, input_shape=(4,)), L.BatchNormalization()])
    moving = ["batch_normalization/moving_mean", "batch_normalization/moving_variance"]
    assert [w.path for w in model.non_trainable_weights] == moving
    assert [w.path for w in model.layers[1].non_trainable_variables] == moving
    assert [w.name for w in model.layers[1].trainable_weights] == ["gamma", "beta"]
    assert [layer.count_params() for layer in model.layers] == [15, 12]
    assert list(itertools.chain(model.trainable_weights, model.non_trainable_weights)) and model.count_params() == 27


# Optimizers and callbacks.


def test_an_optimizer_serves_one_model() -> None:
    optimizer = sb.optimizers.SGD(0.1, momentum=0.9)
    assert (optimizer.momentum, optimizer.nesterov) == (0.9, False)  # type: ignore[attr-defined]
    model = mlp()
    model.compile(optimizer, "mse")
    model.compile(optimizer, "mse")
    other = mlp()
    before = other.optimizer
    refused(ValueError, "compile", "belongs to one model.*make another", lambda: other.compile(optimizer, "mse"))
    assert other.optimizer is before and model.optimizer is optimizer
    model.compile("sgd", "mse")
    other.compile(optimizer, "mse")  # free again
    refused(NotImplementedError, "SGD.variables", "", lambda: optimizer.variables)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "made",
    [
        L.Dense(3),
        sb.optimizers.SGD(),
        sb.losses.Huber(),
        sb.callbacks.EarlyStopping(),
        sb.optimizers.schedules.CosineDecay(1, 2),
    ],
    ids=lambda made: type(made).__name__,
)
def test_what_cannot_be_copied_says_so(made: object) -> None:
    op = type(made).__name__
    refused(NotImplementedError, op, "copying and pickling", lambda: copy.deepcopy(made))
    refused(NotImplementedError, op, "copying and pickling", lambda: pickle.dumps(made))


def test_what_can_be_copied_is_equal() -> None:
    history = mlp().fit(generator(), verbose=0)
    again = pickle.loads(pickle.dumps(history))
    assert (again.history, again.data_digest) == (history.history, history.data_digest)
    assert copy.deepcopy(sb.initializers.Constant(2)) == sb.initializers.Constant(2)
    assert copy.copy(sb.metrics.BinaryAccuracy()).get_config() == {"name": "binary_accuracy", "threshold": 0.5}
    loss = sb.losses.BinaryCrossentropy(from_logits=True, label_smoothing=0.25)
    assert sb.losses.BinaryCrossentropy.from_config(loss.get_config()).get_config() == loss.get_config()
    assert loss.get_config() == {"from_logits": True, "label_smoothing": 0.25}


def test_a_schedule_is_called_as_it_is_written() -> None:
    calls = []

    def wrong(epoch: int, rate: float) -> float:
        calls.append(epoch)
        return rate + "a"  # type: ignore[operator,no-any-return]

    def fit(schedule: Callable[..., float]) -> list[float]:
        return mlp().fit(X, Y, verbose=0, callbacks=[sb.callbacks.LearningRateScheduler(schedule)]).history["learning_rate"]

    with pytest.raises(TypeError, match="unsupported operand"):  # its own mistake, not "missing 1 argument"
        fit(wrong)
    assert calls == [0]
    assert fit(lambda epoch: 0.5) == fit(lambda epoch, rate: rate * 50) == fit(lambda epoch, rate=9.0: 0.5) == [0.5]
    assert fit(sb.optimizers.schedules.ExponentialDecay(0.25, 2, 0.5)) == [0.25]


# Graphs, files, weights.


@pytest.mark.parametrize(
    "operator",
    [
        lambda a: a + a,
        lambda a: 2 * a,
        lambda a: a - 1,
        lambda a: -a,
        lambda a: a @ a,
        lambda a: a[:, 0],
        lambda a: a > 0,
        len,
        bool,
        float,
    ],
)
def test_operators_on_symbolic_tensors_are_refused_by_name(operator: Callable[[Any], object]) -> None:
    refused(NotImplementedError, "Model", "operators", lambda: operator(sb.Input((4,))))


def test_dicts_of_inputs_and_outputs() -> None:
    def model(key: str, outputs: Callable[[Any], Any] = lambda y: y) -> sb.Model:
        a = sb.Input((4,), name="a")
        return sb.Model({key: a}, outputs(L.Dense(2)(a)))

    assert model("a").predict({"a": X}, verbose=0).shape == (20, 2)
    refused(ValueError, "Model", r"got \['b'\] for \['a'\]", lambda: model("b"))
    refused(NotImplementedError, "Model", r"\['y'\]", lambda: model("a", lambda y: {"y": y}))


def test_layers_by_name_and_place() -> None:
    model = cnn()
    assert model.get_layer(index=-1) is model.layers[-1] is model.get_layer("dense")
    for name, index in ((None, None), ("dense", 1), ("densest", None), (None, 5), (None, -6)):
        refused(ValueError, "get_layer", "", lambda n=name, i=index: model.get_layer(n, i))  # type: ignore[misc]
    refused(TypeError, "get_layer", "index", lambda: model.get_layer(index=1.0))  # type: ignore[arg-type]


@pytest.mark.parametrize("shape", [None, 4, (), (4,), "None"])
def test_build_wants_batch_and_sample(shape: Any) -> None:
    refused(ValueError, "build", "put None first", lambda: sb.Sequential([L.Dense(2)]).build(shape))


def test_files_of_keras_are_refused_by_name() -> None:
    for read in (sb.load_model, cnn().load_weights):
        refused(NotImplementedError, "load", "files of Keras", lambda f=read: f("model.keras"))  # type: ignore[misc]
    for write in (cnn().save, cnn().save_weights, sb.callbacks.ModelCheckpoint):
        refused(NotImplementedError, "", "safetensors", lambda f=write: f("model.h5"))  # type: ignore[misc]


def test_lists_that_are_none() -> None:
    model = cnn()
    refused(TypeError, "set_weights", "got int", lambda: model.layers[0].set_weights(3))  # type: ignore[arg-type]
    refused(TypeError, "read_cifar", "paths=3", lambda: sb.data.read_cifar(3))  # type: ignore[arg-type]


S, Init, R = sb.optimizers.schedules, sb.initializers, sb.regularizers


@pytest.mark.parametrize(
    "made",
    [
        L.Dense(3, "relu", False, Init.HeNormal(), "ones", R.L2(0.1), "l1", name="d"),
        L.Conv2D(
            2, (3, 2), 1, "same", None, (2, 1), 1, "tanh", True, Init.Constant(2), Init.RandomUniform(-1, 1), "l2", R.L1L2(0.1)
        ),
        L.DepthwiseConv2D(3, 2, "same", 2, depthwise_regularizer="l1"),
        L.SeparableConv2D(3, (2, 2), pointwise_initializer=Init.TruncatedNormal(0, 0.2)),
        L.MaxPooling2D((2, 3), padding="same"),
        L.AveragePooling2D(3),
        L.GlobalAveragePooling2D(keepdims=True),
        L.ZeroPadding2D(((1, 2), (0, 3))),
        L.Reshape((2, -1)),
        L.BatchNormalization(momentum=0.5, epsilon=0.1, center=False, gamma_initializer=Init.RandomNormal()),
        L.LayerNormalization(scale=False),
        L.Concatenate(1),
        L.Rescaling(0.5, 1),
        L.ReLU(6, 0.1, 0.2),
        L.ReLU(),
        L.Softmax(),
        L.Activation("gelu"),
        L.RandomTranslation((-0.1, 0.2), 0.3, "wrap", "nearest", fill_value=2.0),
        L.RandomCrop(2, 3, name="c"),
        L.InputLayer((3, 4)),
        sb.optimizers.SGD(0.1, 0.9, True, 0.01, clipnorm=1.0),
        sb.optimizers.Adam(S.ExponentialDecay(0.1, 2, 0.5, True)),
        sb.optimizers.AdamW(weight_decay=0.1, global_clipnorm=2.0),
        sb.optimizers.RMSprop(0.1, 0.8, 0.1, clipvalue=0.5),
        S.CosineDecay(0.1, 10, 0.1, None, 0.2, 3),
        S.PiecewiseConstantDecay([1, 2], [1.0, 2.0, 3.0]),
        sb.losses.Huber(2.0),
        sb.losses.MeanSquaredError(),
        sb.losses.CategoricalCrossentropy(True, 0.1),
        sb.metrics.BinaryAccuracy("b", None, 0.3),
        sb.metrics.TopKCategoricalAccuracy(2, "k"),
        R.L1(0.1),
    ],
    ids=lambda made: type(made).__name__,
)
def test_a_config_makes_the_same_again(made: Any) -> None:
    again = type(made).from_config(made.get_config())
    assert (again.get_config(), repr(again)) == (made.get_config(), repr(made))


def test_stop_training_ends_the_run_after_the_step() -> None:
    x, y = blobs()
    model = cnn()

    class Stops(sb.callbacks.Callback):
        def on_train_batch_end(self, batch: int, logs: object = None) -> None:
            self.model.stop_training = batch == 2

    history = model.fit(x, y, batch_size=10, epochs=5, verbose=0, validation_split=0.1, callbacks=[Stops()])
    assert (model.step, model.epoch, history.epoch) == (3, 1, [0])
    assert "val_loss" in history.history


def test_the_summary_of_a_graph_says_what_is_connected_to_what() -> None:
    long = "a_name_that_is_longer_than_any_column_was_ever_made_for"
    inputs = sb.Input((4,), name="inputs")
    one, two = sb.layers.Dense(3, name=long)(inputs), sb.layers.Dense(3, name="two")(inputs)
    lines: list[str] = []
    sb.Model(inputs, sb.layers.Add(name="sum")([one, two])).summary(print_fn=lines.append)
    head, rows = lines[1], {line.split()[0]: line for line in lines[2:]}
    at = head.index("connected to")
    assert rows["sum"][at:].split("  ")[0] == f"{long}, two"
    assert rows[long][at:].split() == ["inputs", "15"]
    assert rows[long].endswith("15") and len(rows[long]) == len(head)
