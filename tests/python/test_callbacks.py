"""Callbacks do what Keras's do, against the rules written out here; own ones hear every hook."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import samebits as sb

callbacks = sb.callbacks
RNG = np.random.default_rng(8)
X = RNG.standard_normal((20, 4)).astype(np.float32)
Y = RNG.integers(0, 3, 20)


def model(rate: float = 0.1) -> sb.Sequential:
    made = sb.Sequential([sb.layers.Dense(3, activation="softmax", input_shape=(4,))], seed=3)
    made.compile(sb.optimizers.SGD(rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return made


class Told(callbacks.Callback):
    """Puts numbers of its own into the logs, so that others can watch them."""

    def __init__(self, numbers: list[float], name: str = "told") -> None:
        self.numbers, self.name = iter(numbers), name

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        assert logs is not None
        logs[self.name] = next(self.numbers)


def run(numbers: list[float], *others: Any, made: sb.Sequential | None = None, epochs: int | None = None) -> Any:
    made = model() if made is None else made
    return made.fit(X, Y, epochs=epochs or len(numbers), verbose=0, callbacks=[Told(numbers), *others])


# --- EarlyStopping ------------------------------------------------------------------------------------------------------------


def stopping(numbers: list[float], **options: Any) -> int:
    """Epochs that Keras trains, from its rule."""
    sign = 1 if options.get("mode") == "min" else -1
    delta, patience = abs(options.get("min_delta", 0)), options.get("patience", 0)
    baseline, start = options.get("baseline"), options.get("start_from_epoch", 0)
    best, wait = None, 0
    for epoch, number in enumerate(numbers):
        if epoch < start:
            continue
        wait += 1
        if best is None or sign * number + delta < sign * best:
            best = number
            if baseline is None or sign * number + delta < sign * baseline:
                wait = 0
        elif wait >= patience and epoch > 0:
            return epoch + 1
    return len(numbers)


SERIES = [
    [5, 4, 3, 2, 1],
    [5, 4, 4, 3, 4, 4, 2, 5, 5, 5, 1],
    [1, 2, 3, 4, 5, 6],
    [3, 2.95, 2.9, 2.85, 2.8, 2.75, 1],
    [2, 2, 2, 2, 2, 2],
]
OPTIONS: list[dict[str, Any]] = [
    {},
    {"patience": 1},
    {"patience": 2},
    {"patience": 3, "min_delta": 0.07},
    {"patience": 2, "min_delta": -0.5},
    {"patience": 2, "baseline": 2.5},
    {"patience": 1, "start_from_epoch": 3},
    {"patience": 2, "start_from_epoch": 1, "baseline": 10},
]


@pytest.mark.parametrize("mode", ["min", "max"])
@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_early_stopping_ends_where_keras_does(mode: str, options: dict[str, Any]) -> None:
    for numbers in SERIES:
        stopper = callbacks.EarlyStopping("told", mode=mode, **options)
        trained = len(run(numbers, stopper).epoch)
        assert trained == stopping(numbers, mode=mode, **options)
        assert stopper.stopped_epoch == (trained - 1 if stopper.stopped_epoch else 0)
        assert trained == len(numbers) or stopper.stopped_epoch == trained - 1


@pytest.mark.parametrize("numbers", [[3, 1, 2, 2, 2, 2], [3, 2, 1, 2]])
def test_best_weights_return_at_any_end(numbers: list[float]) -> None:
    """The second series runs out of epochs before the patience ends: Keras 3 restores then, too."""
    after: list[str] = []
    digests = callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: after.append(made.digest()))
    made = model()
    stopper = callbacks.EarlyStopping("told", patience=3, mode="min", restore_best_weights=True)
    run(numbers, digests, stopper, made=made)
    assert stopper.best_epoch == int(np.argmin(numbers)) and stopper.best == min(numbers)
    assert made.digest() == after[stopper.best_epoch] != after[-1]


def test_fit_again_starts_anew() -> None:
    stopper = callbacks.EarlyStopping("told", patience=1, mode="min")
    made = model()
    assert len(run([1, 2, 3, 4], stopper, made=made).epoch) == 2
    assert run([9, 8, 9, 9], stopper, made=made).epoch == [2, 3, 4]
    assert (stopper.best, stopper.stopped_epoch) == (8, 4)


def test_auto_mode_knows_what_rises() -> None:
    """Rate 0: nothing changes, so all stop; which way shows in a first value that beats any later one."""
    made = sb.Sequential([sb.layers.Dense(3, activation="softmax", input_shape=(4,))], seed=3)
    top = sb.metrics.SparseTopKCategoricalAccuracy(2, "two")
    made.compile(sb.optimizers.SGD(0.3), "sparse_categorical_crossentropy", metrics=["accuracy", top])
    for name, rises in [("loss", False), ("val_loss", False), ("val_accuracy", True), ("two", True)]:
        stopper = callbacks.EarlyStopping(name, patience=99)
        history = made.fit(X, Y, epochs=8, validation_split=0.3, verbose=0, callbacks=[stopper]).history
        assert stopper.best == (max if rises else min)(history[name])
    regression = sb.Sequential([sb.layers.Dense(1, input_shape=(4,))])
    regression.compile("sgd", "mse", metrics=["mae"])
    stopper = callbacks.EarlyStopping("mae", patience=99)
    history = regression.fit(X, Y[:, None], epochs=5, verbose=0, callbacks=[stopper]).history
    assert stopper.best == min(history["mae"])


@pytest.mark.parametrize(
    "make",
    [
        lambda: callbacks.EarlyStopping("val_los"),
        lambda: callbacks.ReduceLROnPlateau("val_los"),
        lambda: callbacks.ModelCheckpoint("x.safetensors", "val_los", save_best_only=True),
    ],
)
def test_unknown_monitor_names_the_known(make: Callable[[], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=r'got monitor="val_los"; there are loss, .*val_loss.*did you mean "val_loss"'):
        model().fit(X, Y, validation_split=0.2, verbose=0, callbacks=[make()])


def test_monitor_that_cannot_be_compared() -> None:
    with pytest.raises(sb.NonFiniteError, match="told must be finite"):
        run([1.0, float("nan")], callbacks.EarlyStopping("told", mode="min"))
    with pytest.raises(ValueError, match='mode="auto"'):
        run([1.0], callbacks.EarlyStopping("told"))


# --- ReduceLROnPlateau, LearningRateScheduler ---------------------------------------------------------------------------------


def plateau(numbers: list[float], rate: float, **options: Any) -> list[float]:
    """The rates of the epochs, by Keras's rule."""
    factor, patience, cooldown = options.get("factor", 0.1), options.get("patience", 10), options.get("cooldown", 0)
    delta, least = options.get("min_delta", 1e-4), options.get("min_lr", 0.0)
    best, wait, cooling, rates = float("inf"), 0, 0, []
    for number in numbers:
        rates.append(rate)
        if cooling:
            cooling, wait = cooling - 1, 0
        if number + delta < best:
            best, wait = number, 0
        elif not cooling:
            wait += 1
            if wait >= patience and rate > least:
                rate, cooling, wait = max(rate * factor, least), cooldown, 0
    return rates


