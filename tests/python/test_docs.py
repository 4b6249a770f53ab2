"""Every example of README and docs/ runs: programs in Python and C++, recipes, lines of the command line.

Each block runs in a folder of its own that holds examples/ and train.csv. A fence without a language after a block is what it
printed, to the letter; of a recipe, the last line of `samebits train`. A recipe without [data] or [train] gets those of FRAME.
A block below a line `<!-- fragment: why -->` is not run. What is neither run nor compared is counted here.
"""

import json
import os
import re
import shlex
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import consumer
import numpy as np
import pytest

import samebits as sb
from support import ROOT, command, python

PAGES = ["README.md", *sorted(str(p.relative_to(ROOT)) for p in (ROOT / "docs").rglob("*.md"))]
FRAGMENTS: dict[str, int] = {}  # blocks that are not run
# demo's digests, a warning, formulas, the jobs of CI
SHOWN = {"README.md": 1, "docs/tensorflow.md": 1, "docs/numerics.md": 3, "docs/everything.md": 1}
PRINTS = {"python", "cpp", "toml"}
ELSEWHERE = {"law"}  # test_numerics_doc.py
SITE = {"{toctree}", "{eval-rst}", "{public-headers}"}  # make docs
FRAME = {
    "data": 'source = "digits"\nshape = [8, 8, 1]\ndivide = 16\n',
    "train": 'optimizer = "adam"\nloss = "sparse_categorical_crossentropy"\n',
}


class Block(NamedTuple):
    language: str  # "commands" for lines of the command line
    text: str
    printed: str | None = None
    fragment: bool = False


def fences(page: str) -> list[Block]:
    """All of them, as they stand."""
    text = (ROOT / page).read_text()
    found = list(re.finditer(r"^```(.*)\n((?:.*\n)*?)```$", text, re.MULTILINE))
    assert text.count("```") == 2 * len(found), f"{page} has a fence that is not at the start of a line, or is not closed"
    marks = [re.search(r"\n<!-- fragment: .+ -->\n+\Z", text[: fence.start()]) is not None for fence in found]
    return [Block(fence[1], fence[2], fragment=mark) for fence, mark in zip(found, marks, strict=True)]


def read(page: str) -> tuple[list[Block], int]:
    """What can be run of a page, and the number of fences that nothing printed."""
    blocks: list[Block] = []
    shown = 0
    for fence in fences(page):
        if fence.language:
            assert fence.language in {*RUN, *ELSEWHERE, *SITE}, f"{page}: what is {fence.language}?"
            blocks.append(fence)
        elif re.match(r"(samebits|make|git clone) ", fence.text):
            blocks.append(fence._replace(language="commands"))
        elif (
            blocks
            and blocks[-1].printed is None
            and blocks[-1].language in {"python", "cpp", "toml"}
            and not blocks[-1].fragment
        ):
            blocks[-1] = blocks[-1]._replace(printed=fence.text)
        else:
            shown += 1
    return [block for block in blocks if block.language in RUN], shown


def printed(text: str, block: Block) -> None:
    if block.printed is not None:
        assert text == block.printed


def run_python(block: Block, folder: Path) -> None:
    one, other = python(block.text), python(block.text, SAMEBITS_ISA="generic", SAMEBITS_THREADS="3")
    printed(one.stdout, block)
    assert "Warning" not in one.stderr
    assert digests(one.stdout) == digests(other.stdout)


def run_cpp(block: Block, folder: Path) -> None:
    build = os.environ.get("SAMEBITS_BUILD_DIR")
    assert build, "SAMEBITS_BUILD_DIR must name the build tree with the library"
    source, program = folder / "main.cpp", folder / "main"
    source.write_text(block.text)
    flags = ["-std=c++20", "-Wall", "-Wextra", "-Werror", f"-I{ROOT / 'cpp'}"]
    compiler = os.environ.get("CXX", "c++")
    subprocess.run([compiler, *flags, source, f"{build}/cpp/libsamebits.a", "-pthread", "-o", program], check=True)
    one, other = (
        subprocess.run([program], capture_output=True, text=True, check=True, env=os.environ | more).stdout
        for more in ({}, {"SAMEBITS_ISA": "generic", "SAMEBITS_THREADS": "3"})
    )
    printed(one, block)
    assert digests(one)
    assert digests(one) == digests(other)


