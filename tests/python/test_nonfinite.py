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
