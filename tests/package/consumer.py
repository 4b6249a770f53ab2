"""Builds and runs the stranger's project of this folder, and looks at what a library shows to it."""

import json
import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GOLDEN: dict[str, str] = json.loads((ROOT / "tests" / "golden" / "digests.json").read_text())

# A demangled name of namespace samebits, and what it is called there.
OURS = re.compile(r"(?:(?:typeinfo|typeinfo name|vtable) for )?samebits::([\w:~]+)")


def run(*command: str | Path) -> str:
    """Its standard output; a command that fails is an AssertionError with all it said."""
    words = [str(word) for word in command]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(words)}\n{done.stdout}{done.stderr}"
    return done.stdout


def public_headers() -> list[str]:
    """As cpp/CMakeLists.txt lists them; samebits/eigen.h, which needs Eigen, is no part of it."""
    listed = re.search(r"set\(public_headers([^)]*)\)", (ROOT / "cpp" / "CMakeLists.txt").read_text())
    assert listed is not None
    return listed[1].split()


def build(folder: Path, *options: str, headers: bool = False) -> None:
    """The project, built in the folder with these options of CMake; headers: with each of them alone, too."""
    names = ";".join(public_headers()) if headers else ""
    run("cmake", "-S", ROOT / "tests" / "package", "-B", folder, "-DCMAKE_BUILD_TYPE=Release", f"-DHEADERS={names}", *options)
    run("cmake", "--build", folder, "--parallel", str(os.cpu_count()))


def digest(printed: str) -> str:
    (one,) = re.findall(r"^digest: (sha256:[0-9a-f]{64})$", printed, re.MULTILINE)
    return str(one)


def train_and_predict(folder: Path) -> None:
    """Runs the three programs: golden digests, and predictions with the model that one of them saved."""
    golden = GOLDEN["digits.toml"]
    assert digest(run(folder / "digits", ROOT / "examples" / "digits.toml")) == golden
    trained = run(folder / "model", folder / "digits.safetensors")
    assert digest(trained) == golden
    predicted = run(folder / "predict", folder / "digits.safetensors")
    assert digest(predicted) == golden
    (right,) = re.findall(r"^(\d+) of 297 digits right$", predicted, re.MULTILINE)
    assert f"test accuracy: {int(right) / 297:.4f}" in trained


def visible(library: Path) -> set[str]:
    """What a library defines for others: demangled names, of all that is not local; the names of versions (A) are none."""
    dynamic = ["--dynamic"] if library.suffix == ".so" else []
    names = run("nm", *dynamic, "--extern-only", "--defined-only", "--demangle", "--format=posix", library)
    return {line.rsplit(" ", 3)[0] for line in names.splitlines() if re.search(r" [B-Zb-z] [0-9a-f]+( [0-9a-f]*)?$", line)}


def marked() -> set[str]:
    """The names of what SAMEBITS_API marks."""
    text = "".join(re.sub("//.*", "", (ROOT / "cpp" / header).read_text()) for header in public_headers())
    classes = re.findall(r"^(?:class|struct) SAMEBITS_API (\w+)", text, re.MULTILINE)
    functions = re.findall(r"^SAMEBITS_API [^(;]*?(\w+)\(", text, re.MULTILINE)
    assert "Model" in classes
    assert "load_model" in functions
    return {*classes, *functions}


def require_only_the_api(library: Path) -> None:
    """Every visible name is one of namespace samebits, and marked as API or a part of a class that is; in a shared library it
    has the version."""
    names, api = visible(library), marked()
    spaces = {"layers", "callbacks", "metrics", "runtime"}
    assert any(name.startswith("samebits::Model::fit(") for name in names)
    for name in names:
        match = OURS.match(name)
        assert match, f"{name} is visible and not samebits's"
        first = next(word for word in match[1].split("::") if word not in spaces)
        assert first in api, f"{name} is visible and not marked by SAMEBITS_API"
        assert library.suffix == ".a" or re.search(r"@@samebits_\d+\.\d+$", name), f"{name} has no version"
