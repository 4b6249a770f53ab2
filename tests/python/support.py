"""What the tests of the Python API share: small models and data, and programs in processes of their own."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

try:
    import samebits as sb
except ModuleNotFoundError as error:
    raise ModuleNotFoundError("set SAMEBITS_BUILD_DIR to a build with the target _core, or install samebits") from error

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
Array = npt.NDArray[Any]


def blobs(n: int = 70, *, classes: int = 3, seed: int = 1) -> tuple[Array, Array]:
    """Images (n, 6, 5, 2) whose brightness tells their class, and the classes (n,)."""
    random = np.random.default_rng(seed)
    y = random.integers(0, classes, n)
    x = random.normal(size=(n, 6, 5, 2)).astype(np.float32) + y[:, None, None, None].astype(np.float32)
    return x, y


def cnn(seed: int = 7, *, compiled: bool = True, dropout: float = 0.25) -> sb.Sequential:
    model = sb.Sequential(
        [
            sb.layers.Conv2D(4, 3, padding="same", activation="relu", input_shape=(6, 5, 2)),
            sb.layers.MaxPooling2D(2),
            sb.layers.Flatten(),
            sb.layers.Dropout(dropout),
            sb.layers.Dense(3, activation="softmax"),
        ],
        seed=seed,
    )
    if compiled:
        model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def mlp(seed: int = 7, *, loss: str = "mse", activation: str | None = None) -> sb.Sequential:
    """4 -> 5 -> 2, compiled."""
    model = sb.Sequential(
        [sb.layers.Dense(5, activation="tanh", input_shape=(4,)), sb.layers.Dense(2, activation=activation)], seed=seed
    )
    model.compile(optimizer="sgd", loss=loss)
    return model


def outcome(x: Array, y: Array) -> list[str]:
    """What a training gives: the digest of the weights and the bits of predictions."""
    model = cnn()
    model.fit(x, y, epochs=2, verbose=0, validation_split=0.1)
    return [model.digest(), hashlib.sha256(model.predict(x, verbose=0).tobytes()).hexdigest()]


def state(model: sb.Sequential) -> tuple[object, ...]:
    """All that a refused call must leave alone."""
    return (model.built, model.epoch, model.step, model.digest() if model.built else None, len(model.layers))


def environment(**extra: str) -> dict[str, str]:
    """The variables for a Python with this package, without SAMEBITS_* variables but those given."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("SAMEBITS_") or k == "SAMEBITS_BUILD_DIR"}
    path = os.pathsep.join([str(Path(sb.__file__).parents[1]), str(Path(__file__).parent)])
    return kept | {"PYTHONPATH": path} | extra


def python(code: str, *arguments: str, check: bool = True, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a program in a Python of its own; see environment."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=environment(**variables),
        capture_output=True,
        text=True,
        errors="surrogateescape",
        check=False,
        timeout=300,
    )
    if check and done.returncode != 0:
        pytest.fail(f"exit status {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done


def command(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m samebits` with arguments."""
    code = "import sys, runpy; sys.argv[0] = 'samebits'; runpy.run_module('samebits', run_name='__main__', alter_sys=True)"
    return python(code, *arguments, check=False, **variables)
