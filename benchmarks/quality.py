"""How well the same models learn in samebits and in Keras: `make quality`.

Each library trains each model from its own initial weights, in its own order, with its own dropout, from seeds 0 to 4, with the
same hyper-parameters; where they differ by more than noise, from twenty others too. Prints a table of the accuracies on samples
that were not trained on; --write puts it into docs/quality.md. Needs the environment that tests/tools/setup.sh keras makes and
SAMEBITS_BUILD_DIR.
"""

import argparse
import math
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(os.environ["SAMEBITS_BUILD_DIR"]) / "python"))
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"

import keras
import numpy as np
import tensorflow as tf

import samebits
from page import write_table

BEGIN, END = "<!-- accuracies -->\n", "<!-- end of accuracies -->\n"
Data = tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]


def digits() -> Data:
    """The digits that come with samebits, from 0 to 1: 1,500 to train on and 297 others."""
    (x, y), (x_test, y_test) = samebits.datasets.load_digits()
    return (x[..., None] / np.float32(16), y), (x_test[..., None] / np.float32(16), y_test)


def words(first: int, count: int, each: int) -> np.ndarray:
    """(count, each) random 64-bit words: SplitMix64 (Steele, Lea, Flood 2014) of the numbers of samples and words."""
    sample = np.arange(first, first + count, dtype=np.uint64)[:, None] << np.uint64(20)
    z = (sample + np.arange(1, each + 1, dtype=np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def noisy_shapes(first: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Images (count, 16, 16, 3) from 0 to 1 of one of six strokes in noise, and which: integers until the last division.

    A bar that lies, stands, falls or rises, a plus, or a square's outline, three pixels thick (the square: two), of half a
    length of 3 to 5 pixels around a centre from (5, 5) to (10, 10). The background has a colour of 48 to 127 in each channel,
    the stroke 48 to 95 more. Every pixel and channel then has noise from -96 to 96, triangular.
    """
    drawn = words(first, count, 10 + 2 * 768)
    kind, row, column, half = (drawn[:, j] % np.uint64(n) for j, n in enumerate((6, 6, 6, 3)))
    grid = np.arange(16, dtype=np.int64)
    dy = grid[None, :, None] - (row.astype(np.int64) + 5)[:, None, None]
    dx = grid[None, None, :] - (column.astype(np.int64) + 5)[:, None, None]
    far, r = np.maximum(abs(dx), abs(dy)), (half.astype(np.int64) + 3)[:, None, None]
    lies, stands = (abs(dy) <= 1) & (abs(dx) <= r), (abs(dx) <= 1) & (abs(dy) <= r)
    falls, rises = (abs(dy - dx) <= 1) & (far <= r), (abs(dy + dx) <= 1) & (far <= r)
    square = (far <= r) & (far >= r - 1)
    strokes = np.stack([lies, stands, falls, rises, lies | stands, square], axis=1)
    inside = strokes[np.arange(count), kind.astype(np.int64)][..., None]
    below = (drawn[:, 4:7] % np.uint64(80)).astype(np.int64) + 48
    more = (drawn[:, 7:10] % np.uint64(48)).astype(np.int64) + 48
    noise = (drawn[:, 10:] % np.uint64(97)).astype(np.int64).reshape(count, 16, 16, 3, 2)
    pixels = below[:, None, None, :] + inside * more[:, None, None, :] + noise[..., 0] - noise[..., 1]
    return np.clip(pixels, 0, 255).astype(np.float32) / np.float32(255), kind.astype(np.int64)


def shapes() -> Data:
    return noisy_shapes(0, 2000), noisy_shapes(2000, 2000)


def mlp(k: Any, classes: int) -> list[Any]:
    return [
        k.layers.Flatten(),
        k.layers.Dense(64, activation="relu"),
        k.layers.Dropout(0.2),
        k.layers.Dense(32, activation="relu"),
        k.layers.Dense(classes, activation="softmax"),
    ]


def cnn(k: Any, classes: int) -> list[Any]:
    return [
        k.layers.Conv2D(12, 3, padding="same", use_bias=False),
        k.layers.BatchNormalization(momentum=0.9),
        k.layers.ReLU(),
        k.layers.MaxPooling2D(2),
        k.layers.Conv2D(16, 3, padding="same", use_bias=False),
        k.layers.BatchNormalization(momentum=0.9),
        k.layers.ReLU(),
        k.layers.MaxPooling2D(2),
        k.layers.Flatten(),
        k.layers.Dropout(0.3),
        k.layers.Dense(classes, activation="softmax"),
    ]


def falling(k: Any, rate: float, steps: int) -> Any:
    """A rate that ends at 0: the last steps then move little, and accuracies scatter less."""
    return k.optimizers.schedules.CosineDecay(rate, steps)


# Name, data, model, classes, optimizer (47 steps are an epoch of digits, 63 of shapes), epochs.
TASKS: list[tuple[str, Callable[[], Data], Callable[[Any, int], list[Any]], int, Callable[[Any], Any], int]] = [
    ("digits, MLP, Adam", digits, mlp, 10, lambda k: k.optimizers.Adam(falling(k, 0.002, 470)), 10),
    ("digits, CNN, SGD with momentum", digits, cnn, 10, lambda k: k.optimizers.SGD(falling(k, 0.03, 282), 0.9), 6),
    ("shapes, MLP, RMSprop", shapes, mlp, 6, lambda k: k.optimizers.RMSprop(falling(k, 0.001, 945)), 15),
    ("shapes, CNN, Adam", shapes, cnn, 6, lambda k: k.optimizers.Adam(falling(k, 0.002, 378)), 6),
]


def accuracy(library: Any, seed: int, data: Data, task: tuple[Any, ...]) -> float:
    """Train one model and say its part of right answers on the other samples."""
    _, _, layers, classes, optimizer, epochs = task
    (x, y), (x_test, y_test) = data
    library.utils.set_random_seed(seed)
    model = library.Sequential([library.Input(x.shape[1:]), *layers(library, classes)])
    more = {} if library is samebits else {"jit_compile": False}
    model.compile(optimizer(library), loss="sparse_categorical_crossentropy", metrics=["accuracy"], **more)
    model.fit(x, y, batch_size=32, epochs=epochs, verbose=0)
    return float(model.evaluate(x_test, y_test, batch_size=100, verbose=0)[1])


def compared(task: tuple[Any, ...], seeds: range) -> tuple[str, bool]:
    """A row of the table, and whether the difference is within two of its standard errors."""
    data = task[1]()
    ours, theirs = ([accuracy(library, seed, data, task) for seed in seeds] for library in (samebits, keras))
    print(task[0], "samebits", ours, "Keras", theirs, flush=True)
    difference = statistics.mean(ours) - statistics.mean(theirs)
    noise = 2 * math.sqrt((statistics.variance(ours) + statistics.variance(theirs)) / len(seeds))
    within = abs(difference) <= noise
    cells = [f"{seeds[0]} to {seeds[-1]}"]
    cells += [f"{100 * statistics.mean(a):.2f} ± {100 * statistics.stdev(a):.2f}" for a in (ours, theirs)]
    cells += [f"{100 * difference:+.2f}", f"{100 * noise:.2f}", "yes" if within else "**no**"]
    return f"| {task[0]} | {' | '.join(cells)} |\n", within


def rows(task: tuple[Any, ...]) -> str:
    """Five seeds; where the difference is not within noise also twenty others, which tell chance from cause."""
    row, within = compared(task, range(5))
    return row if within else row + compared(task, range(5, 25))[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="put the table into docs/quality.md")
    options = parser.parse_args()
    tf.config.experimental.enable_op_determinism()
    versions = f"samebits {samebits.__version__}, Keras {keras.__version__}, TensorFlow {tf.__version__}"
    table = f"{time.strftime('%Y-%m-%d')}, {versions}, `make quality`:\n\n"
    table += "| data, model, optimizer | seeds | samebits, % | Keras, % | difference | noise | within noise |\n"
    table += "|---|---|---|---|---|---|---|\n"
    table += "".join(rows(task) for task in TASKS)
    print(table)
    if options.write:
        write_table("quality.md", BEGIN, END, table)


if __name__ == "__main__":
    main()
