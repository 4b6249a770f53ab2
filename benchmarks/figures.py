"""The figures of docs/performance.md, measured on this machine: `make figures`.

1024^3 GEMM on one thread against the FMA peak of the same minute, the digits recipe by the command line, `import samebits`
over NumPy's, and with --build the full build from nothing and the rebuild after touching one kernel (both without a compiler
cache). Prints a table; --write puts it into docs/performance.md.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from page import write_table

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "release"
BEGIN, END = "<!-- figures -->\n", "<!-- end of figures -->\n"


def seconds(command: list[str], runs: int = 7, **environment: str) -> float:
    """Median wall time of a command, after one run that is not counted."""
    times = []
    for _ in range(runs + 1):
        start = time.perf_counter()
        subprocess.run(command, cwd=ROOT, env=os.environ | environment, check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:])


def gemm_rows() -> list[tuple[str, str, str]]:
    rows = []
    program = [str(BUILD / "benchmarks" / "gemm"), "--case", "nn,1024,1024,1024"]
    for isa in ("avx2", "avx512"):
        what = f"1024^3 GEMM, one thread, {isa}"
        done = subprocess.run(program, env=os.environ | {"SAMEBITS_ISA": isa}, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            rows.append((what, "not on this CPU", ""))
        else:
            rows.append((what, f"{100 * json.loads(done.stdout)['of_peak']:.0f} % of the FMA peak", ">= 80 %"))
    return rows


def import_row() -> tuple[str, str, str]:
    path = {"PYTHONPATH": str(BUILD / "python")}
    numpy = seconds([sys.executable, "-c", "import numpy"], 15, **path)
    both = seconds([sys.executable, "-c", "import numpy, samebits"], 15, **path)
    return ("import samebits, over NumPy's", f"{both - numpy:.3f} s", "< 0.15 s")


def recipe_row() -> tuple[str, str, str]:
    command = [str(BUILD / "bin" / "samebits"), "train", "examples/digits.toml", "--quiet"]
    return ("digits recipe by the command line", f"{seconds(command):.2f} s", "< 1 s")


def build_rows() -> list[tuple[str, str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        generator = ["-G", "Ninja"] if shutil.which("ninja") else []
        options = ["-DSAMEBITS_PYTHON=ON", f"-DPython_EXECUTABLE={sys.executable}", "-DCMAKE_CXX_COMPILER_LAUNCHER="]
        environment = os.environ | {"CCACHE_DISABLE": "1"}
        build = ["cmake", "--build", folder, "--parallel", str(os.cpu_count())]
        subprocess.run(
            ["cmake", "-S", str(ROOT), "-B", folder, *generator, *options], check=True, capture_output=True, env=environment
        )
        start = time.perf_counter()
        subprocess.run(build, check=True, capture_output=True, env=environment)
        full = time.perf_counter() - start
        (ROOT / "cpp/samebits/kernels/cpu/gemm.inc").touch()
        start = time.perf_counter()
        subprocess.run([*build, "--target", "test_gemm"], check=True, capture_output=True, env=environment)
        touched = time.perf_counter() - start
    return [
        ("full build with tests and module, from nothing", f"{full / 60:.1f} min", "< 5 min"),
        ("rebuild after touching one kernel (gemm.inc), with its test", f"{touched:.0f} s", "< 20 s"),
    ]


def processor() -> str:
    names = [line.split(": ")[1] for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return f"{names[0] if names else platform.machine()}, {os.cpu_count()} CPUs"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", action="store_true", help="also time the full build")
    parser.add_argument("--write", action="store_true", help="put the table into docs/performance.md")
    options = parser.parse_args()
    rows = [*gemm_rows(), recipe_row(), import_row(), *(build_rows() if options.build else [])]
    table = f"{time.strftime('%Y-%m-%d')}, {processor()}, {platform.system()}, `make figures`:\n\n"
    table += "| what | measured | goal |\n|---|---|---|\n"
    table += "".join(f"| {what} | {measured} | {goal} |\n" for what, measured, goal in rows)
    print(table)
    if options.write:
        write_table("performance.md", BEGIN, END, table)


if __name__ == "__main__":
    main()
