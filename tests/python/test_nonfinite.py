"""A value that is not finite stops the run, says where, and takes the weights out of the promise."""

import numpy as np
import pytest

import samebits as sb
from support import blobs, cnn, mlp


def diverged() -> tuple[sb.Sequential, str]:
    model = mlp()
    model.compile(sb.optimizers.SGD(1e30), "mse")
    with pytest.raises(sb.NonFiniteError) as caught:
        model.fit(np.ones((8, 4)), np.ones((8, 2)), batch_size=4, epochs=5, verbose=0)
    return model, str(caught.value)


def test_it_names_step_and_tensor() -> None:
    model, text = diverged()
    assert text.startswith("[fit]")
    assert f"step {model.step}" in text
    assert any(word in text for word in ("loss", "dense/kernel", "dense_1/kernel", "dense_1/bias", "dense/bias"))
    assert model.step >= 1
    again, same = diverged()
    assert (same, again.step) == (text, model.step)


def test_it_is_a_runtime_error() -> None:
    assert issubclass(sb.NonFiniteError, sb.RunFailedError)
    assert issubclass(sb.RunFailedError, RuntimeError)


def test_what_is_refused_afterwards(tmp_path: object) -> None:
    model, _ = diverged()
    x, y = np.ones((8, 4)), np.ones((8, 2))
    for call in (
        model.digest,
        lambda: model.save(f"{tmp_path}/m.safetensors"),
        lambda: model.save_weights(f"{tmp_path}/m.safetensors"),
        lambda: model.fit(x, y),
        lambda: model.evaluate(x, y),
        lambda: model.train_on_batch(x, y),
    ):
        with pytest.raises(sb.RunFailedError, match=r"not finite"):
            call()
    assert len(model.get_weights()) == 4  # looking is allowed


def test_set_weights_revives() -> None:
    model, _ = diverged()
    weights = [np.full(w.shape, 0.5) for w in model.weights]
    model.set_weights(weights)
    model.compile("sgd", "mse")
    model.fit(np.ones((8, 4)), np.ones((8, 2)), verbose=0)
    assert model.digest().startswith("sha256:")


def test_train_on_batch_stops_too() -> None:
    model = cnn()
    model.compile(sb.optimizers.SGD(1e38), "sparse_categorical_crossentropy")
    x, y = blobs()
    model.train_on_batch(x, y)
    with pytest.raises(sb.NonFiniteError, match=r"^\[(train_on_batch|fit)\] .*step"):
        model.train_on_batch(x * 1e3, y)


@pytest.mark.parametrize("isa", sb.runtime.info()["isas"].split(", "))
def test_a_nan_has_one_pattern(isa: str) -> None:
    dense = [sb.layers.Dense(units, use_bias=False) for units in (2, 1)]
    model = sb.Sequential([sb.Input(shape=(1,)), *dense])
    model.set_weights([np.array([[3e38, 3e38]]), np.array([[1], [-1]])])  # infinity - infinity
    before = sb.runtime.info()["isa"]
    try:
        sb.runtime.configure(isa=isa)  # type: ignore[arg-type]
        got = model.predict(np.full((1, 1), 3e38, np.float32), verbose=0)
    finally:
        sb.runtime.configure(isa=before)
    assert got.view(np.uint32)[0, 0] == 0x7FC00000


def test_new_weights_are_not_enough_when_the_optimizer_overflowed() -> None:
    model = sb.Sequential([sb.layers.Dense(1, use_bias=False, input_shape=(1,))])
    model.compile(sb.optimizers.Adam(), "mae")
    weights = model.get_weights()
    big = np.full((1, 1), 1e25, np.float32)
    with pytest.raises(sb.NonFiniteError, match=r"got inf in dense/kernel/v"):
        model.fit(big, -big, verbose=0)
    model.set_weights(weights)
    with pytest.raises(sb.RunFailedError, match=r"compile\(\) again, then set or load weights"):
        model.fit(big, -big, verbose=0)
    model.compile("sgd", "mae")
    model.set_weights(weights)
    model.fit(np.ones((1, 1)), np.ones((1, 1)), verbose=0)
