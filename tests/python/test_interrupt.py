"""Ctrl-C ends a run between two steps; other threads run while one trains; a model takes one call at a time."""

import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import samebits as sb
from support import Array, blobs, cnn, environment, python

SECONDS = 20  # what a run that nobody stops would take at least


def endless() -> dict[str, int]:
    return {"epochs": 10**9, "verbose": 0}


def test_ctrl_c_raises_keyboard_interrupt_and_leaves_the_model_usable() -> None:
    x, y = blobs()
    model = cnn()
    timer = threading.Timer(0.5, signal.raise_signal, [signal.SIGINT])
    start = time.monotonic()
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        model.fit(x, y, batch_size=10, **endless())  # type: ignore[arg-type]
    assert time.monotonic() - start < SECONDS
    steps, epochs = model.step, model.epoch
    assert steps >= 7 * epochs
    model.fit(x, y, verbose=0)
    assert model.step == steps + 3
    assert model.digest().startswith("sha256:")


@pytest.mark.parametrize(("steps", "epochs"), [(7, 0), (14, 1), (21, 2)])
def test_ctrl_c_at_the_last_step_of_an_epoch(steps: int, epochs: int) -> None:
    """The step counts, the epoch does not end: the weights are those of all its steps."""
    x, y = blobs()
    model, again = cnn(), cnn()

    def stop(batch: int, logs: dict[str, float]) -> None:
        if model.step == steps:
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        model.fit(x, y, batch_size=10, callbacks=[sb.callbacks.LambdaCallback(on_train_batch_end=stop)], **endless())  # type: ignore[arg-type]
    assert (model.step, model.epoch) == (steps, epochs)
    again.fit(x, y, batch_size=10, epochs=steps // 7, verbose=0)
    assert again.digest() == model.digest()


def test_a_handler_may_raise_what_it_likes() -> None:
    def handler(number: int, frame: object) -> None:
        raise ZeroDivisionError

    def until_stopped(call: str, model: sb.Sequential, *arguments: Array) -> None:
        while True:
            getattr(model, call)(*arguments, batch_size=1, verbose=0)

    before = signal.signal(signal.SIGALRM, handler)
    try:
        for call in ("fit", "evaluate", "predict"):
            x = np.zeros((200_000, 4), np.float32)
            model = sb.Sequential([sb.layers.Dense(64, input_shape=(4,)), sb.layers.Dense(2)])
            model.compile("sgd", "mse")
            signal.setitimer(signal.ITIMER_REAL, 0.3)
            with pytest.raises(ZeroDivisionError):
                until_stopped(call, model, *([x] if call == "predict" else [x, np.zeros((len(x), 2))]))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_a_killed_process_ends_as_python_ends() -> None:
    code = "from support import *; print('ready', flush=True); cnn().fit(*blobs(), epochs=10**9, verbose=0)"
    process = subprocess.Popen(
        [sys.executable, "-c", code], env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=SECONDS)
    assert process.returncode == -signal.SIGINT
    assert errors.rstrip().endswith("KeyboardInterrupt")


def test_other_threads_run_while_one_trains() -> None:
    x, y = blobs(3000)
    model = cnn()
    done = threading.Event()
    thread = threading.Thread(target=lambda: (model.fit(x, y, batch_size=1, epochs=3, verbose=0), done.set()))
    thread.start()
    ticks = 0
    while not done.is_set():
        ticks += 1
        time.sleep(0.001)
    thread.join()
    assert ticks > 20


def test_threads_with_one_model_wait_for_each_other() -> None:
    x, y = blobs()
    model, alone = cnn(), cnn()
    errors: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(5):
                model.fit(x, y, shuffle=False, verbose=0)
                model.predict(x, verbose=0)
                model.get_weights()
                model.digest()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    alone.fit(x, y, epochs=20, shuffle=False, verbose=0)
    assert model.digest() == alone.digest()


def test_two_models_trained_at_once_get_the_bits_of_each_alone() -> None:
    def train(seed: int, start: threading.Barrier) -> str:
        model = cnn(seed)
        start.wait()
        model.fit(*blobs(70, seed=seed), epochs=3, verbose=0)
        return model.digest()

    before = sb.runtime.info()
    try:
        sb.runtime.configure(threads=3)
        alone = [train(seed, threading.Barrier(1)) for seed in (1, 2)]
        assert alone[0] != alone[1]
        both = threading.Barrier(2)
        for _ in range(5):
            with ThreadPoolExecutor(2) as pool:
                assert list(pool.map(train, (1, 2), [both] * 2)) == alone
    finally:
        sb.runtime.configure(threads=int(before["threads"]))


def test_a_call_from_inside_a_call_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    model = cnn()

    class Stream:
        def write(self, text: str) -> None:
            model.predict(blobs()[0])

        def flush(self) -> None: ...

        def isatty(self) -> bool:
            return False

    monkeypatch.setattr(sys, "stdout", Stream())
    with pytest.raises(sb.RunFailedError, match="one call at a time"):
        model.fit(*blobs(), verbose=2)
    monkeypatch.undo()
    model.fit(*blobs(), verbose=0)


def test_ctrl_c_ends_the_wait_for_another_thread() -> None:
    code = """
import signal, sys, threading
from support import blobs, cnn
model = cnn()
started = threading.Event()
def work():
    started.set()
    model.fit(*blobs(), epochs=10**9, verbose=0)
threading.Thread(target=work, daemon=True).start()
started.wait()
threading.Timer(0.3, signal.raise_signal, [signal.SIGINT]).start()
try:
    while True:
        model.digest()
except KeyboardInterrupt:
    print("stopped")
"""
    done = python(code)  # the daemon thread still trains when the interpreter ends: no abort, exit status 0
    assert done.stdout == "stopped\n"
    assert done.stderr == ""


def test_a_broken_stdout_does_not_break_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    model = cnn()

    class Broken:
        def write(self, text: str) -> None:
            raise OSError("gone")

        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdout", Broken())
    with pytest.raises(OSError, match="gone"):
        model.fit(*blobs(), verbose=1)
    monkeypatch.setattr(sys, "stdout", None)
    model.fit(*blobs(), verbose=1)
    monkeypatch.undo()
    assert model.digest().startswith("sha256:")
