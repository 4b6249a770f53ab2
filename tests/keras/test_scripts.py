"""The programs of examples/colab_question are TensorFlow's: with the one import changed back TensorFlow runs them."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from measure import with_tensorflow

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "colab_question"


@pytest.fixture(scope="module")
def pinned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with my_data."""
    folder = tmp_path_factory.mktemp("pinned")
    subprocess.run([sys.executable, FOLDER / "make_data.py"], cwd=folder, check=True, capture_output=True)
    return folder


@pytest.mark.parametrize(
    ("program", "lines"),
    [
        ("dense", ["version: 2.", "GPUs: none", "Epoch 3/3"]),
        ("images", ["Total params: 217,226", "Epoch 5/5"]),
        ("loop", ["batch 0: loss ", "batch 60: loss ", "time: "]),
    ],
)
def test_the_import_is_all_that_changes(program: str, lines: list[str], pinned: Path) -> None:
    script = pinned / f"{program}.py"
    script.write_text(with_tensorflow((FOLDER / f"{program}_tf.py").read_text()))
    done = subprocess.run([sys.executable, script], cwd=pinned, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    printed = re.sub(r"\x1b\[[\d;]*m", "", done.stdout)
    assert [line for line in lines if line not in printed] == [], printed
    assert "digest:" not in printed  # which TensorFlow has not
