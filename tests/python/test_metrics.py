"""Metrics against their definitions in NumPy; names as Keras gives them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import samebits as sb

N, FEATURES, CLASSES = 50, 4, 7
RNG = np.random.default_rng(6)
X = RNG.standard_normal((N, FEATURES)).astype(np.float32)
LABELS = RNG.integers(0, CLASSES, N)
ONE_HOT = np.eye(CLASSES, dtype=np.float32)[LABELS]
BITS = (RNG.random((N, CLASSES)) < 0.5).astype(np.float32)
VALUES = RNG.standard_normal((N, CLASSES)).astype(np.float32)
metrics = sb.metrics


def compiled(activation: str | None, loss: Any, wanted: list[Any]) -> sb.Sequential:
    model = sb.Sequential([sb.layers.Dense(CLASSES, activation=activation, input_shape=(FEATURES,))], seed=3)
    model.compile(sb.optimizers.SGD(0.0), loss, metrics=wanted)
    return model


def numbers(model: sb.Sequential, y: Any) -> dict[str, float]:
    return model.evaluate(X, y, batch_size=16, return_dict=True, verbose=0)


def in_top(p: np.ndarray, label: np.ndarray, k: int) -> float:
    own = np.take_along_axis(p, label[:, None], 1)
    return float(((p > own).sum(1) < k).mean())


def test_top_k() -> None:
    wanted = ["sparse_top_k_categorical_accuracy", metrics.SparseTopKCategoricalAccuracy(2, "two"), "accuracy"]
    model = compiled("softmax", "sparse_categorical_crossentropy", wanted)
    got, p = numbers(model, LABELS), model.predict(X)
    assert list(got) == ["loss", "sparse_top_k_categorical_accuracy", "two", "accuracy"]
    assert got["sparse_top_k_categorical_accuracy"] == in_top(p, LABELS, 5) > got["two"] == in_top(p, LABELS, 2)
    assert got["two"] > got["accuracy"] == (p.argmax(1) == LABELS).mean()

    dense = compiled(
        "softmax", "categorical_crossentropy", ["top_k_categorical_accuracy", metrics.TopKCategoricalAccuracy(k=9, name="all")]
    )
    got = numbers(dense, ONE_HOT)
    assert got["top_k_categorical_accuracy"] == in_top(p, LABELS, 5)
    assert got["all"] == 1.0


def test_equal_outputs_are_within_top_k() -> None:
    """Keras's in_top_k: an output counts when fewer than k are larger."""
    model = compiled("softmax", "sparse_categorical_crossentropy", [metrics.SparseTopKCategoricalAccuracy(1)])
    model.set_weights([np.zeros((FEATURES, CLASSES)), np.zeros(CLASSES)])
    assert numbers(model, LABELS)["sparse_top_k_categorical_accuracy"] == 1.0
    bias = np.zeros(CLASSES)
    bias[3] = 1.0
    model.set_weights([np.zeros((FEATURES, CLASSES)), bias])
    assert numbers(model, LABELS)["sparse_top_k_categorical_accuracy"] == (LABELS == 3).mean()


def test_errors_are_summed_in_float64_in_order() -> None:
    wanted = ["mse", "mean_absolute_error", metrics.MeanSquaredError(), metrics.MeanAbsoluteError(name="far")]
    model = compiled(None, "mse", wanted)
    got, p = numbers(model, VALUES), model.predict(X)
    squares, sizes = 0.0, 0.0
    for d in p.astype(np.float64).ravel() - VALUES.astype(np.float64).ravel():
        squares, sizes = squares + d * d, sizes + abs(d)
    assert list(got) == ["loss", "mse", "mean_absolute_error", "mean_squared_error", "far"]
    assert got["mse"] == got["mean_squared_error"] == squares / p.size
    assert got["mean_absolute_error"] == got["far"] == sizes / p.size


