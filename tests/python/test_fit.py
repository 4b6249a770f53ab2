"""Training: what must give equal bits, and what the numbers that it returns mean."""

import ctypes

import numpy as np
import pytest

import samebits as sb
from support import Array, blobs, cnn, mlp

X, Y = blobs()


def test_two_fits_are_one() -> None:
    once, twice = cnn(), cnn()
    whole = once.fit(X, Y, epochs=2, batch_size=16, verbose=0)
    parts = [twice.fit(X, Y, epochs=1, batch_size=16, verbose=0) for _ in range(2)]
    assert once.digest() == twice.digest()
    assert (twice.epoch, twice.step) == (once.epoch, once.step) == (2, 10)
    assert [p.epoch for p in parts] == [[0], [1]]
    assert [p.history["loss"][0] for p in parts] == whole.history["loss"]


def test_equal_models_are_equal_and_other_seeds_are_not() -> None:
    models = [cnn(seed=s) for s in (7, 7, 8)]
    for model in models:
        model.fit(X, Y, verbose=0)
    assert models[0].digest() == models[1].digest() != models[2].digest()


def test_each_setting_changes_bits() -> None:
    """The equalities here would be worthless if the arguments did nothing."""
    digests = set()
    for options in ({}, {"shuffle": False}, {"batch_size": 16}, {"epochs": 2}, {"validation_split": 0.5}):
        model = cnn()
        model.fit(X, Y, verbose=0, **options)  # type: ignore[arg-type]
        digests.add(model.digest())
    undropped = cnn(dropout=0.0)
    undropped.fit(X, Y, verbose=0)
    digests.add(undropped.digest())
    assert len(digests) == 6


def test_epochs_have_orders_of_their_own() -> None:
    a, b = cnn(), cnn()
    a.fit(X, Y, epochs=2, verbose=0)
    b.fit(X, Y, epochs=1, verbose=0)
    b.fit(X, Y, epochs=1, initial_epoch=0, verbose=0)  # the order of epoch 0 again
    assert a.digest() != b.digest()


def test_initial_epoch_means_what_it_means_in_keras() -> None:
    whole, resumed = cnn(), cnn()
    whole.fit(X, Y, epochs=5, verbose=0)
    resumed.fit(X, Y, epochs=3, verbose=0)
    history = resumed.fit(X, Y, initial_epoch=3, epochs=5, verbose=0)
    assert history.epoch == [3, 4]
    assert resumed.digest() == whole.digest()
    assert resumed.fit(X, Y, initial_epoch=5, epochs=5, verbose=0).epoch == []
    assert resumed.digest() == whole.digest()


def test_last_batch_may_be_partial() -> None:
    model, by_hand = cnn(), cnn()
    model.fit(X, Y, batch_size=32, shuffle=False, verbose=0)
    for part in (slice(0, 32), slice(32, 64), slice(64, 70)):
        by_hand.train_on_batch(X[part], Y[part])
    assert model.step == 3
    assert model.digest() == by_hand.digest()


def test_validation_split_is_the_last_part_and_is_not_trained_on() -> None:
    split, data = cnn(), cnn()
    at = int(np.floor(70 * (1.0 - 0.3)))
    a = split.fit(X, Y, epochs=2, validation_split=0.3, verbose=0)
    b = data.fit(X[:at], Y[:at], epochs=2, validation_data=(X[at:], Y[at:]), verbose=0)
    assert a.history == b.history
    assert split.digest() == data.digest()
    loss, accuracy = split.evaluate(X[at:], Y[at:], verbose=0)
    assert (a.history["val_loss"][-1], a.history["val_accuracy"][-1]) == (loss, accuracy)


def test_validation_does_not_change_training() -> None:
    plain, watched = cnn(), cnn()
    plain.fit(X, Y, epochs=2, verbose=0)
    watched.fit(X, Y, epochs=2, validation_data=(X[:9], Y[:9]), verbose=0)
    assert plain.digest() == watched.digest()


def test_looking_does_not_change_training() -> None:
    plain, watched = cnn(), cnn()
    plain.fit(X, Y, epochs=2, verbose=0)
    watched.fit(X, Y, verbose=0)
    watched.evaluate(X, Y, verbose=0)
    watched.predict(X[:5], verbose=0)
    watched.test_on_batch(X[:5], Y[:5])
    watched.fit(X, Y, verbose=0)
    assert plain.digest() == watched.digest()


def test_zero_epochs_train_nothing() -> None:
    model = cnn()
    before = model.digest()
    assert model.fit(X, Y, epochs=0, verbose=0).history == {}
    assert (model.digest(), model.epoch) == (before, 0)


def test_train_on_batch_returns_running_means() -> None:
    model = cnn(dropout=0.0)
    parts = [slice(0, 10), slice(10, 40), slice(40, 70)]
    single = []
    for part in parts:  # the loss of a batch before its step
        single.append((model.test_on_batch(X[part], Y[part]), len(X[part])))
        model.reset_metrics()
        running = model.train_on_batch(X[part], Y[part])
        assert running == single[-1][0]
        model.reset_metrics()
    again = cnn(dropout=0.0)
    got = [again.train_on_batch(X[part], Y[part]) for part in parts]
    for i in range(3):
        weights = np.array([n for _, n in single[: i + 1]], np.float64)
        means = np.average([m for m, _ in single[: i + 1]], axis=0, weights=weights)
        np.testing.assert_allclose(got[i], means, rtol=1e-12)
    again.fit(X, Y, epochs=0, verbose=0)  # fit starts the means anew
    assert again.train_on_batch(X[:10], Y[:10])[0] != pytest.approx(got[-1][0])


