"""The names of design: what programs outside rely on, with Keras's defaults."""

import json
import re

import numpy as np
import pytest

import samebits as sb
from samebits import _keras
from support import blobs, cnn


def test_version_and_profile() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", sb.__version__)
    assert sb.profile == 1


def test_everything_on_the_page_exists() -> None:
    assert sorted(set(dir(sb)) & set(sb.__all__)) == sorted(sb.__all__)


NAMES = {
    "layers": (
        [
            "Dense",
            "Conv2D",
            "MaxPooling2D",
            "Flatten",
            "Dropout",
            "Activation",
            "InputLayer",
            "BatchNormalization",
            "Add",
            "DepthwiseConv2D",
            "RandomCrop",
            "SeparableConv2D",
            "AveragePooling2D",
            "GlobalAveragePooling2D",
            "GlobalMaxPooling2D",
            "ZeroPadding2D",
            "RandomFlip",
            "RandomTranslation",
        ],
        "LSTM GRU",
    ),
    "optimizers": (["SGD", "Adam", "AdamW", "RMSprop"], "Adadelta Nadam"),
    "losses": (
        [
            "CategoricalCrossentropy",
            "SparseCategoricalCrossentropy",
            "BinaryCrossentropy",
            "MeanSquaredError",
            "MeanAbsoluteError",
            "Huber",
        ],
        "Poisson KLDivergence",
    ),
    "metrics": (
        [
            "Accuracy",
            "BinaryAccuracy",
            "CategoricalAccuracy",
            "SparseCategoricalAccuracy",
            "TopKCategoricalAccuracy",
            "SparseTopKCategoricalAccuracy",
            "MeanSquaredError",
            "MeanAbsoluteError",
        ],
        "AUC Precision",
    ),
    "callbacks": (
        [
            "Callback",
            "EarlyStopping",
            "ModelCheckpoint",
            "CSVLogger",
            "ReduceLROnPlateau",
            "LearningRateScheduler",
            "LambdaCallback",
        ],
        "TensorBoard TerminateOnNaN",
    ),
    "regularizers": (["L1", "L2", "L1L2", "l1", "l2", "l1_l2"], "OrthogonalRegularizer"),
    "initializers": (
        ["Constant", "GlorotNormal", "GlorotUniform", "HeNormal", "LecunUniform", "Ones", "RandomNormal", "RandomUniform"],
        "Orthogonal VarianceScaling",
    ),
    "datasets": (["load_digits"], "mnist cifar10"),
    "data": (["Dataset", "read_idx", "read_cifar"], "TFRecordDataset TextLineDataset"),
    "utils": (["set_random_seed", "to_categorical", "check_layer"], "plot_model Sequence"),
}


@pytest.mark.parametrize("module", NAMES)
def test_names_of_modules(module: str) -> None:
    space = getattr(sb, module)
    here, later = NAMES[module]
    known = getattr(_keras, module.upper())
    assert set(later.split()) <= known
    for name in here:
        assert callable(getattr(space, name))
        assert name in space.__all__
    for name in known:
        with pytest.raises(NotImplementedError, match=rf"^\[{name}\] .*samebits\.{module}\.{name}"):
            getattr(space, name)
    with pytest.raises(AttributeError, match="has no attribute 'NoSuchThing'"):
        space.NoSuchThing  # noqa: B018


def test_a_mistyped_name_is_told_the_nearest() -> None:
    with pytest.raises(AttributeError, match='did you mean "Dense"'):
        sb.layers.Dens  # noqa: B018
    layer = sb.layers.Dense(3, input_shape=(2,))
    model = sb.Sequential([layer])
    model.compile("sgd", "mse")
    for thing, typo, name in (
        (model, "summry", "summary"),
        (model, "trian_on_batch", "train_on_batch"),
        (layer, "get_weigths", "get_weights"),
        (model.optimizer, "momentun", "momentum"),
        (model.optimizer, "learningrate", "learning_rate"),
        (sb.Input((3,)), "shpe", "shape"),
    ):
        with pytest.raises(AttributeError, match=f"object has no attribute '{typo}'; did you mean \"{name}\""):
            getattr(thing, typo)


def test_the_nearest_to_a_name_that_is_not_here_yet() -> None:
    with pytest.raises(NotImplementedError, match=r"\[Conv1D\] not implemented yet; .*; did you mean \"Conv2D\""):
        sb.layers.Conv1D  # noqa: B018
    with pytest.raises(NotImplementedError, match=r"\[LSTM\] not implemented yet; .*; use one of Activation, "):
        sb.layers.LSTM  # noqa: B018


