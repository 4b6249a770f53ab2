"""README's two programs and that of docs/models.md run, and what it says of digests is so."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from support import ROOT, python

README = (ROOT / "README.md").read_text()


def block(language: str) -> str:
    found = re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)
    assert len(found) == 1, f"README has one program in {language}"
    return str(found[0])


def test_python_program(tmp_path: Path) -> None:
    done = python(f"import os\nos.chdir({str(tmp_path)!r})\n{block('python')}")
    assert re.search(r"sha256:[0-9a-f]{64}", done.stdout)
    assert "peak:" in done.stdout
    assert (tmp_path / "digits.safetensors").exists()


def test_the_program_of_the_page_on_models() -> None:
    found = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "models.md").read_text(), re.DOTALL)
    done = python(found[0])
    assert re.search(r"label_accuracy.*sha256:[0-9a-f]{64}", done.stdout)


def test_cpp_program(tmp_path: Path) -> None:
    build = os.environ.get("SAMEBITS_BUILD_DIR")
    assert build, "SAMEBITS_BUILD_DIR must name the build tree with the library"
    source = tmp_path / "main.cpp"
    source.write_text(block("cpp"))
    program = tmp_path / "main"
    compiler = os.environ.get("CXX", "c++")
    library = f"{build}/cpp/libsamebits.a"
    flags = ["-std=c++20", "-Wall", "-Wextra", "-Werror", f"-I{ROOT / 'cpp'}"]
    subprocess.run([compiler, *flags, str(source), library, "-pthread", "-o", str(program)], check=True)
    runs = [subprocess.run([str(program)], capture_output=True, text=True, check=True).stdout for _ in range(2)]
    assert re.fullmatch(r"sha256:[0-9a-f]{64}\n", runs[0])
    assert runs[0] == runs[1]


@pytest.mark.parametrize("recipe", ["digits", "digits_mlp"])
def test_digests_are_the_golden_ones(recipe: str) -> None:
    golden = json.loads((ROOT / "tests/golden/digests.json").read_text())
    assert golden[f"{recipe}.toml"] in README
