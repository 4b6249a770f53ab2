"""What .ci/run and `make test` say of themselves, with programs in place of make, CMake and the tests."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from support import ROOT

PROVED = ["cpp/samebits/numerics/functions.h", "cpp/samebits/kernels/cpu/functions.inc", "tests/prove/prove_functions.cpp"]


def program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PATH": f"{folder}/bin:{os.environ['PATH']}", "GIT_CONFIG_GLOBAL": "/dev/null"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def git(folder: Path, *arguments: str) -> str:
    author = ("-c", "user.name=a", "-c", "user.email=a@b")
    done = run(folder, "git", *author, *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone in which everything was proved at the last commit but one."""
    for path in (".ci/run", *PROVED):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, tmp_path / path)
    program(tmp_path / "tests/tools/setup.sh", "exit 0")
    program(tmp_path / "bin/make", "exit 0")
    (tmp_path / "docs").mkdir()
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "one")
    (tmp_path / "docs/proofs.md").write_text(f"commit: {git(tmp_path, 'rev-parse', 'HEAD')}\n")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "two")
    return tmp_path


def everything(clone: Path) -> str:
    done = run(clone, ".ci/run", "everything")
    assert done.returncode == 0, done.stderr
    return (clone / "docs/everything.md").read_text()


def test_a_clean_clone_is_called_so_and_no_other(clone: Path) -> None:
    assert "in their long forms, on a clean clone." in everything(clone)
    assert "clean clone" not in everything(clone)  # the page itself is new now
    git(clone, "add", "-A")
    git(clone, "commit", "-qm", "the page")
    (clone / PROVED[0]).write_text("changed")
    assert "clean clone" not in everything(clone)


@pytest.mark.parametrize("path", PROVED)
def test_the_functions_are_proved_again_when_something_of_them_changed(clone: Path, path: str) -> None:
    assert " make --no-print-directory prove" not in everything(clone)
    (clone / path).write_text("changed")
    git(clone, "commit", "-qam", "three")
    assert " make --no-print-directory prove" in everything(clone)


@pytest.mark.parametrize("failing", ["", "build", "ctest", "python"])
def test_make_test_says_the_time_of_each_part(tmp_path: Path, failing: str) -> None:
    (tmp_path / "tests/tools").mkdir(parents=True)
    shutil.copy(ROOT / "tests/tools/test.sh", tmp_path / "tests/tools/test.sh")
    places = {"build": "tests/tools/build.sh", "ctest": "bin/ctest", "python": "bin/python"}
    for name, path in places.items():
        program(tmp_path / path, f"exit {int(name == failing)}")
    done = run(tmp_path, "tests/tools/test.sh")
    assert done.returncode == int(failing != "")
    parts = ["build"] if failing == "build" else ["build", "ctest", "pytest"]
    assert re.sub(r"\d+", "0", done.stdout.splitlines()[-1]) == "test: " + ", ".join(f"{part} 0 s" for part in parts)
