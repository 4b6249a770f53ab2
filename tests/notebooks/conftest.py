"""Notebooks run in a kernel of this Python, in an empty folder, with the samebits of

- SAMEBITS_WHEEL: a wheel, which the notebook's own first cell installs (into a folder that is gone afterwards);
- else SAMEBITS_BUILD_DIR: a build tree with the target _core;
- else the one that is installed.
"""

import os
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

WHEEL = os.environ.get("SAMEBITS_WHEEL")
PACKAGES = ""  # the folder with samebits, for all but the notebooks that install it
if WHEEL:
    unpacked = tempfile.TemporaryDirectory()
    zipfile.ZipFile(WHEEL).extractall(unpacked.name)
    PACKAGES = unpacked.name
elif build := os.environ.get("SAMEBITS_BUILD_DIR"):
    PACKAGES = os.path.join(build, "python")
if PACKAGES:
    sys.path.insert(0, PACKAGES)

for name in ("SAMEBITS_ISA", "SAMEBITS_THREADS", "SAMEBITS_MEMORY_LIMIT"):  # the notebooks choose these themselves
    os.environ.pop(name, None)


class Client(NotebookClient):
    """Counts and keeps what the kernel sends to be shown."""

    messages, sent = 0, ""

    def output(self, outs: Any, message: Any, display_id: str, cell_index: int) -> Any:
        """Called once for each output."""
        self.messages += 1
        self.sent += message["content"].get("text", "")
        return super().output(outs, message, display_id, cell_index)


@pytest.fixture
def execute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """execute(notebook) -> its client, when all cells have been executed; a cell that fails is an error.

    installs: the notebook's first cell brings samebits, where there is a wheel.
    """
    folder, installed = tmp_path / "notebook", tmp_path / "installed"
    folder.mkdir()
    installed.mkdir()

    def run(notebook: nbformat.NotebookNode, installs: bool = False) -> Client:
        if WHEEL and installs:
            monkeypatch.setenv("SAMEBITS_WHEEL", str(Path(WHEEL).resolve()))
            monkeypatch.setenv("PIP_TARGET", str(installed))
            monkeypatch.setenv("PIP_NO_DEPS", "1")  # NumPy is here
            monkeypatch.setenv("PYTHONPATH", str(installed))
        elif PACKAGES:
            monkeypatch.setenv("PYTHONPATH", PACKAGES)
        client = Client(notebook, timeout=60, coalesce_streams=True, resources={"metadata": {"path": str(folder)}})
        client.execute()
        assert not (WHEEL and installs) or (installed / "samebits").is_dir()
        return client

    return run