def test_binary_thresholds_and_equality() -> None:
    wanted = ["binary_accuracy", metrics.BinaryAccuracy(threshold=0.3, name="low"), metrics.Accuracy()]
    model = compiled("sigmoid", "binary_crossentropy", wanted)
    got, p = numbers(model, BITS), model.predict(X)
    assert got["binary_accuracy"] == ((p > 0.5) == BITS).mean()
    assert got["low"] == ((p > np.float32(0.3)) == BITS).mean() != got["binary_accuracy"]
    assert got["accuracy"] == 0.0
    relu = compiled("relu", "mse", [metrics.Accuracy("same")])
    p = relu.predict(X)
    assert numbers(relu, np.zeros_like(p))["same"] == (p == 0).mean() > 0.2


def test_classes_by_object() -> None:
    sparse = compiled("softmax", "sparse_categorical_crossentropy", [metrics.SparseCategoricalAccuracy("a"), "acc"])
    got = numbers(sparse, LABELS)
    assert list(got) == ["loss", "a", "acc"] and got["a"] == got["acc"]
    dense = compiled("softmax", "categorical_crossentropy", [metrics.CategoricalAccuracy()])
    assert numbers(dense, ONE_HOT)["categorical_accuracy"] == got["a"]


def test_history_files_and_several_outputs(tmp_path: Any) -> None:
    wanted = ["accuracy", metrics.SparseTopKCategoricalAccuracy(3, name="three")]
    model = compiled("softmax", "sparse_categorical_crossentropy", wanted)
    history = model.fit(X, LABELS, validation_split=0.2, verbose=0).history
    assert list(history) == ["loss", "accuracy", "three", "val_loss", "val_accuracy", "val_three"]
    model.save(tmp_path / "m.safetensors")
    assert numbers(sb.load_model(tmp_path / "m.safetensors"), LABELS) == numbers(model, LABELS)

    inputs = sb.Input(shape=(FEATURES,))
    a = sb.layers.Dense(CLASSES, activation="softmax", name="a")(inputs)
    b = sb.layers.Dense(CLASSES, name="b")(inputs)
    two = sb.Model(inputs, [a, b])
    two.compile("sgd", ["sparse_categorical_crossentropy", "mae"], metrics={"a": wanted, "b": ["mse"]})
    names = list(two.fit(X, [LABELS, VALUES], verbose=0).history)
    assert names == ["loss", "a_loss", "b_loss", "a_accuracy", "a_three", "b_mse"]


@pytest.mark.parametrize(
    ("error", "words", "make"),
    [
        (ValueError, "k=0", lambda: metrics.TopKCategoricalAccuracy(0)),
        (TypeError, "k=2.5", lambda: metrics.TopKCategoricalAccuracy(2.5)),
        (ValueError, "threshold=1", lambda: metrics.BinaryAccuracy(threshold=1)),
        (ValueError, "name", lambda: metrics.Accuracy("loss")),
        (TypeError, "name", lambda: metrics.Accuracy(3)),
        (TypeError, "top", lambda: metrics.TopKCategoricalAccuracy(top=3)),
        (NotImplementedError, "AUC", lambda: metrics.AUC()),
        (TypeError, "a metric is", lambda: compiled("softmax", "sparse_categorical_crossentropy", [3])),
        (NotImplementedError, "functions and classes", lambda: compiled("softmax", "sparse_categorical_crossentropy", [len])),
        (NotImplementedError, "functions and classes", lambda: compiled(None, "mse", [metrics.MeanAbsoluteError])),
        *[
            (NotImplementedError, f'metric "{name}" is not implemented yet', lambda name=name: compiled(None, "mse", [name]))
            for name in ("bce", "kl_divergence", "KLDivergence", "msle", "MSLE", "IoU", "F1Score", "binary_crossentropy")
        ],
        (ValueError, "does not fit", lambda: compiled("softmax", "sparse_categorical_crossentropy", ["mse"])),
        (
            ValueError,
            "does not fit",
            lambda: compiled("softmax", "categorical_crossentropy", ["sparse_top_k_categorical_accuracy"]),
        ),
        (ValueError, "names must differ", lambda: compiled(None, "mse", ["mse", metrics.MeanAbsoluteError("mse")])),
        (ValueError, "did you mean", lambda: compiled(None, "mse", ["mean_square_error"])),
        (NotImplementedError, "AUC", lambda: compiled(None, "mse", ["AUC"])),
    ],
)
def test_refused(error: type[Exception], words: str, make: Callable[[], Any]) -> None:
    with pytest.raises(error, match=words):
        make()