@pytest.mark.parametrize(
    "options",
    [
        {"patience": 1},
        {"patience": 2, "factor": 0.5},
        {"patience": 1, "cooldown": 2, "factor": 0.5},
        {"patience": 1, "min_lr": 0.03, "factor": 0.3},
        {"patience": 0, "min_delta": 0.5},
    ],
    ids=str,
)
def test_reduce_lr_on_plateau(options: dict[str, Any]) -> None:
    for numbers in SERIES:
        made = model(0.1)
        reducer = callbacks.ReduceLROnPlateau("told", mode="min", **options)
        history = run(numbers, reducer, made=made).history
        assert history["learning_rate"] == plateau(numbers, 0.1, **options)
        assert made.optimizer.learning_rate == plateau([*numbers, 0], 0.1, **options)[-1]


def test_scheduler_is_the_same_as_other_rates_by_hand() -> None:
    scheduled, by_hand = model(), model()
    rates = [0.1, 0.05, 0.025]
    halved = callbacks.LearningRateScheduler(lambda epoch, rate: rate * 0.5 if epoch else rate)
    history = scheduled.fit(X, Y, epochs=3, verbose=0, callbacks=[halved])
    assert history.history["learning_rate"] == rates
    for rate in rates:
        by_hand.optimizer.learning_rate = rate
        by_hand.fit(X, Y, verbose=0)
    assert scheduled.digest() == by_hand.digest()
    model().fit(X, Y, verbose=0, callbacks=[callbacks.LearningRateScheduler(lambda epoch: 0.1)])
    with pytest.raises(TypeError, match="must return a float"):
        model().fit(X, Y, verbose=0, callbacks=[callbacks.LearningRateScheduler(lambda epoch, rate: None)])
    with pytest.raises(ValueError, match="learning_rate"):
        model().fit(X, Y, verbose=0, callbacks=[callbacks.LearningRateScheduler(lambda epoch, rate: -1.0)])


