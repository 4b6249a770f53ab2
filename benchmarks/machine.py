"""What a benchmark ran on: the processor, its caches, the compiler, the commit."""

import os
import platform
import re
import subprocess
import time
from pathlib import Path
from typing import Any

from turns import BUILD, ROOT

CACHES = Path("/sys/devices/system/cpu/cpu0/cache")


def cpus() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0))


def cpu_name() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.split(": ", 1)[1] for line in lines if line.startswith("model name")]
    return names[0].strip() if names else platform.machine()


def slug(name: str) -> str:
    """A processor's name as a part of a file's: "Intel(R) Xeon(R) CPU @ 2.20GHz" is intel-xeon-cpu-2-20ghz."""
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"\((r|tm|c)\)", " ", name.lower())).strip("-")


def caches() -> dict[str, int]:
    """Bytes of L1d, L2 and L3 as the first core sees them; what the system does not tell is left out."""
    found = {}
    for folder in sorted(CACHES.glob("index*")):
        level, kind, size = ((folder / name).read_text().strip() for name in ("level", "type", "size"))
        if kind != "Instruction":
            found[f"L{level}"] = int(size.removesuffix("K")) * 1024
    return found


def output(*command: str | Path) -> str:
    """The first line that a command prints; empty when there is none or it fails."""
    try:
        done = subprocess.run([str(part) for part in command], cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.split("\n", 1)[0].strip()


def busy(seconds: float = 0.3) -> float:
    """How many CPUs work, while this process sleeps: between rows all of them are other programs'."""

    def ticks() -> int:
        user, nice, system, _idle, _wait, irq, soft, stolen, *_ = map(
            int, Path("/proc/stat").read_text().split("\n")[0].split()[1:]
        )
        return user + nice + system + irq + soft + stolen

    time.sleep(0.1)  # threads that waited for more work fall asleep
    before, start = ticks(), time.perf_counter()
    time.sleep(seconds)
    return (ticks() - before) / os.sysconf("SC_CLK_TCK") / (time.perf_counter() - start)


def compiler() -> str:
    cache = BUILD / "CMakeCache.txt"
    found = re.search(r"^CMAKE_CXX_COMPILER:\w+=(.+)$", cache.read_text() if cache.exists() else "", re.MULTILINE)
    return output(found[1], "--version") if found else ""


def commit() -> str:
    """The commit of this source, with + where files of the library, its Python front or the benchmarks differ from it."""
    changed = output("git", "status", "--porcelain", "--untracked-files=no", "cpp", "python", "benchmarks/cpp")
    return output("git", "rev-parse", "--short=12", "HEAD") + ("+" if changed else "")


def description() -> dict[str, Any]:
    return {
        "cpu": cpu_name(),
        "cpus": cpus(),
        "caches": caches(),
        "system": f"{platform.system()} {platform.release()}",
        "compiler": compiler(),
        "python": platform.python_version(),
    }
