"""What the compiler made of the law, read from the object files of the build in SAMEBITS_BUILD_DIR.

- A kernel file of an instruction set shows the linker its fill_<op> and nothing else. An inline function or a template that
  leaked out could be the copy the linker keeps for everybody, and kill a CPU that lacks the instructions.
- Instructions past the baseline stay in the files compiled for them.
- Nothing is fused that the source does not fuse, and no function of libm, whose bits differ between systems, is called.

Each reading is tried on an object that breaks the rule, so that it is known to see. The build may be a cross build for
AArch64 (make test-aarch64): its objects are read with its own nm and objdump.
"""

import json
import os
import platform
import re
import shlex
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("SAMEBITS_BUILD_DIR", ROOT / "build" / "release"))

# Correctly rounded everywhere, hence allowed: sqrt, fma, floor, ceil, trunc, rint, fmod, fabs, ldexp, frexp, scalbn.
LIBM = re.compile(r"(a?(sin|cos|tan)h?|atan2|exp(2|10|m1)?|log(2|10|1p)?|pow|erfc?|[tl]gamma|cbrt|hypot|(sin|cos|tan)pi)[fl]?")
LOOSE = re.compile(
    r"-Ofast|-f(fast-math|associative-math|reciprocal-math|finite-math-only|unsafe-math-optimizations)|-march=native|-fopenmp"
)
PROBE = "float probe(float a, float b, float c) { return a * b + c; }"
FUSED = re.compile(r"\b(v?fn?m(add|sub)|fml[as])")
FUSED_BINARY64 = re.compile(r"\b(fn?m(add|sub)\s+d|fml[as]\s+(v\d+\.2d|d))")  # AArch64


@cache
def commands() -> dict[Path, list[str]]:
    """The command of each object of the library, with the object's path."""
    assert (BUILD / "compile_commands.json").exists(), f"no build in {BUILD}; run make test, or set SAMEBITS_BUILD_DIR"
    found = {}
    for entry in json.loads((BUILD / "compile_commands.json").read_text()):
        if Path(entry["file"]).is_relative_to(ROOT / "cpp/samebits"):
            command = shlex.split(entry["command"])
            found[Path(entry["directory"]) / command[command.index("-o") + 1]] = command
    assert found
    return found


def compiler_of(command: list[str]) -> int:
    """Where in a command the compiler stands: a launcher may stand before it."""
    return next(i for i, word in enumerate(command) if re.search(r"(\+\+|c\+\+|clang|g\+\+)[-0-9.]*$", word))


@cache
def prefix() -> str:
    """What stands before the names of the compiler and its tools: aarch64-linux-gnu- in a cross build, mostly nothing."""
    command = next(iter(commands().values()))
    found = re.match(r"\w+-linux-gnu-", Path(command[compiler_of(command)]).name)
    return found[0] if found else ""


MACHINE = "aarch64" if prefix().startswith("aarch64") else platform.machine()
ISAS = {"x86_64": ("generic", "avx2", "avx512"), "aarch64": ("generic", "neon")}.get(MACHINE, ("generic",))


def isa_of(path: Path) -> str | None:
    """The instruction set a kernel's object belongs to; None for every other object."""
    found = re.search(r"/kernels/cpu/\w+_(\w+)\.cpp\.o$", str(path))
    return found[1] if found else None


def kernel_objects() -> list[Path]:
    return [path for path in commands() if isa_of(path) in ISAS]


def lines_of(tool: str, *arguments: str | Path) -> list[str]:
    return subprocess.run([prefix() + tool, *arguments], check=True, capture_output=True, text=True).stdout.splitlines()


def shown(path: Path) -> list[str]:
    """The symbols of an object that the linker sees, with C++ names."""
    symbols = [line.split(" ", 2) for line in lines_of("nm", "-C", "--defined-only", "--extern-only", path)]
    return [symbol[2] for symbol in symbols]


def libm_calls(path: Path) -> list[str]:
    symbols = [line.split()[-1].split("@")[0] for line in lines_of("nm", "--undefined-only", path)]
    return [symbol for symbol in symbols if LIBM.fullmatch(symbol)]


@cache
def disassembly(path: Path) -> str:
    return "\n".join(lines_of("objdump", "-d", "--no-show-raw-insn", path))


def beyond_baseline(path: Path) -> list[str]:
    """Instructions encoded with VEX or EVEX: AVX and later. All of them start with v."""
    return re.findall(r"\t(v\w+ +[^\n]*%[xyz]mm[^\n]*|vzero\w+)", disassembly(path))[:3]