# --- files --------------------------------------------------------------------------------------------------------------------


def test_checkpoints_of_every_epoch_can_go_on(tmp_path: Path) -> None:
    made = model()
    saver = callbacks.ModelCheckpoint(tmp_path / "deep" / "{epoch:02d}-{val_loss:.3f}.safetensors")
    history = made.fit(X, Y, epochs=3, validation_split=0.2, verbose=0, callbacks=[saver]).history
    names = [f"{epoch:02d}-{loss:.3f}.safetensors" for epoch, loss in enumerate(history["val_loss"], 1)]
    assert sorted(path.name for path in (tmp_path / "deep").iterdir()) == names
    again = sb.load_model(tmp_path / "deep" / names[0])
    again.fit(X, Y, epochs=2, validation_split=0.2, verbose=0)
    assert again.digest() == made.digest()


def test_best_only_is_kept_from_fit_to_fit(tmp_path: Path) -> None:
    path = tmp_path / "best.safetensors"
    made, kept = model(), model()
    saver = callbacks.ModelCheckpoint(path, "told", save_best_only=True, save_weights_only=True, mode="min")
    digests: list[str] = []
    seen = callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: digests.append(made.digest()))
    run([3, 1, 2], seen, saver, made=made)
    run([2, 1.5], seen, saver, made=made)
    kept.load_weights(path)
    assert kept.digest() == digests[1] and saver.best == 1
    first = callbacks.ModelCheckpoint(
        tmp_path / "none.safetensors", "told", save_best_only=True, mode="max", initial_value_threshold=9
    )
    run([3, 8], first)
    assert not (tmp_path / "none.safetensors").exists()


def test_checkpoint_after_batches(tmp_path: Path) -> None:
    saver = callbacks.ModelCheckpoint(tmp_path / "{epoch}-{batch}.safetensors", save_freq=3)
    model().fit(X, Y, batch_size=5, epochs=2, verbose=0, callbacks=[saver])  # 4 batches an epoch
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1-3.safetensors", "2-2.safetensors"]


def test_checkpoint_with_an_unknown_name(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"pattern of epoch, loss or accuracy; got .*\{val_loss"):
        model().fit(X, Y, verbose=0, callbacks=[callbacks.ModelCheckpoint(tmp_path / "{val_loss:.2f}")])


