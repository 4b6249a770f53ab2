"""make test-aarch64: builds build/aarch64 and runs it under qemu (docs/aarch64.md). With -short a part of it, for CI.

1. C++ tests through ctest: all of them, or those of SHORT.
2. What tests/python/test_isa_objects.py reads from the object files.
3. Whole trainings by the command: their digests must be those of tests/golden/digests.json, which x86-64 gives too.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "aarch64"
EMULATOR = ("qemu-aarch64", "-L", "/usr/aarch64-linux-gnu")  # as in cpp/cmake/aarch64.cmake
# The longest under qemu first: 37 to 72 s, 12 to 17 s, 10 s.
SHORT_TESTS = (
    "test_winograd",
    "test_functions",
    "test_reduce",
    "test_softmax",
    "test_optimizer",
    "test_thread_pool",
    "test_fma",
    "test_random",
    "test_dropout",
)
SHORT_RECIPES = ("digits_mlp.toml",)
RUNS = (("neon", 1), ("neon", 3), ("generic", 1), ("generic", 3))  # instruction set, threads
SHORT_RUNS = (("neon", 3), ("generic", 1))


def environment(**more: str) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("SAMEBITS_")} | more


def tests(names: tuple[str, ...]) -> bool:
    command = ["ctest", "--preset", "aarch64", "--no-tests=error", "--timeout", "900", "--parallel", str(os.cpu_count())]
    if names:
        command += ["-R", f"^({'|'.join(names)})$"]
    return subprocess.run(command, cwd=ROOT, env=environment(), check=False).returncode == 0


def objects() -> bool:
    command = [sys.executable, "-m", "pytest", "-q", "--noconftest", str(ROOT / "tests/python/test_isa_objects.py")]
    return subprocess.run(command, cwd=ROOT, env=environment(SAMEBITS_BUILD_DIR=str(BUILD)), check=False).returncode == 0


def digest(recipe: str, isa: str, threads: int) -> str:
    """The last line of a training under qemu, or how it ended."""
    command = [*EMULATOR, str(BUILD / "bin" / "samebits"), "train", str(ROOT / "examples" / recipe), "--quiet"]
    variables = environment(SAMEBITS_ISA=isa, SAMEBITS_THREADS=str(threads))
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    lines = done.stdout.splitlines()
    return lines[-1] if done.returncode == 0 and lines else f"exit status {done.returncode}: {done.stderr[-500:]}"


def trainings(short: bool) -> bool:
    golden: dict[str, str] = json.loads((ROOT / "tests" / "golden" / "digests.json").read_text())
    good = True
    for recipe in SHORT_RECIPES if short else sorted(golden):
        for isa, threads in SHORT_RUNS if short else RUNS:
            start = time.monotonic()
            got = digest(recipe, isa, threads)
            same = got == f"digest: {golden[recipe]}"
            good &= same
            verdict = "the golden digest" if same else f"WRONG: {got}, wanted {golden[recipe]}"
            print(f"aarch64 {recipe:18} {isa:7} threads {threads}  {time.monotonic() - start:5.1f} s  {verdict}", flush=True)
    return good


def main() -> None:
    short = "-short" in sys.argv[1:]
    targets = ("samebits_command", *SHORT_TESTS) if short else ("all",)
    subprocess.run([ROOT / "tests" / "tools" / "build.sh", "aarch64", *targets], check=True)
    results = [tests(SHORT_TESTS if short else ()), objects(), trainings(short)]
    if not all(results):
        sys.exit("aarch64: FAILED")
    print("aarch64: passed")


if __name__ == "__main__":
    main()