def test_defaults_are_those_of_keras() -> None:
    assert sb.layers.Dense(3).get_config() == {
        "units": 3,
        "activation": None,
        "use_bias": True,
        "kernel_initializer": "glorot_uniform",
        "bias_initializer": "zeros",
        "kernel_regularizer": None,
        "bias_regularizer": None,
        "name": None,
    }
    conv = sb.layers.Conv2D(2, (3, 2)).get_config()
    assert (conv["kernel_size"], conv["strides"], conv["padding"]) == ([3, 2], [1, 1], "valid")
    pool = sb.layers.MaxPooling2D().get_config()
    assert (pool["pool_size"], pool["strides"], pool["padding"]) == ([2, 2], [2, 2], "valid")
    clips = {"weight_decay": None, "clipnorm": None, "clipvalue": None, "global_clipnorm": None}
    assert sb.optimizers.SGD().get_config() == {"learning_rate": 0.01, "momentum": 0.0, "nesterov": False, **clips}
    adam = {"learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7}
    assert sb.optimizers.Adam().get_config() == {**adam, **clips}


@pytest.mark.parametrize(
    "layer",
    [
        sb.layers.Dense(np.int64(3), "relu", use_bias=np.bool_(False), name="d"),
        sb.layers.Conv2D(4, (3, 2), strides=np.array([1, 2]), padding="same", data_format="channels_last", groups=1),
        sb.layers.MaxPooling2D(2, padding="same"),
        sb.layers.MaxPooling2D((3, 2), strides=1),
        sb.layers.Flatten(),
        sb.layers.Dropout(np.float32(0.5)),
        sb.layers.Activation("softmax"),
        sb.layers.BatchNormalization(momentum=0.9, center=False, gamma_initializer=sb.initializers.Constant(2.0)),
        sb.layers.LayerNormalization(epsilon=0.1, scale=False, beta_regularizer="l2"),
        sb.layers.ReLU(),
        sb.layers.ReLU(6, 0.1, threshold=0.5),
        sb.layers.LeakyReLU(),
        sb.layers.ELU(0.5),
        sb.layers.GELU(),
        sb.layers.SiLU(),
        sb.layers.Softmax(),
        sb.layers.Reshape((2, -1)),
        sb.layers.Rescaling(1 / 255, -0.5),
        sb.layers.Add(),
        sb.layers.Concatenate(axis=1),
        sb.layers.InputLayer((3, 4)),
    ],
    ids=lambda layer: type(layer).__name__,
)
def test_config_makes_the_same_layer(layer: sb.layers.Layer) -> None:
    again = type(layer).from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    assert repr(again) == repr(layer)


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (sb.layers.Dense(3, activation="tanh"), (4,)),
        (sb.layers.Conv2D(2, 3, padding="same"), (5, 4, 2)),
        (sb.layers.MaxPooling2D(2), (5, 4, 2)),
        (sb.layers.Flatten(), (2, 3)),
        (sb.layers.Dropout(0.25), (6,)),
        (sb.layers.Activation("sigmoid"), (3,)),
        (sb.layers.Activation("swish"), (30,)),
        (sb.layers.BatchNormalization(), (5, 4, 2)),
        (sb.layers.LayerNormalization(), (5, 4)),
        (sb.layers.ReLU(max_value=0.5), (30,)),
        (sb.layers.GELU(), (30,)),
        (sb.layers.Reshape((2, -1)), (3, 4)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_check_layer_passes(layer: sb.layers.Layer, shape: tuple[int, ...]) -> None:
    sb.utils.check_layer(layer, shape)


def test_what_a_model_says_of_itself(capsys: pytest.CaptureFixture[str]) -> None:
    model = cnn()
    assert (model.name, model.seed, model.built, model.epoch, model.step) == ("sequential", 7, True, 0, 0)
    assert model.input_shape == (None, 6, 5, 2)
    assert model.output_shape == (None, 3)
    assert [layer.name for layer in model.layers] == ["conv2d", "max_pooling2d", "flatten", "dropout", "dense"]
    assert [w.path for w in model.weights] == ["conv2d/kernel", "conv2d/bias", "dense/kernel", "dense/bias"]
    assert [w.name for w in model.trainable_weights] == ["kernel", "bias", "kernel", "bias"]
    assert [w.shape for w in model.weights] == [(3, 3, 2, 4), (4,), (24, 3), (3,)]
    assert model.count_params() == sum(w.numpy().size for w in model.weights) == 72 + 4 + 72 + 3
    assert model.get_layer("dense").weights[1].shape == (3,)
    assert model.get_layer(index=0) is model.layers[0]
    model.summary()
    text = capsys.readouterr().out
    assert "conv2d (Conv2D)" in text
    assert "151" in text
    lines: list[str] = []
    model.summary(print_fn=lines.append)
    assert lines == text.splitlines()
    assert isinstance(model.optimizer, sb.optimizers.Adam)


def test_default_names_count_per_model() -> None:
    layers = [sb.layers.Dense(2), sb.layers.Dense(2, name="head"), sb.layers.Dense(2)]
    model = sb.Sequential(layers)
    model.build((None, 3))
    assert [layer.name for layer in layers] == ["dense", "head", "dense_1"]


def test_input_shape_may_come_in_four_ways() -> None:
    x = np.ones((1, 4), np.float32)
    models = [
        sb.Sequential([sb.Input(shape=(4,)), sb.layers.Dense(2)]),
        sb.Sequential([sb.layers.Dense(2, input_shape=[4])]),
        sb.Sequential([sb.layers.Dense(2)]),
        sb.Sequential(),
    ]
    models[3].add(sb.layers.Dense(2))
    assert [m.built for m in models] == [True, True, False, False]
    models[2].build((None, 4))
    models[3].predict(x)
    assert len({m.digest() for m in models}) == 1
    assert all(m.input_shape == (None, 4) for m in models)


def test_seed_of_models() -> None:
    def digest(**options: int) -> str:
        return sb.Sequential([sb.layers.Dense(2, input_shape=(4,))], **options).digest()

    assert digest() == digest(seed=0)
    assert digest() == digest()
    assert digest(seed=2**64 - 1) != digest(seed=0)
    sb.utils.set_random_seed(5)
    try:
        assert digest() == digest(seed=5) != digest(seed=0)
    finally:
        sb.utils.set_random_seed(0)


def test_weights_are_copies_and_can_be_set() -> None:
    model = cnn()
    before = model.digest()
    weights = model.get_weights()
    assert all(w.dtype == np.float32 and w.flags.owndata for w in weights)
    for w in weights:
        w += 1
    assert model.digest() == before
    model.set_weights(weights)
    assert model.digest() != before
    for mine, theirs in zip(model.get_weights(), weights, strict=True):
        np.testing.assert_array_equal(mine, theirs)
    head = model.layers[-1]
    head.set_weights([np.zeros((24, 3)), np.ones(3)])
    np.testing.assert_array_equal(np.asarray(model.weights[3]), np.ones(3, np.float32))
    np.testing.assert_array_equal(model.get_weights()[0], weights[0])


def test_json_makes_the_same_architecture() -> None:
    model = cnn()
    text = model.to_json()
    assert [layer["type"] for layer in json.loads(text)["layers"]][-1] == "Dense"
    again = sb.models.model_from_json(text)
    assert again.digest() == model.digest()
    assert [repr(layer) for layer in again.layers] == [repr(layer) for layer in model.layers]


def test_returned_values_have_keras_forms() -> None:
    x, y = blobs()
    model = cnn()
    history = model.fit(x, y, epochs=2, validation_split=0.2, verbose=0)
    assert history.epoch == [0, 1]
    assert list(history.history) == ["loss", "accuracy", "val_loss", "val_accuracy"]
    assert all(len(values) == 2 for values in history.history.values())
    assert history.params["steps"] == 2
    assert model.history is history
    both = model.evaluate(x, y, verbose=0)
    assert model.evaluate(x, y, verbose=0, return_dict=True) == {"loss": both[0], "accuracy": both[1]}
    assert model.predict(x, verbose=0).shape == (70, 3)
    assert model.predict_on_batch(x[:2]).dtype == np.float32
    assert len(model.train_on_batch(x, y)) == 2
    assert set(model.test_on_batch(x, y, return_dict=True)) == {"loss", "accuracy"}
    model.compile("sgd", "sparse_categorical_crossentropy")
    assert isinstance(model.evaluate(x, y, verbose=0), float)


def test_digits_come_with_the_package() -> None:
    (x_train, y_train), (x_test, y_test) = sb.datasets.load_digits()
    assert (x_train.shape, y_train.shape, x_test.shape, y_test.shape) == ((1500, 8, 8), (1500,), (297, 8, 8), (297,))
    assert x_train.dtype == y_train.dtype == np.uint8
    assert (x_train.max(), y_train.max()) == (16, 9)
    x_train[:] = 0
    assert sb.datasets.load_digits()[0][0].max() == 16


def test_to_categorical() -> None:
    np.testing.assert_array_equal(sb.utils.to_categorical([0, 2]), [[1, 0, 0], [0, 0, 1]])
    assert sb.utils.to_categorical(np.array([[1], [0]], np.uint8), 4).shape == (2, 4)
    for bad in ([-1], [0.5], [3]):
        with pytest.raises(ValueError, match=r"^\[to_categorical\]"):
            sb.utils.to_categorical(bad, 3)


def test_runtime_tells_what_it_is() -> None:
    info = sb.runtime.info()
    assert info["profile"] == "1"
    assert {"version", "engine", "class", "device", "isa", "threads"} <= set(info)
    assert sb.runtime.devices()[0].name == "cpu"
    memory = sb.runtime.memory()
    assert memory.peak >= memory.used >= 0


def test_recipe_from_python() -> None:
    from support import EXAMPLES

    run = sb.train(EXAMPLES / "digits_mlp.toml", overrides={"train.epochs": 1, "train.metrics": []}, verbose=0)
    assert run.digest() == run.model.digest()
    assert list(run.history.history) == ["loss", "val_loss"]
    assert set(run.test) == {"loss"}
    assert run.model.epoch == 1
    assert re.fullmatch("sha256:[0-9a-f]{64}", run.identity)


def test_progress_is_on_one_line_or_plain(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    x, y = blobs()
    cnn().fit(x, y, verbose=0)
    assert capsys.readouterr().out == ""
    cnn().fit(x, y, epochs=2)
    plain = capsys.readouterr()
    assert "\r" not in plain.out
    assert len([line for line in plain.out.splitlines() if line.startswith("Epoch")]) == 2
    assert plain.err == ""