def test_csv_logger(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    made = model()
    history = made.fit(X, Y, epochs=2, validation_split=0.2, verbose=0, callbacks=[callbacks.CSVLogger(path)]).history
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["epoch", "accuracy", "loss", "val_accuracy", "val_loss"]
    assert [{name: float(row[name]) for name in history} for row in rows] == [
        {name: values[i] for name, values in history.items()} for i in range(2)
    ]
    assert path.read_bytes().count(b"\r\n") == 3 and b",1.0," in path.read_bytes().replace(b"\r\n", b",") + b",1.0,"
    made.fit(X, Y, validation_split=0.2, verbose=0, callbacks=[callbacks.CSVLogger(path, append=True)])
    lines = path.read_text().splitlines()
    assert [line.split(",")[0] for line in lines] == ["epoch", "0", "1", "2"]
    made.fit(X, Y, verbose=0, callbacks=[callbacks.CSVLogger(path, separator=";")])
    assert path.read_text().splitlines()[0] == "epoch;accuracy;loss"
    with pytest.raises(OSError, match="CSVLogger"):
        made.fit(X, Y, verbose=0, callbacks=[callbacks.CSVLogger(tmp_path / "no" / "log.csv")])


# --- own callbacks ------------------------------------------------------------------------------------------------------------


class Recorder(callbacks.Callback):
    def __init__(self) -> None:
        self.heard: list[str] = []

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        if not name.startswith("on_"):
            return found

        def tell(*arguments: Any) -> None:
            assert isinstance(arguments[-1], dict)
            self.heard.append(f"{name[3:]}{''.join(f' {a}' for a in arguments[:-1])}")
            found(*arguments)

        return tell


def test_hooks_in_keras_order() -> None:
    recorder = Recorder()
    model().fit(X, Y, batch_size=10, validation_data=(X[:5], Y[:5]), verbose=0, callbacks=[recorder])
    heard = [name for name in recorder.heard if not name.startswith("batch")]
    assert heard == [
        "train_begin",
        "epoch_begin 0",
        "train_batch_begin 0",
        "train_batch_end 0",
        "train_batch_begin 1",
        "train_batch_end 1",
        "test_begin",
        "test_batch_begin 0",
        "test_batch_end 0",
        "test_end",
        "epoch_end 0",
        "train_end",
    ]
    assert recorder.params["epochs"] == 1 and isinstance(recorder.model, sb.Sequential)
    recorder.heard.clear()
    model().evaluate(X, Y, batch_size=20, verbose=0, callbacks=[recorder])
    assert recorder.heard == ["test_begin", "test_batch_begin 0", "test_batch_end 0", "test_end"]


def test_lambda_callback_and_stop_training() -> None:
    made = model()
    epochs: list[int] = []

    def stop(epoch: int, logs: dict[str, float]) -> None:
        epochs.append(epoch)
        made.stop_training = epoch == 1

    assert made.fit(X, Y, epochs=5, verbose=0, callbacks=[callbacks.LambdaCallback(on_epoch_end=stop)]).epoch == [0, 1]
    assert epochs == [0, 1]
    with pytest.raises(TypeError, match='did you mean "on_epoch_end"'):
        callbacks.LambdaCallback(on_epoch_ends=stop)


def test_a_run_stopped_in_an_epoch_ends_after_the_step() -> None:
    class Stop(Recorder):
        def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
            super().on_train_batch_end(batch, logs)
            self.model.stop_training = batch == 1

    made, stop = model(), Stop()
    history = made.fit(X, Y, batch_size=5, epochs=3, verbose=0, validation_data=(X, Y), callbacks=[stop])
    assert (made.step, history.epoch) == (2, [0])
    assert "val_loss" in history.history


def test_hooks_of_predict_are_there_and_predict_refuses_callbacks() -> None:
    mine = callbacks.Callback()
    mine.on_predict_begin()
    mine.on_predict_batch_begin(0)
    mine.on_predict_batch_end(0, {})
    mine.on_predict_end({})
    with pytest.raises(NotImplementedError, match=r"^\[predict\] callbacks is not implemented yet"):
        model().predict(X, callbacks=[mine])


def test_what_a_hook_raises_ends_the_run_after_a_whole_step() -> None:
    def fail(batch: int, logs: dict[str, float]) -> None:
        if batch == 1:
            raise RuntimeError("enough")

    made, other = model(), model()
    with pytest.raises(RuntimeError, match="enough"):
        made.fit(X, Y, batch_size=5, shuffle=False, verbose=0, callbacks=[callbacks.LambdaCallback(on_train_batch_end=fail)])
    other.train_on_batch(X[:5], Y[:5])
    other.train_on_batch(X[5:10], Y[5:10])
    assert made.digest() == other.digest()


def test_callbacks_work_on_streams_and_print(capsys: pytest.CaptureFixture[str]) -> None:
    def batches() -> Iterator[Any]:
        while True:
            yield X, Y

    stopper = callbacks.EarlyStopping("loss", min_delta=100, patience=1, verbose=1, restore_best_weights=True)
    history = model().fit(batches(), epochs=9, steps_per_epoch=2, verbose=1, callbacks=[stopper])
    assert history.epoch == [0, 1]
    out = capsys.readouterr().out
    assert "Epoch 2: early stopping\n" in out and "best epoch: 1\n" in out


@pytest.mark.parametrize(
    ("error", "words", "make"),
    [
        (ValueError, "patience=-1", lambda: callbacks.EarlyStopping(patience=-1)),
        (TypeError, "patience", lambda: callbacks.EarlyStopping(patience=1.5)),
        (ValueError, 'mode="least"', lambda: callbacks.EarlyStopping(mode="least")),
        (ValueError, "min_delta must be finite", lambda: callbacks.EarlyStopping(min_delta=float("nan"))),
        (TypeError, "restore_best_weights", lambda: callbacks.EarlyStopping(restore_best_weights="yes")),
        (TypeError, "restore_best_weight", lambda: callbacks.EarlyStopping(restore_best_weight=True)),
        (ValueError, "factor", lambda: callbacks.ReduceLROnPlateau(factor=1.0)),
        (ValueError, "min_lr", lambda: callbacks.ReduceLROnPlateau(min_lr=-1)),
        (ValueError, "filepath", lambda: callbacks.ModelCheckpoint("")),
        (NotImplementedError, "safetensors", lambda: callbacks.ModelCheckpoint("a.keras")),
        (ValueError, "save_freq=0", lambda: callbacks.ModelCheckpoint("a", save_freq=0)),
        (ValueError, "save_freq", lambda: callbacks.ModelCheckpoint("a", save_freq="batch")),
        (ValueError, "separator", lambda: callbacks.CSVLogger("a", separator="")),
        (TypeError, "schedule", lambda: callbacks.LearningRateScheduler(0.1)),
        (NotImplementedError, "TensorBoard", lambda: callbacks.TensorBoard()),
        (NotImplementedError, "other than Callback", lambda: type("Mine", (callbacks.EarlyStopping,), {"__module__": "mine"})),
        (TypeError, "hooks", lambda: model().fit(X, Y, callbacks=[object()])),
        (TypeError, "hooks", lambda: model().fit(X, Y, callbacks=[callbacks.EarlyStopping])),
    ],
)
def test_refused(error: type[Exception], words: str, make: Callable[[], Any]) -> None:
    with pytest.raises(error, match=words):
        make()


# --- recipes ------------------------------------------------------------------------------------------------------------------

RECIPE = """
seed = 3
[data]
source = "npy"
x = "x.npy"
y = "y.npy"
validation_split = 0.2
[model]
layers = [{ type = "Dense", units = 3, activation = "softmax" }]
[train]
optimizer = { type = "SGD", learning_rate = 0.1 }
loss = "sparse_categorical_crossentropy"
metrics = ["accuracy", { type = "SparseTopKCategoricalAccuracy", k = 2, name = "two" }]
epochs = 9
callbacks = [
  { type = "EarlyStopping", min_delta = 100, patience = 2 },
  { type = "CSVLogger", filename = "log.csv" },
  { type = "ModelCheckpoint", filepath = "kept/{epoch}.safetensors" },
]
"""


def test_recipe(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", X)
    np.save(tmp_path / "y.npy", Y)
    path = tmp_path / "r.toml"
    path.write_text(RECIPE)
    run_ = sb.train(path, verbose=0)
    assert run_.history.epoch == [0, 1, 2] and "val_two" in run_.history.history
    assert len((tmp_path / "log.csv").read_text().splitlines()) == 4
    assert sb.load_model(tmp_path / "kept" / "3.safetensors").digest() == run_.digest()
    path.write_text(RECIPE.replace("patience = 2", "patience = 2, monitor = 'val_loss'"))
    assert sb.train(path, verbose=0).identity == run_.identity  # the default, said
    path.write_text(RECIPE.replace("patience = 2", "patience = 3"))
    assert sb.train(path, verbose=0).identity != run_.identity
    path.write_text(RECIPE.replace("patience", "patiense"))
    with pytest.raises(ValueError, match=r'r\.toml:\d+: .*got "patiense".*did you mean "patience"'):
        sb.train(path, verbose=0)
    path.write_text(RECIPE.replace('"CSVLogger"', '"LambdaCallback"'))
    with pytest.raises(ValueError, match=r"r\.toml:\d+: .*functions"):
        sb.train(path, verbose=0)
    assert json.dumps(run_.history.history)


SAME = """
seed = 7
[data]
source = "digits"
divide = 16
validation_split = 0.9
[model]
layers = [{ type = "Flatten" }, { type = "Dense", units = 10, activation = "softmax" }]
[train]
optimizer = { type = "SGD", learning_rate = 0.5 }
loss = "sparse_categorical_crossentropy"
metrics = ["accuracy"]
epochs = 30
callbacks = [
  { type = "ReduceLROnPlateau", monitor = "loss", factor = 0.5, patience = 1, min_delta = 0.1 },
  { type = "CSVLogger", filename = "log.csv" },
  { type = "ModelCheckpoint", filepath = "{epoch}.safetensors", save_best_only = true, monitor = "val_accuracy" },
  { type = "EarlyStopping", monitor = "val_accuracy", patience = 3, restore_best_weights = true },
]
"""


def test_a_recipe_and_calls_do_the_same(tmp_path: Path) -> None:
    """Digest, history and files; tests/cpp/train/test_callbacks.cpp does it with this recipe in C++."""
    recipe, called = tmp_path / "recipe", tmp_path / "called"
    recipe.mkdir(), called.mkdir()
    (recipe / "r.toml").write_text(SAME)
    run_ = sb.train(recipe / "r.toml", verbose=0)
    (recipe / "r.toml").unlink()
    made = sb.Sequential([sb.layers.Flatten(), sb.layers.Dense(10, activation="softmax")], seed=7)
    made.compile(sb.optimizers.SGD(0.5), "sparse_categorical_crossentropy", metrics=["accuracy"])
    (images, labels), _ = sb.datasets.load_digits()
    stopper = callbacks.EarlyStopping("val_accuracy", patience=3, restore_best_weights=True)
    mine = [
        callbacks.ReduceLROnPlateau("loss", factor=0.5, patience=1, min_delta=0.1),
        callbacks.CSVLogger(called / "log.csv"),
        callbacks.ModelCheckpoint(called / "{epoch}.safetensors", "val_accuracy", save_best_only=True),
        stopper,
    ]
    x = images.astype(np.float32) / np.float32(16)
    history = made.fit(x, labels, epochs=30, validation_split=0.9, verbose=0, callbacks=mine)
    assert made.digest() == run_.digest()
    assert (history.epoch, history.history) == (run_.history.epoch, run_.history.history)
    assert len(history.epoch) == stopper.stopped_epoch + 1 < 30 and history.history["learning_rate"][-1] < 0.5
    files = {path.name: path.read_bytes() for path in called.iterdir()}
    assert files == {path.name: path.read_bytes() for path in recipe.iterdir()}
    assert sb.load_model(called / f"{stopper.best_epoch + 1}.safetensors").digest() == made.digest()