def run_recipe(block: Block, folder: Path) -> None:
    given = tomllib.loads(block.text)
    rest = "".join(f"\n[{name}]\n{text}" for name, text in FRAME.items() if name not in given)
    recipe = folder / "recipe.toml"
    recipe.write_text(block.text + rest)
    printed(f"digest: {sb.train(recipe, verbose=0).digest()}\n", block)


def run_commands(block: Block, folder: Path) -> None:
    for line in block.text.splitlines():
        program, *arguments = shlex.split(line, comments=True)
        if program == "make":
            assert re.search(rf"^\.PHONY:.*\b{arguments[0]}\b", (ROOT / "Makefile").read_text(), re.MULTILINE)
        elif program != "git":  # how to get what is here
            assert program == "samebits"
            done = command(*arguments)
            assert done.returncode == 0, done.stderr


def run_cmake(block: Block, folder: Path) -> None:
    """What a program's CMakeLists.txt says, against an install tree."""
    build = os.environ.get("SAMEBITS_BUILD_DIR")
    assert build, "SAMEBITS_BUILD_DIR must name the build tree with the library"
    consumer.run("cmake", "--install", build, "--prefix", folder / "prefix", "--component", "development")
    head = "cmake_minimum_required(VERSION 3.25)\nproject(p LANGUAGES CXX)\nadd_executable(program examples/digits.cpp)\n"
    (folder / "CMakeLists.txt").write_text(head + block.text)
    consumer.run("cmake", "-S", folder, "-B", folder / "build", f"-DCMAKE_PREFIX_PATH={folder / 'prefix'}")
    consumer.run("cmake", "--build", folder / "build")
    assert consumer.digest(consumer.run(folder / "build" / "program", "examples/digits_mlp.toml"))


RUN: dict[str, Callable[[Block, Path], None]] = {
    "python": run_python,
    "cpp": run_cpp,
    "toml": run_recipe,
    "cmake": run_cmake,
    "commands": run_commands,
}


def digests(text: str) -> list[str]:
    return re.findall(r"sha256:[0-9a-f]{64}", text)


READ = {page: read(page) for page in PAGES}
BLOCKS = [
    pytest.param(block, id=f"{page}-{number}-{block.language}")
    for page, (found, _) in READ.items()
    for number, block in enumerate(found, 1)
    if not block.fragment
]


@pytest.mark.parametrize("block", BLOCKS)
def test_example(block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    random = np.random.default_rng(1)
    table = np.column_stack([random.integers(0, 10, 40), random.integers(0, 256, (40, 784))])
    np.savetxt("train.csv", table, fmt="%d", delimiter=",")
    RUN[block.language](block, tmp_path)


def test_nothing_is_left_out_in_silence() -> None:
    assert {page: n for page, (found, _) in READ.items() if (n := sum(block.fragment for block in found))} == FRAGMENTS
    assert {page: shown for page, (_, shown) in READ.items() if shown} == SHOWN
    assert {block.language for found, _ in READ.values() for block in found} == set(RUN)


@pytest.mark.parametrize("page", PAGES)
def test_files_that_a_page_names_exist(page: str) -> None:
    for path in re.findall(r"`((?:tests|examples|benchmarks|docs|python)/[\w./*]+)`", (ROOT / page).read_text()):
        assert list(ROOT.glob(path)), path


@pytest.mark.parametrize("recipe", ["digits", "digits_mlp"])
def test_readme_names_the_golden_digests(recipe: str) -> None:
    golden = json.loads((ROOT / "tests/golden/digests.json").read_text())
    assert golden[f"{recipe}.toml"] in (ROOT / "README.md").read_text()
