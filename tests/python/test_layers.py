"""The include rule of cpp/README.md, read from the #include lines: arrows point down only.

Each rule is a function from a source tree to the list of its breaches, so that the last test can prove on small trees made
for it that every rule can fail.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# A layer may include itself and what stands before it. "api" is the headers that lie in cpp/samebits itself, but for
# version.h: constants that stand with base.
LAYERS = ("numerics", "base", "kernels", "graph", "data", "train", "env", "api", "cli", "bindings")
# Other people's libraries, by the first word of the include, and the layers that may name them.
BELOW_BINDINGS = frozenset(LAYERS) - {"bindings"}
LIBRARIES = {
    "fmt": BELOW_BINDINGS - {"numerics", "kernels", "api"} | {"bindings"},  # kernels: through base/check.h, see below
    "nlohmann": BELOW_BINDINGS - {"numerics", "base", "kernels", "api"},
    "toml++": BELOW_BINDINGS - {"numerics", "base", "kernels", "graph", "api"},
    "Eigen": frozenset({"api"}),
    "pybind11": frozenset({"bindings"}),
    "Python.h": frozenset({"bindings"}),
    "numpy": frozenset({"bindings"}),
    "torch": frozenset(),
    "ATen": frozenset(),
    "c10": frozenset(),
    "omp.h": frozenset(),
    "catch2": frozenset(),
}
LONGEST = 500  # lines a file

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)


def sources(root: Path) -> Iterator[Path]:
    """The C++ files of the library and of the Python module."""
    for folder in ("cpp/samebits", "python/bindings"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in {".h", ".inc", ".cpp", ".cu"}:
                yield path


def layer_of(root: Path, path: Path) -> str:
    if path.is_relative_to(root / "python/bindings"):
        return "bindings"
    parts = path.relative_to(root / "cpp/samebits").parts
    return {"version.h": "base"}.get(parts[0], "api") if len(parts) == 1 else parts[0]


def includes(path: Path) -> list[tuple[str, str]]:
    """(quote or angle, what is included) for each include line."""
    return INCLUDE.findall(path.read_text())


def own(root: Path, path: Path) -> list[Path]:
    """The files of ours that a file includes, whether they exist or not."""
    return [root / "cpp" / name for _, name in includes(path) if name.startswith("samebits/")]


def public_headers(root: Path) -> list[Path]:
    listed = re.search(r"set\(public_headers([^)]*)\)", (root / "cpp/CMakeLists.txt").read_text())
    assert listed, "cpp/CMakeLists.txt has no list public_headers"
    return [root / "cpp" / name for name in listed[1].split()]


def upward(root: Path) -> list[str]:
    found = []
    for path in sources(root):
        layer = layer_of(root, path)
        name = path.relative_to(root)
        if layer not in LAYERS:
            found.append(f"{name}: folder {layer} has no place in LAYERS")
            continue
        for target in own(root, path):
            if not target.exists():
                found.append(f"{name} includes {target.relative_to(root)}, which does not exist")
            elif LAYERS.index(layer_of(root, target)) > LAYERS.index(layer):
                found.append(f"{name} ({layer}) includes {target.relative_to(root)} ({layer_of(root, target)}), above it")
    return found


def unrooted(root: Path) -> list[str]:
    """Quoted includes that do not start at samebits/: this test could not follow them."""
    return [
        f'{path.relative_to(root)} includes "{name}"; write "samebits/..."'
        for path in sources(root)
        if layer_of(root, path) != "bindings"
        for quote, name in includes(path)
        if quote == '"' and not name.startswith("samebits/")
    ]


def libraries(root: Path) -> list[str]:
    found = []
    for path in sources(root):
        layer = layer_of(root, path)
        name = path.relative_to(root)
        for _, what in includes(path):
            library = what.split("/")[0]
            if layer not in LIBRARIES.get(library, frozenset(LAYERS)):
                found.append(f"{name} ({layer}) includes <{what}>")
    return found


def kernel_messages(root: Path) -> list[str]:
    """base/check.h brings in fmt: in kernels/ only the .cpp files beside the contracts (isa, registry) may have it."""
    kernels = root / "cpp/samebits/kernels"
    return [
        f"{path.relative_to(root)} includes base/check.h; only kernels/*.cpp may"
        for path in sources(root)
        if path.is_relative_to(kernels) and not (path.parent == kernels and path.suffix == ".cpp")
        if root / "cpp/samebits/base/check.h" in own(root, path)
    ]


def public(root: Path) -> list[str]:
    """Public headers include the standard library and one another; samebits/eigen.h also Eigen."""
    headers = public_headers(root)
    found = [f"{path.relative_to(root)} is in public_headers and does not exist" for path in headers if not path.exists()]
    for path in filter(Path.exists, headers):
        name = path.relative_to(root)
        found += [f"{name} includes {t.relative_to(root)}, which is not public" for t in own(root, path) if t not in headers]
        allowed = {"Eigen"} if path.name == "eigen.h" else set()
        for _, what in includes(path):
            if what.split("/")[0] in LIBRARIES.keys() - allowed:
                found.append(f"{name} includes <{what}>: a public header needs no other library")
    return found


def cycles(root: Path) -> list[str]:
    found: list[str] = []
    done: set[Path] = set()

    def visit(path: Path, trail: list[Path]) -> None:
        if path in trail:
            loop = [*trail[trail.index(path) :], path]
            found.append(" -> ".join(str(p.relative_to(root)) for p in loop))
        elif path not in done and path.exists():
            for target in own(root, path):
                visit(target, [*trail, path])
            done.add(path)

    for path in sources(root):
        visit(path, [])
    return found


def too_long(root: Path) -> list[str]:
    found = []
    for folder in ("cpp", "python", "tests"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in {".h", ".inc", ".cpp", ".cu", ".py", ".cmake", ".sh", ".txt"} and path.is_file():
                lines = path.read_bytes().count(b"\n")
                if lines > LONGEST:
                    found.append(f"{path.relative_to(root)} has {lines} lines, more than {LONGEST}")
    return found


RULES = (upward, unrooted, libraries, kernel_messages, public, cycles, too_long)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_tree_keeps(rule):
    assert list(sources(ROOT)), "no sources found: this test reads nothing"
    assert rule(ROOT) == []


def test_cmake_has_the_same_layers_in_the_same_order():
    listed = re.search(r"set\(layers ([^)]*)\)", (ROOT / "cpp/CMakeLists.txt").read_text())
    assert listed
    assert tuple(listed[1].split()) == tuple(layer for layer in LAYERS if layer not in {"numerics", "api", "bindings"})


GOOD = {
    "cpp/CMakeLists.txt": "set(public_headers\n    samebits/base/error.h\n)",
    "cpp/samebits/numerics/order.h": "#include <cstdint>\n",
    "cpp/samebits/base/error.h": "#include <string>\n",
    "cpp/samebits/base/check.h": '#include <fmt/format.h>\n#include "samebits/base/error.h"\n',
    "cpp/samebits/kernels/gemm.h": '#include "samebits/numerics/order.h"\n',
    "cpp/samebits/kernels/registry.cpp": '#include "samebits/base/check.h"\n',
    "cpp/samebits/train/trainer.cpp": '#include "samebits/kernels/gemm.h"\n#include <nlohmann/json.hpp>\n',
    "python/bindings/module.cpp": '#include <pybind11/pybind11.h>\n#include "samebits/base/error.h"\n',
}
BREACHES = [
    (upward, "cpp/samebits/numerics/order.h", '#include "samebits/base/error.h"', "numerics) includes"),
    (upward, "cpp/samebits/base/error.h", '  #  include "samebits/kernels/gemm.h"', "base) includes"),
    (upward, "cpp/samebits/train/trainer.cpp", "#include <samebits/nowhere.h>", "does not exist"),
    (upward, "cpp/samebits/attic/old.cpp", "", "no place in LAYERS"),
    (unrooted, "cpp/samebits/kernels/gemm.h", '#include "../base/error.h"', 'write "samebits/..."'),
    (libraries, "cpp/samebits/kernels/gemm.h", "#include <nlohmann/json.hpp>", "kernels) includes"),
    (libraries, "cpp/samebits/train/trainer.cpp", "#include <pybind11/pybind11.h>", "train) includes"),
    (libraries, "cpp/samebits/train/trainer.cpp", "#include <torch/torch.h>", "train) includes"),
    (kernel_messages, "cpp/samebits/kernels/cpu/gemm.inc", '#include "samebits/base/check.h"', "only kernels/*.cpp may"),
    (kernel_messages, "cpp/samebits/kernels/gemm.h", '#include "samebits/base/check.h"', "only kernels/*.cpp may"),
    (public, "cpp/samebits/base/error.h", '#include "samebits/base/check.h"', "not public"),
    (public, "cpp/samebits/base/error.h", "#include <fmt/format.h>", "needs no other library"),
    (cycles, "cpp/samebits/base/error.h", '#include "samebits/base/check.h"', "check.h -> cpp/samebits/base/error.h"),
    (too_long, "tests/cpp/test_long.cpp", "\n" * (LONGEST + 1), "501 lines"),
]


@pytest.mark.parametrize(("rule", "file", "text", "expected"), BREACHES, ids=[f"{b[0].__name__}-{b[3]}" for b in BREACHES])
def test_each_rule_can_fail(tmp_path, rule, file, text, expected):
    for name, content in GOOD.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    assert [breach for each in RULES for breach in each(tmp_path)] == []

    broken = tmp_path / file
    broken.parent.mkdir(parents=True, exist_ok=True)
    broken.write_text(GOOD.get(file, "") + text)
    assert any(expected in breach for breach in rule(tmp_path)), rule(tmp_path)
