"""What the tests of samebits.compat.tf share."""

from typing import Any

import numpy as np
import pytest

import samebits as sb
import samebits.compat.tf as tf
from samebits.compat.tf import _offered


@pytest.fixture(autouse=True)
def as_at_the_start(monkeypatch: pytest.MonkeyPatch) -> Any:
    """What is said once may be said in each test; np.random has a seed, so that nothing is said of it."""
    monkeypatch.setattr(_offered, "_said", set())
    np.random.seed(0)
    yield
    sb.utils.set_random_seed(0)
    sb.runtime.configure(memory_limit=0)


def classifier(*, units: int = 3, metrics: Any = ("accuracy",)) -> Any:
    model = tf.keras.Sequential([tf.keras.Input(shape=(4,)), tf.keras.layers.Dense(units, activation="softmax")])
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=list(metrics))
    return model


X = np.arange(32, dtype=np.float32).reshape(8, 4) / 32
Y = np.arange(8) % 3
