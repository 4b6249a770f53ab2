"""What notebooks show: HTML with the text's content, progress that is bounded, plots. Real kernels: tests/notebooks."""

import copy
import json
import pickle
import re
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from contextlib import redirect_stdout
from html import escape
from html.parser import HTMLParser
from typing import Any

import pytest

import samebits as sb
from samebits import _progress
from support import EXAMPLES, blobs, cnn, mlp, python

L = sb.layers
EVIL = '<img src=x onerror="alert(1)">&amp;\'<td>'  # layer names have no slash
X, Y = blobs()


class Page(HTMLParser):
    """Reads HTML: its tags, its attributes, its cells by rows, all text. Fails where tags do not close each other."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: list[Any] = []
        self.rows: list[list[str]] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert self.open == []
        ElementTree.fromstring(f"<div>{html}</div>")

    def handle_starttag(self, tag: str, attrs: list[Any]) -> None:
        self.open.append(tag)
        self.tags.add(tag)
        self.attributes += attrs
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data + "\n"
        if self.open and self.open[-1] in ("td", "th"):
            self.rows[-1][-1] += data


def page(thing: Any) -> Page:
    """Read what a thing shows; tables, paragraphs and code, nothing else: no script, style, colour or address."""
    read = Page(thing._repr_html_())
    assert read.tags <= {"table", "caption", "thead", "tbody", "tr", "th", "td", "p", "code"}
    assert read.attributes == []
    return read


def words(text: str) -> list[str]:
    return text.split()


def evil_graph() -> sb.Model:
    first = sb.Input(shape=(4,), name="first")
    hidden = L.Dense(3, name=EVIL)(first)
    return sb.Model(first, [hidden, L.Dense(2, name="second")(hidden)], name=EVIL)


@pytest.mark.parametrize(
    "model",
    [
        cnn(),
        evil_graph(),
        sb.Sequential([L.Dense(3, name=EVIL)], name=EVIL),
        sb.Sequential(),
        sb.Sequential(name="two  blanks"),
    ],
    ids=["built", "graph", "not built", "empty", "blanks"],
)
def test_a_model_shows_its_summary(model: sb.Model) -> None:
    lines: list[str] = []
    model.summary(print_fn=lines.append)
    assert words(page(model).text) == words("\n".join(lines))


def test_a_summary_has_the_columns_of_the_text() -> None:
    assert page(mlp()).rows == [
        ["layer (type)", "output shape", "parameters"],
        ["input_layer (InputLayer)", "(None, 4)", "0"],
        ["dense (Dense)", "(None, 5)", "25"],
        ["dense_1 (Dense)", "(None, 2)", "12"],
    ]
    assert page(evil_graph()).rows == [
        ["layer (type)", "output shape", "connected to", "parameters"],
        ["first (InputLayer)", "(None, 4)", "", "0"],
        [f"{EVIL} (Dense)", "(None, 3)", "first", "15"],
        ["second (Dense)", "(None, 2)", EVIL, "8"],
    ]
    assert escape(EVIL) in evil_graph()._repr_html_()


def test_a_history_shows_its_numbers() -> None:
    history = cnn().fit(X, Y, epochs=3, validation_split=0.2, verbose=0)
    read = page(history)
    assert repr(history) in read.text
    assert read.rows[0] == ["epoch", "loss", "accuracy", "val_loss", "val_accuracy"]
    numbers = zip(*history.history.values(), strict=True)
    assert read.rows[1:] == [[str(epoch), *(f"{v:.4f}" for v in values)] for epoch, values in enumerate(numbers)]
    assert page(cnn().fit(X, Y, epochs=0, verbose=0)).rows == [["epoch"]]


def test_a_history_of_any_length_and_name_is_small() -> None:
    long = sb.History(list(range(5, 3005)), [(EVIL, [0.25] * 3000), ("late", [0.5])], {})
    read = page(long)
    assert read.rows[0] == ["epoch", EVIL, "late"]
    assert [row[0] for row in read.rows[1:]] == [*map(str, range(5, 15)), "...", *map(str, range(2995, 3005))]
    assert read.rows[-2:] == [["3003", "0.2500", ""], ["3004", "0.2500", "0.5000"]]
    assert len(long._repr_html_()) < 3000
    joined = sb.History([0], [("loss", [1.0])], {})
    joined.history["loss"] += [0.5]  # as people put two runs together
    assert page(joined).rows[1:] == [["0", "1.0000"], ["1", "0.5000"]]


def test_devices_and_info_are_a_list_and_a_dict_that_show_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    devices, info = sb.runtime.devices(), sb.runtime.info()
    assert devices == list(devices) == [sb.runtime.Device(*device) for device in devices]
    assert isinstance(devices, list)
    assert repr(devices) == repr(list(devices))
    assert page(devices).rows == [["name", "description"], *map(list, devices)]
    assert info == dict(info) == json.loads(json.dumps(info))
    assert page(info).rows == [[key, value] for key, value in info.items()]
    info["processor"] = EVIL
    assert ["processor", EVIL] in page(info).rows


def test_a_digest_is_a_str_in_all_else() -> None:
    model = cnn()
    digest = model.digest()
    assert re.fullmatch("sha256:[0-9a-f]{64}", digest)
    assert digest == model._cpp.digest() == json.loads(json.dumps(digest)) == f"{digest}"
    assert hash(digest) == hash(model._cpp.digest())
    assert repr(digest) == repr(model._cpp.digest())
    for plain in (pickle.loads(pickle.dumps(digest)), copy.deepcopy(digest), str(digest)):
        assert type(plain) is str
        assert plain == digest
    assert page(digest).text == digest + "\n"


# Progress.


class Stream:
    """What ipykernel puts in the place of sys.stdout, by its module's name."""

    __module__ = "ipykernel.iostream"

    def __init__(self) -> None:
        self.text, self.flushes = "", 0

    def isatty(self) -> bool:
        return False

    def write(self, text: str) -> int:
        self.text += text
        return len(text)

    def flush(self) -> None:
        self.flushes += 1

    def lines(self) -> list[str]:
        r"""What a person sees: "\r" goes back to the start of the line."""
        seen = []
        for line in self.text.split("\n"):
            shown = ""
            for part in line.split("\r"):
                shown = part + shown[len(part) :]
            seen.append(shown.rstrip())
        return seen