def test_prediction_of_a_sample_does_not_depend_on_its_batch() -> None:
    model = cnn()
    model.fit(X, Y, verbose=0)
    whole = model.predict(X, verbose=0)
    for size in (1, 7, 64):
        np.testing.assert_array_equal(model.predict(X, batch_size=size, verbose=0), whole)
    np.testing.assert_array_equal(model.predict_on_batch(X[3:4])[0], whole[3])


def test_learning_happens() -> None:
    model = cnn(dropout=0.0)
    model.compile(sb.optimizers.Adam(0.02), "sparse_categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(X, Y, epochs=60, verbose=0).history
    assert history["loss"][-1] < 0.5 * history["loss"][0]
    assert history["accuracy"][-1] > 0.9


def _digest(x: object, y: object) -> str:
    model = cnn()
    model.fit(x, y, verbose=0)
    return model.digest()


def _padded(a: Array) -> Array:
    big = np.full((a.shape[0], *(2 * n for n in a.shape[1:])), 99, a.dtype)
    view = big[tuple([slice(None)] + [slice(None, None, 2)] * (a.ndim - 1))]
    view[:] = a
    return view


def _unaligned(a: Array) -> Array:
    raw = np.zeros(a.nbytes + 1, np.uint8)[1:]
    view = raw.view(a.dtype).reshape(a.shape)
    view[:] = a
    return view


class Foreign:
    """An array of another library."""

    def __init__(self, array: Array) -> None:
        self.array = array

    def __array__(self, dtype: object = None, copy: object = None) -> Array:
        return self.array


class Dlpack:
    def __init__(self, array: Array) -> None:
        self.__dlpack__ = array.__dlpack__
        self.__dlpack_device__ = array.__dlpack_device__


FORMS = {
    "Fortran order": np.asfortranarray,
    "reversed": lambda a: a[::-1].copy()[::-1],
    "strided": _padded,
    "unaligned": _unaligned,
    "read-only": lambda a: np.lib.stride_tricks.as_strided(a, writeable=False),
    "big-endian": lambda a: a.astype(a.dtype.newbyteorder(">")),
    "list": lambda a: a.tolist(),
    "__array__": Foreign,
    "DLPack": Dlpack,
}


@pytest.mark.parametrize("form", FORMS)
def test_strides_and_containers_do_not_change_bits(form: str) -> None:
    y = Y.astype(np.int32)
    assert _digest(FORMS[form](X), FORMS[form](y)) == _digest(X, y)


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "?"])
def test_element_types_do_not_change_bits(dtype: str) -> None:
    x = (X > 0.5).astype(dtype) if dtype == "?" else np.clip(np.round(X * 4), 0, 100).astype(dtype)
    y = (Y > 1).astype(dtype) if dtype == "?" else Y.astype(dtype)
    assert _digest(x, y) == _digest(x.astype(np.float32), y.astype(np.int64))


def test_arrays_are_read_in_place_and_not_written() -> None:
    x = X.copy()
    x.flags.writeable = False
    model = cnn()
    result = model.predict(x, verbose=0)
    result[:] = 7  # belongs to the caller
    np.testing.assert_array_equal(x, X)
    assert model.predict(x, verbose=0).max() <= 1


def test_a_prediction_outlives_its_model() -> None:
    expected = cnn(seed=1).predict(X, verbose=0).tobytes()
    result = cnn(seed=1).predict(X, verbose=0)
    others = [cnn(seed=seed).predict(X, verbose=0) for seed in range(2, 8)]  # would get the memory if it were free
    assert result.tobytes() == expected
    assert all(other.tobytes() != expected for other in others)


def test_compile_again_keeps_weights_and_counters() -> None:
    model = cnn()
    model.fit(X, Y, verbose=0)
    before = (model.digest(), model.epoch, model.step)
    model.compile("sgd", "sparse_categorical_crossentropy")
    assert (model.digest(), model.epoch, model.step) == before
    assert isinstance(model.optimizer, sb.optimizers.SGD)


@pytest.mark.parametrize(
    ("loss", "activation", "y"),
    [
        ("mse", None, np.ones((8, 2))),
        ("mean_squared_error", "relu", np.ones((8, 2))),
        ("binary_crossentropy", "sigmoid", np.eye(2)[[0, 1] * 4]),
        ("categorical_crossentropy", "softmax", np.eye(2)[[0, 1] * 4]),
        ("sparse_categorical_crossentropy", "softmax", np.array([0, 1] * 4)),
        (sb.losses.SparseCategoricalCrossentropy(from_logits=True), None, np.array([[0], [1]] * 4)),
        (sb.losses.CategoricalCrossentropy(from_logits=True), "linear", np.eye(2)[[0, 1] * 4]),
        (sb.losses.BinaryCrossentropy(from_logits=True), None, np.eye(2)[[0, 1] * 4]),
    ],
)
def test_every_loss_goes_down(loss: str, activation: str | None, y: Array) -> None:
    x = np.random.default_rng(0).normal(size=(8, 4))
    x[::2] += 1
    model = mlp(loss=loss, activation=activation)
    model.compile(sb.optimizers.SGD(0.1, momentum=0.5), loss)
    history = model.fit(x, y, epochs=20, verbose=0).history["loss"]
    assert history[-1] < history[0]


def test_the_callers_floating_point_flags_are_left_alone() -> None:
    libm = ctypes.CDLL("libm.so.6")
    model = cnn()
    libm.feclearexcept(0x3F)
    model.fit(X, Y, verbose=0)
    flags = libm.fetestexcept(0x3F)
    assert flags == 0