def compile_as(command: list[str], source: str, folder: Path, *more: str) -> Path:
    """Compiles a source with a command of this build and more flags at the end."""
    (folder / "probe.cpp").write_text(source)
    words = command[compiler_of(command) :]
    flags = [
        w for w in words[1:] if not re.search(r"\.cpp$|\.o$|\.d$", w) and w not in {"-o", "-c", "-MD", "-MT", "-MF", "-Werror"}
    ]
    target = folder / f"probe-{len(list(folder.iterdir()))}.o"  # a new name: disassembly() remembers
    subprocess.run([words[0], *flags, *more, "-c", folder / "probe.cpp", "-o", target], check=True, cwd=BUILD)
    return target


def a_command(isa: str) -> list[str]:
    return commands()[next(path for path in kernel_objects() if isa_of(path) == isa)]


def test_kernels_show_their_fill_and_nothing_else():
    assert {isa_of(path) for path in kernel_objects()} == set(ISAS)
    for path in kernel_objects():
        op, isa = re.fullmatch(r"(\w+)_(\w+)\.cpp\.o", path.name).groups()
        assert shown(path) == [f"samebits::kernels::{isa}::fill_{op}(samebits::kernels::Table&)"], path.name


def test_a_leak_is_seen(tmp_path):
    leak = "#include <algorithm>\nint smaller(int a, int b) { return std::min(a, b); }"
    assert any("std::min" in symbol for symbol in shown(compile_as(a_command("generic"), leak, tmp_path, "-O0")))


def test_no_libm():
    assert {path.name: libm_calls(path) for path in commands() if libm_calls(path)} == {}


def test_a_call_of_libm_is_seen(tmp_path):
    source = "#include <cmath>\nfloat probe(float x) { return std::exp(x); }"
    assert libm_calls(compile_as(a_command("generic"), source, tmp_path)) == ["expf"]


@pytest.mark.skipif(MACHINE != "x86_64", reason="reads x86-64 instructions")
def test_instructions_past_the_baseline_stay_in_their_files():
    for path in commands():
        assert bool(beyond_baseline(path)) == (isa_of(path) in {"avx2", "avx512"}), f"{path.name}: {beyond_baseline(path)}"
        if isa_of(path) != "avx512":
            assert "%zmm" not in disassembly(path), path.name


def test_every_command_is_strict():
    for path, command in commands().items():
        last = [word for word in command if word.startswith("-ffp-contract")][-1:]
        assert last == ["-ffp-contract=off"], path.name
        assert [word for word in command if LOOSE.match(word)] == [], path.name


@pytest.mark.parametrize("isa", [*ISAS])
def test_nothing_is_fused_on_its_own(isa, tmp_path):
    command = a_command(isa)
    assert not FUSED.search(disassembly(compile_as(command, PROBE, tmp_path)))
    if isa != "generic" or MACHINE == "aarch64":  # and where it could be, the compiler's own choice would do it
        assert FUSED.search(disassembly(compile_as(command, PROBE, tmp_path, "-ffp-contract=fast")))


@pytest.mark.skipif(MACHINE != "x86_64", reason="other machines have fma in their baseline")
def test_fma_is_an_instruction_only_where_the_machine_has_it():
    for path in kernel_objects():
        if "gemm" in path.name or "conv2d" in path.name:
            assert bool(FUSED.search(disassembly(path))) == (isa_of(path) != "generic"), path.name


def says_fma(source: Path) -> bool:
    """Whether a source, or a kernel's text that it includes, calls fma or the functions that are made of it."""
    text = source.read_text()
    parts = re.findall(r'#include "(samebits/kernels/(?:cpu/\w+\.inc|ref/\w+\.h))"', text)
    return bool(re.search(r"fma\(|functions\.inc", text)) or any(says_fma(ROOT / "cpp" / part) for part in parts)


@pytest.mark.skipif(MACHINE != "aarch64", reason="reads AArch64 instructions, which every compiler fuses by default")
def test_fused_only_where_the_source_says_so(tmp_path):
    for path, command in commands().items():
        source = next(Path(word) for word in command if word.endswith(".cpp"))
        assert says_fma(source) or not FUSED.search(disassembly(path)), path.name
        if isa_of(path) != "neon":  # simd_neon.h's madd
            assert not FUSED_BINARY64.search(disassembly(path)), path.name
    fused = compile_as(a_command("generic"), PROBE.replace("float", "double"), tmp_path, "-ffp-contract=fast")
    assert FUSED_BINARY64.search(disassembly(fused))
