"""What a real kernel sends and shows."""

import re
from typing import Any

import nbformat

PREPARE = """
import numpy as np
import samebits as sb
x, y = np.ones((8, 4), np.float32), np.zeros((8, 2), np.float32)
model = sb.Sequential([sb.layers.Dense(2, input_shape=(4,))])
model.compile(optimizer="sgd", loss="mse")
"""


def notebook(*sources: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])


def test_progress_does_not_flood(execute: Any) -> None:
    """20,000 epochs: a hundred lines in some messages, and what is printed next has a line of its own."""
    one = notebook(PREPARE, "history = model.fit(x, y, epochs=20_000)\nprint('next')")
    client = execute(one)
    (output,) = one.cells[1].outputs
    lines = output.text.splitlines()
    assert len(lines) == 101
    assert lines[98].startswith("Epoch 98/20000  ")
    assert lines[99].startswith("Epoch 20000/20000  1/1  ")
    assert lines[100] == "next"
    assert 1 <= client.messages < 200


def test_a_line_is_rewritten_in_place(execute: Any) -> None:
    """An epoch of many steps shows a line for them that is gone when it ends."""
    slow = "class Slow(sb.callbacks.Callback):\n    def on_train_batch_end(self, batch, logs=None):\n        time.sleep(0.03)\n"
    one = notebook(PREPARE, f"import time\n{slow}\nmodel.fit(x, y, batch_size=1, epochs=2, callbacks=[Slow()]);")
    client = execute(one)
    assert re.search(r"\rEpoch 1/2  [1-7]/8  loss", client.sent)
    lines = one.cells[1].outputs[0].text.splitlines()
    assert [line.split("  ")[:2] for line in lines[1:]] == [["Epoch 1/2", "8/8"], ["Epoch 2/2", "8/8"]]


def test_what_is_shown_has_html_beside_its_text(execute: Any) -> None:
    one = notebook(
        PREPARE, "model", "model.digest()", "model.fit(x, y, verbose=0)", "sb.runtime.devices()", "sb.runtime.info()"
    )
    execute(one)
    shown = [cell.outputs[-1].data for cell in one.cells[1:]]
    assert [re.match("<[a-z]+>", data["text/html"])[0] for data in shown] == ["<table>", "<code>", *["<table>"] * 3]
    assert [data["text/plain"][:8] for data in shown] == ["<Sequent", "'sha256:", "History(", "[Device(", "{'versio"]
