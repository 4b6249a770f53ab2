"""Losses, smoothed labels and weights of samples against Keras's formulas in float64, through every way to train and evaluate.

Gradients are compared with central differences of those formulas: h = 1e-6 costs about 1e-10 in float64, the rest is float32.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import samebits as sb

RATE = 0.5
N, FEATURES, CLASSES = 12, 4, 3
RNG = np.random.default_rng(5)
X = RNG.standard_normal((N, FEATURES)).astype(np.float32)
LABELS = RNG.integers(0, CLASSES, N)
ONE_HOT = np.eye(CLASSES, dtype=np.float32)[LABELS]
VALUES = RNG.standard_normal((N, CLASSES)).astype(np.float32)
BITS = (RNG.random((N, CLASSES)) < 0.5).astype(np.float32)
WEIGHT = RNG.uniform(0, 3, N).astype(np.float32)
BY_CLASS = {0: 2.0, 2: 0.25}
Rows = np.ndarray


def softmax(z: Rows) -> Rows:
    e = np.exp(z - z.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def smooth(y: Rows, e: float, parts: int) -> Rows:
    return y * (1 - e) + e / parts


def huber(d: Rows, delta: float) -> Rows:
    return np.where(np.abs(d) <= delta, 0.5 * d**2, delta * np.abs(d) - 0.5 * delta**2).mean(-1)


def categorical(z: Rows, y: Rows, e: float = 0.0) -> Rows:
    return -(smooth(y, e, CLASSES) * np.log(softmax(z))).sum(-1)


def binary(z: Rows, y: Rows, e: float = 0.0) -> Rows:
    y, p = smooth(y, e, 2), 1 / (1 + np.exp(-z))
    return -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean(-1)


class Case:
    def __init__(self, loss: Any, activation: str | None, y: Rows, rows: Callable[[Rows], Rows], labelled: bool) -> None:
        self.loss, self.activation, self.y, self.rows, self.labelled = loss, activation, y, rows, labelled

    def model(self) -> sb.Sequential:
        model = sb.Sequential([sb.layers.Dense(CLASSES, activation=self.activation, input_shape=(FEATURES,))], seed=3)
        model.compile(sb.optimizers.SGD(RATE), self.loss)
        return model

    def value(self, flat: Rows, weight: Rows) -> float:
        """Keras: the sum of weighted losses by the number of samples."""
        z = X.astype(np.float64) @ flat[:-CLASSES].reshape(FEATURES, CLASSES) + flat[-CLASSES:]
        return float((self.rows(z) * weight).sum() / N)

    def stepped(self, flat: Rows, weight: Rows) -> Rows:
        h = 1e-6
        slope = [(self.value(flat + h * e, weight) - self.value(flat - h * e, weight)) / (2 * h) for e in np.eye(flat.size)]
        return flat - RATE * np.array(slope)


losses = sb.losses
CASES = {
    "categorical": Case("categorical_crossentropy", "softmax", ONE_HOT, lambda z: categorical(z, ONE_HOT), True),
    "sparse": Case("sparse_categorical_crossentropy", "softmax", LABELS, lambda z: categorical(z, ONE_HOT), True),
    "smooth": Case(
        losses.CategoricalCrossentropy(label_smoothing=0.2), "softmax", ONE_HOT, lambda z: categorical(z, ONE_HOT, 0.2), True
    ),
    "smooth logits": Case(
        losses.CategoricalCrossentropy(True, 0.2), None, ONE_HOT, lambda z: categorical(z, ONE_HOT, 0.2), True
    ),
    "binary": Case("binary_crossentropy", "sigmoid", BITS, lambda z: binary(z, BITS), False),
    "smooth binary": Case(
        losses.BinaryCrossentropy(label_smoothing=0.3), "sigmoid", BITS, lambda z: binary(z, BITS, 0.3), False
    ),
    "mse": Case("mse", None, VALUES, lambda z: ((z - VALUES) ** 2).mean(-1), False),
    "mae": Case("mae", None, VALUES, lambda z: np.abs(z - VALUES).mean(-1), False),
    "huber": Case("huber", None, VALUES, lambda z: huber(z - VALUES, 1.0), False),
    "huber 0.3": Case(losses.Huber(0.3), None, VALUES, lambda z: huber(z - VALUES, 0.3), False),
}


def flat(model: sb.Sequential) -> Rows:
    return np.concatenate([w.ravel() for w in model.get_weights()]).astype(np.float64)


def close(got: Any, want: Any) -> None:
    np.testing.assert_allclose(got, want, rtol=3e-6, atol=3e-7)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("weighting", ["none", "sample", "class", "both"])
def test_against_keras_formulas(name: str, weighting: str) -> None:
    case = CASES[name]
    if weighting in ("class", "both") and not case.labelled:
        pytest.skip("targets without classes")
    sample = WEIGHT if weighting in ("sample", "both") else None
    by_class = BY_CLASS if weighting in ("class", "both") else None
    weight = np.ones(N) if sample is None else sample.astype(np.float64)
    if by_class is not None:
        weight = weight * np.array([BY_CLASS.get(int(label), 1.0) for label in LABELS])
    model = case.model()
    start = flat(model)
    close(model.evaluate(X, case.y, sample_weight=weight.astype(np.float32), verbose=0), case.value(start, weight))
    close(model.test_on_batch(X, case.y, sample_weight=weight.astype(np.float32)), case.value(start, weight))
    close(model.train_on_batch(X, case.y, sample_weight=sample, class_weight=by_class), case.value(start, weight))
    close(flat(model), case.stepped(start, weight))

    fitted = case.model()
    history = fitted.fit(X, case.y, batch_size=N, shuffle=False, sample_weight=sample, class_weight=by_class, verbose=0)
    close(history.history["loss"], [case.value(start, weight)])
    assert fitted.digest() == model.digest()

    def batches() -> Iterator[Any]:
        yield (X, case.y) if sample is None else (X, case.y, sample)

    streamed = case.model()
    streamed.fit(batches(), class_weight=by_class, verbose=0)
    assert streamed.digest() == model.digest()


def test_weights_of_one_change_no_bit_and_zeros_leave_samples_out() -> None:
    case = CASES["sparse"]
    plain, ones = case.model(), case.model()
    plain.fit(X, LABELS, batch_size=5, epochs=2, verbose=0)
    ones.fit(X, LABELS, batch_size=5, epochs=2, sample_weight=np.ones(N), verbose=0)
    assert plain.digest() == ones.digest()
    without = case.model()
    kept = case.model()
    zero = np.arange(N) < 6
    without.fit(X, LABELS, batch_size=N, shuffle=False, sample_weight=zero.astype(np.float32) * 2, verbose=0)
    kept.train_on_batch(X[:6], LABELS[:6])  # half of the samples, each weighing twice
    close(flat(without), flat(kept))


def test_validation_weights_and_class_weight_of_a_binary_target() -> None:
    y = (LABELS == 1).astype(np.float32)
    model = sb.Sequential([sb.layers.Dense(1, activation="sigmoid", input_shape=(FEATURES,))], seed=3)
    model.compile(sb.optimizers.SGD(0.0), "binary_crossentropy")
    fitted = model.fit(X, y, batch_size=5, class_weight={1: 4.0}, validation_data=(X, y, WEIGHT), verbose=0)
    p = model.predict(X)[:, 0].astype(np.float64)
    rows = -(y * np.log(p) + (1 - y) * np.log(1 - p))
    close(fitted.history["loss"], [(rows * np.where(y == 1, 4.0, 1.0)).mean()])
    close(fitted.history["val_loss"], [(rows * WEIGHT).mean()])


def test_metrics_see_targets_that_are_not_smoothed() -> None:
    model = sb.Sequential([sb.layers.Dense(CLASSES, activation="sigmoid", input_shape=(FEATURES,))], seed=3)
    model.compile("sgd", losses.BinaryCrossentropy(label_smoothing=0.5), metrics=["binary_accuracy"])
    got = model.evaluate(X, BITS, return_dict=True, verbose=0)["binary_accuracy"]
    assert got == ((model.predict(X) > 0.5) == BITS).mean() > 0


@pytest.mark.parametrize(
    ("error", "words", "make"),
    [
        (ValueError, "delta=0", lambda: losses.Huber(0)),
        (ValueError, "delta=-1", lambda: losses.Huber(-1.0)),
        (ValueError, "delta=1e-50", lambda: losses.Huber(1e-50)),
        (ValueError, "delta must be finite", lambda: losses.Huber(float("inf"))),
        (TypeError, "delta", lambda: losses.Huber("1")),
        (ValueError, "label_smoothing=1.5", lambda: losses.BinaryCrossentropy(label_smoothing=1.5)),
        (ValueError, "label_smoothing=-0.1", lambda: losses.CategoricalCrossentropy(label_smoothing=-0.1)),
        (TypeError, "label_smoothing", lambda: losses.SparseCategoricalCrossentropy(label_smoothing=0.1)),
        (TypeError, "from_logits", lambda: losses.MeanAbsoluteError(from_logits=True)),
        (NotImplementedError, "reduction", lambda: losses.Huber(reduction="sum")),
    ],
)
def test_refused(error: type[Exception], words: str, make: Callable[[], Any]) -> None:
    with pytest.raises(error, match=words):
        make()


@pytest.mark.parametrize(
    ("words", "weights"),
    [
        ("one number a sample", {"sample_weight": np.ones(N - 1)}),
        ("sample_weight", {"sample_weight": np.full(N, np.nan)}),
        ("class_weight", {"class_weight": {0: -1.0}}),
        ("class_weight", {"class_weight": {0: float("inf")}}),
    ],
)
def test_refused_weights_leave_the_model(words: str, weights: dict[str, Any]) -> None:
    model = CASES["sparse"].model()
    before = model.digest()
    for call in (lambda: model.fit(X, LABELS, verbose=0, **weights), lambda: model.train_on_batch(X, LABELS, **weights)):
        with pytest.raises(ValueError, match=words):
            call()
    with pytest.raises(ValueError, match="class_weight needs one label"):
        model.fit(X, LABELS[:5], class_weight={0: 1.0}, verbose=0)
    assert model.digest() == before and model._cpp.step == 0


def test_saved_and_told() -> None:
    assert repr(losses.Huber(0.3)) == "Huber(delta=0.3)"
    assert repr(losses.CategoricalCrossentropy()) == "CategoricalCrossentropy()"
    assert repr(losses.BinaryCrossentropy(True, 0.1)) == "BinaryCrossentropy(from_logits=True, label_smoothing=0.1)"


def test_load_model_goes_on_with_the_same_loss(tmp_path: Any) -> None:
    for name in ("smooth", "huber 0.3", "mae"):
        case = CASES[name]
        model = case.model()
        model.fit(X, case.y, verbose=0)
        model.save(tmp_path / "m.safetensors")
        again = sb.load_model(tmp_path / "m.safetensors")
        model.fit(X, case.y, verbose=0)
        again.fit(X, case.y, verbose=0)
        assert again.digest() == model.digest()
