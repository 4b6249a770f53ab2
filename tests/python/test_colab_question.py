"""The question's three programs: three forms, one digest each, where the data are pinned; they run where the data are not."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from support import EXAMPLES, environment

FOLDER = EXAMPLES / "colab_question"
PROGRAMS = ("dense", "images", "loop")
FORMS = ("{}_tf.py", "{}.py", "{}")  # the last: in C++


@pytest.fixture(scope="module")
def pinned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with my_data."""
    folder = tmp_path_factory.mktemp("pinned")
    subprocess.run([sys.executable, FOLDER / "make_data.py"], cwd=folder, check=True, capture_output=True)
    return folder


def run(form: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run one program in a folder."""
    build = os.environ.get("SAMEBITS_BUILD_DIR")
    assert build, "SAMEBITS_BUILD_DIR must name the build tree with the examples"
    command = [sys.executable, FOLDER / form] if form.endswith(".py") else [Path(build) / "examples/colab_question" / form]
    done = subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    return done


def digest(output: str) -> str:
    """The digest that a program prints at last."""
    found = re.fullmatch(r"digest: (sha256:[0-9a-f]{64})", output.splitlines()[-1])
    assert found, output
    return found[1]


@pytest.mark.parametrize("program", PROGRAMS)
def test_three_forms_have_one_digest(program: str, pinned: Path) -> None:
    runs = [run(form.format(program), pinned) for form in FORMS]
    digests = [digest(done.stdout) for done in runs]
    told = dict(re.findall(r"^(\w+) +(sha256:[0-9a-f]{64})$", (FOLDER / "README.md").read_text(), re.MULTILINE))
    assert digests == [told[program]] * 3
    assert not any("UserWarning" in done.stderr for done in runs)
    if program == "loop":
        losses = [re.findall(r"^batch (\d+): loss (\d\.\d+), accuracy (\d\.\d+)$", done.stdout, re.MULTILINE) for done in runs]
        assert [step for step, _, _ in losses[0]] == ["0", "20", "40", "60"]
        assert losses[0] == losses[1] == losses[2]


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("form", FORMS)
def test_without_pinned_data_they_run_too(program: str, form: str, tmp_path: Path) -> None:
    done = run(form.format(program), tmp_path)
    assert digest(done.stdout) not in (FOLDER / "README.md").read_text()
    told = done.stderr.count("[np.random] data must be pinned")
    assert told == (1 if form.endswith(".py") else 0)  # C++ draws from a generator with a seed


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_import_is_all_that_was_changed(program: str) -> None:
    source = (FOLDER / f"{program}_tf.py").read_text()
    assert re.findall(r".*\bsamebits\b.*|.*tensorflow.*", source) == [
        "# import tensorflow as tf",
        "import samebits.compat.tf as tf",
    ]
    assert "# import tensorflow as tf\nimport samebits.compat.tf as tf\n" in source
