"""Normalization, functions and merging layers through the package: the mathematics, and what a model does with them."""

import math
from collections.abc import Callable

import numpy as np
import pytest

import samebits as sb

L = sb.layers


def normal(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def through(layer: L.Layer, x: np.ndarray) -> np.ndarray:
    return sb.Sequential([sb.Input(x.shape[1:]), layer]).predict(x, verbose=0)


def moments(x: np.ndarray, axes: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    wide = x.astype(np.float64)
    return wide.mean(axis=axes), wide.var(axis=axes)


@pytest.mark.parametrize("shape", [(3,), (5, 3), (6, 5, 3)])
def test_batch_normalization_moves_and_uses_its_values(shape: tuple[int, ...]) -> None:
    x, y = normal(1, 40, *shape) * 3 + 1, normal(2, 40, *shape)
    model = sb.Sequential([sb.Input(shape), L.BatchNormalization(momentum=0.8)], seed=1)
    assert [w.path.rpartition("/")[2] for w in model.weights] == ["gamma", "beta", "moving_mean", "moving_variance"]
    assert [w.name for w in model.trainable_weights] == ["gamma", "beta"]
    model.compile(optimizer=sb.optimizers.SGD(0.0), loss="mean_squared_error")
    model.fit(x, y, batch_size=20, epochs=1, shuffle=False, verbose=0)
    axes = tuple(range(len(shape)))
    mean, variance = np.zeros(3), np.ones(3)
    for part in (x[:20], x[20:]):
        batch = moments(part, axes)
        mean, variance = mean * 0.8 + batch[0] * 0.2, variance * 0.8 + batch[1] * 0.2
    got = model.get_weights()
    np.testing.assert_allclose(got[2], mean, rtol=1e-5)
    np.testing.assert_allclose(got[3], variance, rtol=1e-5)
    want = (x - mean) / np.sqrt(variance + 1e-3)
    np.testing.assert_allclose(model.predict(x, verbose=0), want, rtol=1e-4, atol=1e-5)


def test_batch_normalization_trains_on_the_batch_and_saves(tmp_path) -> None:
    x = normal(3, 64, 10) * 5 + 2
    y = (x[:, 0] > 2).astype(np.int32)

    def model() -> sb.Sequential:
        m = sb.Sequential([sb.Input((10,)), L.Dense(16), L.BatchNormalization(), L.ReLU(), L.Dense(2, "softmax")], seed=5)
        m.compile(optimizer=sb.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
        return m

    one, two = model(), model()
    history = one.fit(x, y, batch_size=16, epochs=8, verbose=0)
    two.fit(x, y, batch_size=16, epochs=8, verbose=0)
    assert one.digest() == two.digest()
    losses = history.history["loss"]
    assert losses[-1] < 0.6 * losses[0]
    one.save(tmp_path / "m.safetensors")
    again = sb.load_model(tmp_path / "m.safetensors")
    assert again.digest() == one.digest()
    assert (again.predict(x, verbose=0) == one.predict(x, verbose=0)).all()


def test_layer_normalization() -> None:
    x = normal(4, 7, 5, 33) * 4 - 1
    got = through(L.LayerNormalization(epsilon=0.01), x)
    mean, variance = moments(x, (2,))
    want = (x - mean[..., None]) / np.sqrt(variance[..., None] + 0.01)
    np.testing.assert_allclose(got, want, rtol=1e-5, atol=1e-6)


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def gelu(x: np.ndarray) -> np.ndarray:
    return x / 2 * (1 + np.vectorize(math.erf)(x / math.sqrt(2)))


def elu(x: np.ndarray) -> np.ndarray:
    return np.where(x > 0, x, np.expm1(x))


FUNCTIONS: list[tuple[L.Layer, Callable[[np.ndarray], np.ndarray]]] = [
    (L.ReLU(), lambda x: np.maximum(x, 0)),
    (L.ReLU(1.5, 0.1, 0.5), lambda x: np.where(x > 0.5, np.minimum(x, 1.5), 0.1 * (x - 0.5))),
    (L.LeakyReLU(), lambda x: np.where(x > 0, x, 0.3 * x)),
    (L.Activation("leaky_relu"), lambda x: np.where(x > 0, x, 0.2 * x)),
    (L.Activation("relu6"), lambda x: np.clip(x, 0, 6)),
    (L.ELU(0.5), lambda x: np.where(x > 0, x, 0.5 * np.expm1(x))),
    (L.Activation("elu"), elu),
    (L.GELU(), gelu),
    (L.Activation("gelu"), gelu),
    (L.SiLU(), lambda x: x * sigmoid(x)),
    (L.Activation("swish"), lambda x: x * sigmoid(x)),
    (L.Activation("softplus"), lambda x: np.logaddexp(x, 0)),
    (L.Softmax(), lambda x: np.exp(x) / np.exp(x).sum(axis=-1, keepdims=True)),
    (L.Rescaling(1 / 255, -0.5), lambda x: x / 255 - 0.5),
    (L.Reshape((3, -1)), lambda x: x.reshape(len(x), 3, 4)),
]


@pytest.mark.parametrize(("layer", "exact"), FUNCTIONS, ids=lambda value: getattr(type(value), "__name__", ""))
def test_functions(layer: L.Layer, exact: Callable[[np.ndarray], np.ndarray]) -> None:
    x = normal(6, 50, 12) * 4
    np.testing.assert_allclose(through(layer, x), exact(x.astype(np.float64)), rtol=2e-6, atol=2e-7)


def test_a_residual_block_and_a_concatenation() -> None:
    inputs = sb.Input((6, 6, 2))
    x = L.Conv2D(4, 3, padding="same", activation="silu")(inputs)
    block = L.BatchNormalization()(L.Conv2D(4, 3, padding="same")(x))
    x = L.ReLU()(L.Add()([x, block, x]))
    x = L.concatenate([L.Flatten()(x), L.Flatten()(inputs)])
    model = sb.Model(inputs, L.Dense(3, "softmax")(L.LayerNormalization()(x)), seed=2)
    assert model.output_shape == (None, 3)
    data, labels = normal(7, 30, 6, 6, 2), np.arange(30) % 3
    model.compile(optimizer="sgd", loss="sparse_categorical_crossentropy")
    losses = model.fit(data, labels, batch_size=8, epochs=6, verbose=0).history["loss"]
    assert losses[-1] < losses[0]


def test_add_and_concatenate_are_sums_and_joins() -> None:
    a, b = sb.Input((2, 3)), sb.Input((2, 3))
    model = sb.Model([a, b], [L.add([a, b, a]), L.Concatenate(1)([a, b]), L.concatenate([a, b], axis=-1)])
    x, y = normal(8, 4, 2, 3), normal(9, 4, 2, 3)
    total, rows, columns = model.predict([x, y], verbose=0)
    assert (total == (x + y) + x).all()
    assert (rows == np.concatenate([x, y], axis=1)).all()
    assert (columns == np.concatenate([x, y], axis=2)).all()


@pytest.mark.parametrize(
    ("error", "make"),
    [
        (NotImplementedError, lambda: through(L.BatchNormalization(axis=1), normal(0, 2, 3, 4))),
        (NotImplementedError, lambda: L.BatchNormalization(synchronized=True)),
        (NotImplementedError, lambda: L.BatchNormalization(beta_constraint="max_norm")),
        (NotImplementedError, lambda: L.LayerNormalization(rms_scaling=True)),
        (NotImplementedError, lambda: through(L.Softmax(axis=1), normal(0, 2, 3, 4))),
        (NotImplementedError, lambda: L.GELU(approximate=True)),
        (NotImplementedError, lambda: L.Add()([sb.Input((3,)), sb.Input((1,))])),
        (ValueError, lambda: L.Add()([sb.Input((3,)), sb.Input((4,))])),
        (ValueError, lambda: L.Concatenate(axis=0)([sb.Input((3,)), sb.Input((3,))])),
        (ValueError, lambda: L.Concatenate(axis=1)([sb.Input((3, 2)), sb.Input((3, 4))])),
        (ValueError, lambda: through(L.BatchNormalization(axis=5), normal(0, 2, 3))),
        (ValueError, lambda: L.BatchNormalization(epsilon=0)),
        (ValueError, lambda: L.BatchNormalization(momentum=-0.1)),
        (ValueError, lambda: L.ReLU(max_value=-1.0)),
        (ValueError, lambda: L.LeakyReLU(-0.1)),
        (ValueError, lambda: L.Reshape((-1, -1))),
        (ValueError, lambda: through(L.Reshape((5,)), normal(0, 2, 4))),
        (TypeError, lambda: L.Rescaling("x")),
        (TypeError, lambda: L.LeakyReLU(alpha=0.1)),
    ],
)
def test_refused(error: type[Exception], make: Callable[[], object]) -> None:
    with pytest.raises(error, match=r"^\[\w+\] .*; got "):
        make()
