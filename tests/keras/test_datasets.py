"""Batches from a real tf.data.Dataset: the bits of the same arrays, by fit, evaluate and predict."""

from typing import Any

import numpy as np
import pytest
import tensorflow as tf

import samebits as sb

RANDOM = np.random.default_rng(3)
X, Z = RANDOM.normal(size=(2, 50, 4)).astype(np.float32)
LABELS = RANDOM.integers(0, 3, 50)
VALUES = RANDOM.normal(size=(50, 2)).astype(np.float32)
WEIGHTS = RANDOM.uniform(0, 2, 50).astype(np.float32)
BATCH = 16


def classifier() -> sb.Sequential:
    model = sb.Sequential([sb.layers.Dense(8, "relu"), sb.layers.Dropout(0.3), sb.layers.Dense(3, "softmax")], seed=5)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def two_towers() -> sb.Model:
    left, right = sb.Input((4,), name="left"), sb.Input((4,), name="right")
    label = sb.layers.Dense(3, activation="softmax", name="label")(left)
    value = sb.layers.Dense(2, name="value")(sb.layers.Add()([left, right]))
    model = sb.Model([left, right], [label, value], seed=5)
    model.compile("adam", ["sparse_categorical_crossentropy", "mse"])
    return model


def batches(*parts: Any) -> tf.data.Dataset:
    return tf.data.Dataset.from_tensor_slices(parts if len(parts) > 1 else parts[0]).batch(BATCH)


def test_a_dataset_is_what_its_arrays_are() -> None:
    arrays, stream = classifier(), classifier()
    data = batches(X, LABELS).prefetch(tf.data.AUTOTUNE)
    expected = arrays.fit(X, LABELS, batch_size=BATCH, epochs=3, shuffle=False, verbose=0, validation_data=(X, LABELS))
    history = stream.fit(data, epochs=3, verbose=0, validation_data=data)
    assert stream.digest() == arrays.digest()
    assert {k: v for k, v in history.history.items() if not k.startswith("val_")} == {
        k: v for k, v in expected.history.items() if not k.startswith("val_")
    }
    assert history.params["steps"] == 4
    assert stream.evaluate(data, verbose=0) == arrays.evaluate(X, LABELS, batch_size=BATCH, verbose=0)
    np.testing.assert_array_equal(stream.predict(batches(X), verbose=0), arrays.predict(X, verbose=0))


def test_weights_of_samples() -> None:
    arrays, stream = classifier(), classifier()
    arrays.fit(X, LABELS, batch_size=BATCH, shuffle=False, sample_weight=WEIGHTS, verbose=0)
    stream.fit(batches(X, LABELS, WEIGHTS), verbose=0)
    assert stream.digest() == arrays.digest()


def test_inputs_and_outputs_by_name() -> None:
    arrays, stream = two_towers(), two_towers()
    arrays.fit([X, Z], [LABELS, VALUES], batch_size=BATCH, epochs=2, shuffle=False, verbose=0)
    stream.fit(batches({"right": Z, "left": X}, {"value": VALUES, "label": LABELS}), epochs=2, verbose=0)
    assert stream.digest() == arrays.digest()


def test_a_dataset_without_end_needs_steps() -> None:
    arrays, stream = classifier(), classifier()
    data = batches(X, LABELS)
    arrays.fit(X, LABELS, batch_size=BATCH, epochs=2, shuffle=False, verbose=0)
    history = stream.fit(data.repeat(), epochs=2, steps_per_epoch=4, verbose=0)
    assert stream.digest() == arrays.digest()
    assert len(history.epoch) == 2
    for call in (stream.fit, stream.evaluate, stream.predict):
        with pytest.raises(ValueError, match="a pass over the data must end"):
            call(data.repeat(), verbose=0)


def test_the_digest_of_what_came() -> None:
    """A tf.data.Dataset is code outside samebits: History says which batches it gave."""
    first, second = (classifier().fit(batches(X, LABELS), verbose=0).data_digest for _ in range(2))
    other = classifier().fit(batches(X[::-1].copy(), LABELS), verbose=0).data_digest
    assert first is not None
    assert first == second
    assert first != other


def test_of_unknown_length() -> None:
    arrays, stream = classifier(), classifier()
    kept = LABELS > 0
    arrays.fit(X[kept], LABELS[kept], batch_size=BATCH, shuffle=False, verbose=0)
    data = tf.data.Dataset.from_tensor_slices((X, LABELS)).filter(lambda x, y: y > 0).batch(BATCH)
    history = stream.fit(data, verbose=0)
    assert stream.digest() == arrays.digest()
    assert history.params["steps"] is None