def shown(run: Callable[[], object]) -> Stream:
    """What a cell with this in it shows."""
    stream = Stream()
    with redirect_stdout(stream):  # type: ignore[type-var]
        run()
    return stream


SMALL_X, SMALL_Y = X[:8, 0, :2].reshape(8, 4), X[:8, 0, 3]


def test_a_short_run_has_a_line_an_epoch() -> None:
    stream = shown(lambda: mlp().fit(SMALL_X, SMALL_Y, epochs=3))
    headline, *epochs, end = stream.lines()
    assert headline.startswith("samebits ")
    assert [line.split("  ")[0] for line in epochs] == ["Epoch 1/3", "Epoch 2/3", "Epoch 3/3"]
    assert end == ""
    assert stream.flushes == 0  # ipykernel sends by itself, five times a second


def test_a_long_run_is_bounded_and_ends_with_its_last_epoch() -> None:
    model = mlp()
    stream = shown(lambda: model.fit(SMALL_X, SMALL_Y, epochs=3000))
    assert model.history is not None
    lines = stream.lines()
    assert len(lines) == _progress.Cell.LINES + 1
    assert lines[-3].startswith("Epoch 98/3000  1/1  ")
    assert lines[-2].startswith("Epoch 3000/3000  1/1  ")
    assert lines[-2].endswith(f"loss: {model.history.history['loss'][-1]:.4f}")
    assert lines[-1] == ""


def test_a_recipe_is_bounded_too() -> None:
    overrides = {"train.epochs": 103, "train.batch_size": 2000}
    lines = shown(lambda: sb.train(EXAMPLES / "digits_mlp.toml", overrides=overrides)).lines()
    assert len(lines) == _progress.Cell.LINES + 1
    assert lines[-2].startswith("Epoch 103/103")


def test_lines_in_the_last_ones_place_wait_for_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(_progress.time, "monotonic", lambda: now)

    def run() -> None:
        nonlocal now
        cell = _progress.Cell()
        for i in range(_progress.Cell.LINES - 1):
            cell(f"{i}\n")
        for i in range(1000):  # ten seconds
            cell(f"\rstep {i}" if i % 2 else f"a longer line {i}\n")
            now += 0.01
        cell.close()

    stream = shown(run)
    assert 80 <= stream.text.count("\r") <= 102
    assert stream.text.count("\n") == _progress.Cell.LINES
    assert stream.lines()[-3:] == ["98", "step 999", ""]


def test_what_fails_leaves_a_whole_line() -> None:
    class Fail(sb.callbacks.Callback):
        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            if epoch == 500:
                raise RuntimeError("enough")

    def run() -> None:
        with pytest.raises(RuntimeError, match="enough"):
            mlp().fit(SMALL_X, SMALL_Y, epochs=1000, callbacks=[Fail()])

    stream = shown(run)
    assert stream.lines()[-2].startswith("Epoch 500/1000")
    assert stream.lines()[-1] == ""


def test_verbose_is_obeyed() -> None:
    model = mlp()
    assert shown(lambda: model.fit(SMALL_X, SMALL_Y, verbose=0)).text == ""
    plain = shown(lambda: model.fit(SMALL_X, SMALL_Y, epochs=200, verbose=2))
    assert len(plain.lines()) == 202  # who asks for a line an epoch gets them
    assert "\r" not in plain.text
    test = shown(lambda: model.evaluate(SMALL_X, SMALL_Y))
    assert [line.split("  ")[0] for line in test.lines()] == ["evaluate", ""]


# Plots.


def test_without_matplotlib_the_error_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(ImportError, match=r'^\[History\] plot needs matplotlib; got ".*"; do pip install matplotlib$'):
        cnn().fit(X, Y, verbose=0).plot()


def test_importing_and_training_do_not_import_matplotlib() -> None:
    code = """
import sys
from support import *
history = cnn().fit(*blobs(), verbose=0)
repr(history), history._repr_html_()
print(*sorted(name for name in sys.modules if name.split(".")[0] in ("matplotlib", "IPython", "ipykernel", "html.parser")))
"""
    assert python(code).stdout.strip() == ""
