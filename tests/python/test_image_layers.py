"""Pooling, convolutions, padding and augmentation from Python: the mathematics against NumPy, Keras's arguments, refusals."""

from typing import Any

import numpy as np
import pytest

import samebits as sb
from law import augmentation
from law.philox import stream
from samebits import layers


def model_of(*stack: layers.Layer, shape: tuple[int, ...]) -> sb.Sequential:
    model = sb.Sequential([sb.Input(shape), *stack], seed=3)
    model.build()
    return model


def normal(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def windows(x: np.ndarray, size: Any, strides: Any, dilation: Any = (1, 1), same: bool = False) -> np.ndarray:
    """(B, P, Q, R, S, C) of x (B, H, W, C), NaN in the padding."""
    extent = [(k - 1) * d + 1 for k, d in zip(size, dilation)]
    out = [-(-n // t) if same else (n - e) // t + 1 for n, e, t in zip(x.shape[1:], extent, strides)]
    total = [max((o - 1) * t + e - n, 0) if same else 0 for o, t, e, n in zip(out, strides, extent, x.shape[1:])]
    x = np.pad(x.astype(np.float64), [(0, 0), *((t // 2, t - t // 2) for t in total), (0, 0)], constant_values=np.nan)
    (r, s), (down, right) = strides, dilation
    rows = [x[:, p * r :][:, : extent[0] : down] for p in range(out[0])]
    return np.stack([np.stack([row[:, :, q * s :][:, :, : extent[1] : right] for q in range(out[1])], 1) for row in rows], 1)


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("strides", [None, 1, (2, 1)])
def test_pooling(padding: str, strides: Any) -> None:
    x = normal(3, 7, 8, 5)
    steps = (3, 2) if strides is None else (strides, strides) if isinstance(strides, int) else strides
    cells = windows(x, (3, 2), steps, same=padding == "same")
    mean = model_of(layers.AveragePooling2D((3, 2), strides, padding), shape=(7, 8, 5)).predict(x, verbose=0)
    np.testing.assert_allclose(mean, np.nanmean(cells, axis=(3, 4)), rtol=1e-5, atol=1e-6)
    most = model_of(layers.MaxPooling2D((3, 2), strides, padding), shape=(7, 8, 5)).predict(x, verbose=0)
    np.testing.assert_array_equal(most, np.nanmax(cells, axis=(3, 4)))


@pytest.mark.parametrize("keepdims", [False, True])
def test_global_pooling(keepdims: bool) -> None:
    x = normal(3, 7, 8, 5)
    mean = model_of(layers.GlobalAveragePooling2D(keepdims=keepdims), shape=(7, 8, 5)).predict(x, verbose=0)
    np.testing.assert_allclose(mean, x.astype(np.float64).mean((1, 2), keepdims=keepdims), rtol=1e-5, atol=1e-6)
    most = model_of(layers.GlobalMaxPooling2D(keepdims=keepdims), shape=(7, 8, 5)).predict(x, verbose=0)
    np.testing.assert_array_equal(most, x.max((1, 2), keepdims=keepdims))


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize(("strides", "dilation"), [((1, 1), (1, 1)), ((2, 1), (1, 1)), ((1, 1), (2, 3))])
def test_convolutions(padding: str, strides: Any, dilation: Any) -> None:
    x = normal(2, 9, 10, 3)
    cells = np.nan_to_num(windows(x, (3, 2), strides, dilation, padding == "same"))
    arguments: dict[str, Any] = {"strides": strides, "padding": padding, "dilation_rate": dilation}

    conv = model_of(layers.Conv2D(4, (3, 2), activation="tanh", **arguments), shape=(9, 10, 3))
    kernel, bias = conv.get_weights()[0], normal(4, seed=1)
    conv.set_weights([kernel, bias])
    want = np.tanh(np.einsum("npqrsc,rsck->npqk", cells, kernel) + bias)
    np.testing.assert_allclose(conv.predict(x, verbose=0), want, rtol=1e-5, atol=1e-5)

    deep = model_of(layers.DepthwiseConv2D((3, 2), depth_multiplier=2, **arguments), shape=(9, 10, 3))
    assert [(w.path, w.shape) for w in deep.weights] == [
        ("depthwise_conv2d/kernel", (3, 2, 3, 2)),
        ("depthwise_conv2d/bias", (6,)),
    ]
    kernel, bias = deep.get_weights()[0], normal(6, seed=2)
    deep.set_weights([kernel, bias])
    between = np.einsum("npqrsc,rscm->npqcm", cells, kernel)
    between = between.reshape(*between.shape[:3], 6)
    np.testing.assert_allclose(deep.predict(x, verbose=0), between + bias, rtol=1e-5, atol=1e-5)

    both = model_of(layers.SeparableConv2D(4, (3, 2), depth_multiplier=2, activation="relu", **arguments), shape=(9, 10, 3))
    assert [(w.path, w.shape) for w in both.weights] == [
        ("separable_conv2d/depthwise_kernel", (3, 2, 3, 2)),
        ("separable_conv2d/pointwise_kernel", (1, 1, 6, 4)),
        ("separable_conv2d/bias", (4,)),
    ]
    point, bias = both.get_weights()[1], normal(4, seed=4)
    both.set_weights([kernel, point, bias])
    want = np.maximum(between @ point[0, 0] + bias, 0)
    np.testing.assert_allclose(both.predict(x, verbose=0), want, rtol=1e-5, atol=1e-5)


def test_a_one_by_one_convolution_is_a_dense_layer() -> None:
    x = normal(4, 6, 7, 20)
    conv = model_of(layers.Conv2D(9, 1, activation="relu"), shape=(6, 7, 20))
    dense = model_of(layers.Dense(9, activation="relu"), shape=(6, 7, 20))
    kernel, bias = conv.get_weights()
    dense.set_weights([kernel[0, 0], bias])
    assert conv.predict(x, verbose=0).tobytes() == dense.predict(x, verbose=0).tobytes()


def test_zero_padding() -> None:
    x = normal(2, 3, 4, 2)
    for padding, pairs in [(1, ((1, 1), (1, 1))), ((2, 0), ((2, 2), (0, 0))), (((1, 2), (3, 0)), ((1, 2), (3, 0)))]:
        y = model_of(layers.ZeroPadding2D(padding), shape=(3, 4, 2)).predict(x, verbose=0)
        np.testing.assert_array_equal(y, np.pad(x, [(0, 0), *pairs, (0, 0)]))


AUGMENTATION = [
    lambda: layers.RandomFlip(),
    lambda: layers.RandomFlip("horizontal"),
    lambda: layers.RandomTranslation(0.2, (-0.1, 0.3)),
    lambda: layers.RandomTranslation(0.2, 0.2, "constant", "nearest", fill_value=1.0),
    lambda: layers.RandomCrop(6, 5),
]


def trained(stack: list[layers.Layer], x: np.ndarray, y: np.ndarray, **options: Any) -> sb.Sequential:
    model = sb.Sequential([sb.Input((8, 8, 1)), *stack, layers.Flatten(), layers.Dense(3, activation="softmax")], seed=5)
    model.compile(optimizer="sgd", loss="sparse_categorical_crossentropy")
    model.fit(x, y, **{"epochs": 2, "batch_size": 8, "verbose": 0, **options})
    return model


@pytest.mark.parametrize("make", AUGMENTATION)
def test_training_with_augmentation(make: Any) -> None:
    x, y = normal(24, 8, 8, 1), np.arange(24) % 3
    first = trained([make()], x, y)
    assert first.digest() == trained([make()], x, y).digest()
    if not isinstance(first.layers[0], layers.RandomCrop):
        assert first.digest() != trained([], x, y).digest()
        images = sb.Sequential([sb.Input((8, 8, 1)), make()], seed=5).predict(x, verbose=0)
        np.testing.assert_array_equal(images, x)  # in inference nothing happens


@pytest.mark.parametrize("shuffle", [False, True])
@pytest.mark.parametrize("epoch", [0, 2])
def test_augmentation_follows_the_sample(shuffle: bool, epoch: int) -> None:
    """Only one sample has a target, so that one step of a linear model that starts at zero shows its image."""
    x = normal(6, 3, 4, 1)
    seen = set()
    for i in range(6):
        model = sb.Sequential(
            [
                sb.Input((3, 4, 1)),
                layers.RandomFlip(),
                layers.Flatten(),
                layers.Dense(1, use_bias=False, kernel_initializer="zeros"),
            ],
            seed=11,
        )
        model.compile(optimizer=sb.optimizers.SGD(1.0), loss="mse")
        y = np.zeros((6, 1), np.float32)
        y[i] = 3.0  # the step is 2 / 6 * 3 = 1 times the image
        model.fit(x, y, batch_size=6, epochs=epoch + 1, initial_epoch=epoch, shuffle=shuffle, verbose=0)
        rows, columns = augmentation.flips(i, epoch, stream("augment:random_flip"), 11)
        image = x[i, :: -1 if rows else 1, :: -1 if columns else 1, 0]
        np.testing.assert_allclose(model.get_weights()[0].reshape(3, 4), image, rtol=1e-5)
        seen.add((rows, columns))
    assert len(seen) > 1


@pytest.mark.parametrize(
    "layer",
    [
        layers.AveragePooling2D(3),
        layers.GlobalAveragePooling2D(keepdims=True),
        layers.GlobalMaxPooling2D(),
        layers.DepthwiseConv2D(3, dilation_rate=2, depthwise_regularizer="l2"),
        layers.SeparableConv2D(2, 3, pointwise_initializer="he_normal"),
        layers.Conv2D(2, 3, dilation_rate=(1, 2)),
        layers.ZeroPadding2D(((0, 1), (2, 3))),
        layers.RandomFlip("vertical"),
        layers.RandomTranslation(0.5, (-0.25, 0.125)),
        layers.RandomCrop(4, 5, name="crop"),
    ],
)
def test_configs_come_back(layer: layers.Layer) -> None:
    config = layer.get_config()
    assert type(layer).from_config(config).get_config() == config


def test_saved_and_loaded(tmp_path: Any) -> None:
    x = normal(4, 8, 8, 1)
    stack = [
        layers.RandomFlip(),
        layers.ZeroPadding2D(),
        layers.SeparableConv2D(4, 3),
        layers.DepthwiseConv2D(3, dilation_rate=2),
    ]
    model = model_of(*stack, layers.AveragePooling2D(2), layers.GlobalMaxPooling2D(), shape=(8, 8, 1))
    model.save(tmp_path / "model.safetensors")
    again = sb.load_model(tmp_path / "model.safetensors")
    assert again.digest() == model.digest()
    assert again.predict(x, verbose=0).tobytes() == model.predict(x, verbose=0).tobytes()


def test_aliases() -> None:
    assert layers.AvgPool2D is layers.AveragePooling2D
    assert layers.GlobalAvgPool2D is layers.GlobalAveragePooling2D
    assert layers.GlobalMaxPool2D is layers.GlobalMaxPooling2D
    assert layers.SeparableConvolution2D is layers.SeparableConv2D


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: layers.RandomFlip(seed=1), NotImplementedError, "seed"),
        (lambda: layers.RandomTranslation(0.1, 0.1, seed=1), NotImplementedError, "seed"),
        (lambda: layers.RandomCrop(2, 2, seed=1), NotImplementedError, "seed"),
        (lambda: layers.RandomFlip("both"), ValueError, "mode"),
        (lambda: layers.RandomTranslation(1.5, 0), ValueError, "from -1 to 1"),
        (lambda: layers.RandomTranslation(0.1, 0.1, fill_mode="mirror"), ValueError, "fill_mode"),
        (lambda: layers.RandomTranslation(0.1, 0.1, interpolation="cubic"), ValueError, "interpolation"),
        (lambda: layers.RandomCrop(0, 2), ValueError, "at least 1"),
        (lambda: layers.AveragePooling2D(0), ValueError, "pool_size"),
        (lambda: layers.AveragePooling2D(2, data_format="channels_first"), NotImplementedError, "data_format"),
        (lambda: layers.Conv2D(2, 3, strides=2, dilation_rate=2), ValueError, "must be 1"),
        (lambda: layers.DepthwiseConv2D(3, dilation_rate=0), ValueError, "dilation_rate"),
        (lambda: layers.DepthwiseConv2D(3, depthwise_constraint="x"), NotImplementedError, "depthwise_constraint"),
        (lambda: layers.SeparableConv2D(0, 3), ValueError, "filters"),
        (lambda: layers.ZeroPadding2D(-1), ValueError, "from 0"),
        (lambda: layers.ZeroPadding2D((1, 2, 3)), TypeError, "padding"),
        (lambda: model_of(layers.RandomCrop(9, 2), shape=(8, 8, 1)), NotImplementedError, "enlarged"),
        (lambda: model_of(layers.GlobalMaxPooling2D(), shape=(256, 256, 1)), NotImplementedError, "65535"),
        (lambda: layers.MaxPooling2D(256), NotImplementedError, "65535"),
        (lambda: model_of(layers.DepthwiseConv2D(3, dilation_rate=4), shape=(8, 8, 1)), ValueError, r"\(9, 9\)"),
    ],
)
def test_refusals(make: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        make()


def test_no_gradient_through_a_filled_translation() -> None:
    x, y = normal(6, 8, 8, 1), np.arange(6) % 3
    with pytest.raises(NotImplementedError, match="fill_mode"):
        trained([layers.Conv2D(1, 3), layers.RandomTranslation(0.1, 0.1)], x, y)
    trained([layers.Conv2D(1, 3), layers.RandomTranslation(0.1, 0.1, fill_mode="constant")], x, y)
