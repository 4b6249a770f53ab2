"""The notebooks of examples/: cleared files, executed cell by cell, with the digests that stand elsewhere."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "examples" / "notebooks"
PROGRAMS = ROOT / "examples" / "colab_question"
NAMES = sorted(path.stem for path in FOLDER.glob("*.ipynb"))
DIGEST = re.compile("sha256:[0-9a-f]{64}")


def read(name: str) -> nbformat.NotebookNode:
    return nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)


def cells(notebook: nbformat.NotebookNode) -> dict[str, Any]:
    return {cell.id: cell for cell in notebook.cells}


def text(cell: Any) -> str:
    """What an executed cell shows, as text."""
    return "".join(output.get("text") or output.get("data", {}).get("text/plain", "") for output in cell.outputs)


def test_there_are_two() -> None:
    assert NAMES == ["colab_question", "quickstart"]


@pytest.mark.parametrize("name", NAMES)
def test_the_file_is_cleared_and_valid(name: str) -> None:
    raw = (FOLDER / f"{name}.ipynb").read_text()
    notebook = json.loads(raw)
    nbformat.validate(notebook)
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert notebook["metadata"] == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for cell in notebook["cells"]:
        assert re.fullmatch("[a-z-]+", cell["id"])  # chosen by hand: they stay
        assert cell["metadata"] == {}
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            assert cell["execution_count"] is None
    assert len({cell["id"] for cell in notebook["cells"]}) == len(notebook["cells"])
    assert raw == json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"  # as Jupyter writes it


@pytest.mark.parametrize("name", NAMES)
def test_the_first_cells_say_where_it_comes_from(name: str) -> None:
    title, install, *_ = read(name).cells
    assert "](https://colab.research.google.com/assets/colab-badge.svg)" in title.source
    assert f"/examples/notebooks/{name}.ipynb)" in title.source
    assert "on no package index yet" in title.source
    assert "%pip install --quiet {WHEEL}" in install.source
    assert "!pip" not in install.source


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_runs(name: str, execute: Any) -> None:
    notebook = read(name)
    execute(notebook, installs=True)
    for cell in notebook.cells:
        errors = [output for output in cell.get("outputs", []) if output.output_type == "error"]
        assert errors == []
    done = cells(notebook)
    assert "image/png" in done["plot"].outputs[-1].data
    if name == "quickstart":
        golden = json.loads((ROOT / "tests" / "golden" / "digests.json").read_text())["digits.toml"]
        for cell in ("digest", "again"):
            assert DIGEST.findall(text(done[cell])) == [golden]
            assert f"<code>{golden}</code>" == done[cell].outputs[-1].data["text/html"]
        assert golden in done["same"].source
        assert "Epoch 10/10" in text(done["train"])
        assert all("<table>" in done[cell].outputs[-1].data["text/html"] for cell in ("import", "model", "history"))
    else:
        told = dict(re.findall(r"^(\w+) +(sha256:[0-9a-f]{64})$", (PROGRAMS / "README.md").read_text(), re.MULTILINE))
        assert set(told) == {"dense", "images", "loop"}
        for program, cell in (("dense", "run-pinned"), ("images", "run-images"), ("loop", "run-loop")):
            assert DIGEST.findall(text(done[cell])) == [told[program]]
            assert f'"{program}": "{told[program]}"' in done["home"].source
        unpinned = [DIGEST.findall(text(done[cell])) for cell in ("run-unpinned", "run-unpinned-again")]
        assert len({*unpinned[0], *unpinned[1], told["dense"]}) == 3
        assert "[np.random] data must be pinned" in text(done["run-unpinned"])
        machines = DIGEST.findall(text(done["machines"]))
        assert len(machines) >= 6
        assert set(machines) == {told["dense"]}


@pytest.mark.parametrize("name", NAMES)
def test_without_a_wheel_the_first_cell_says_so(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("SAMEBITS_WHEEL", "PYTHONPATH"):
        monkeypatch.delenv(variable, raising=False)
    if subprocess.call([sys.executable, "-c", "import samebits"], cwd=tmp_path, stderr=subprocess.DEVNULL) == 0:
        pytest.skip("samebits is installed here")
    notebook = read(name)
    notebook.cells = notebook.cells[:3]
    with pytest.raises(CellExecutionError, match=r"\[samebits\] a wheel for Python .* must be installed; got .*; upload one"):
        NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(tmp_path)}}).execute()
    assert notebook.cells[2].execution_count is None


def test_the_programs_in_the_notebook_are_those_of_the_folder() -> None:
    written = {}
    for cell in read("colab_question").cells:
        if cell.source.startswith("%%writefile "):
            first, _, rest = cell.source.partition("\n")
            written[first.split()[1]] = rest
    assert set(written) == {"dense_tf.py", "images_tf.py", "loop_tf.py", "make_data.py"}
    for name, source in written.items():
        assert source + "\n" == (PROGRAMS / name).read_text()
