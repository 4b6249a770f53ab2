"""make wheel: a wheel for each Python of this machine, and the source distribution, into dist/. The library is built once.

PYTHONS="python3.13 /path/to/python3.12" names the Pythons; else those of PATH and pyenv, one for each version from 3.11;
PYTHONS=newest is the last of these.
What is too large or needs a newer glibc than PLATFORM says is an error: auditwheel looks at every symbol.
"""

import json
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DIST = ROOT / "dist"
CORE = ROOT / "build" / "wheel"
RAW = CORE / "raw"
PLATFORM = f"manylinux_2_34_{platform.machine()}"  # Colab has glibc 2.35
MOST_BYTES = 5_000_000
TOOLS = ROOT / "build" / "venv-wheel" / "bin"

LOOK = """
import json, os, platform, sys, sysconfig
headers = os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h"))
print(json.dumps([platform.python_implementation(), sys.version_info[:2], headers, sys._base_executable]))
"""


def python_of(candidate: str) -> tuple[tuple[int, int], str] | None:
    """Its version and its path; None when that is no CPython from 3.11 on with its headers."""
    try:
        done = subprocess.run([candidate, "-c", LOOK], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    kind, version, headers, path = json.loads(done.stdout)
    return ((version[0], version[1]), path) if kind == "CPython" and version >= [3, 11] and headers else None


def pythons() -> dict[str, str]:
    """{"3.11": path, ...}: PYTHONS, else those that are found."""
    asked = os.environ.get("PYTHONS", "")
    named = [] if asked == "newest" else asked.split()
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    found: dict[tuple[int, int], str] = {}
    versions = [f"python3.{minor}" for minor in range(11, 20)]
    for candidate in named or ["python3", *versions, *map(str, sorted(root.glob("versions/3.*/bin/python3")))]:
        one = python_of(candidate)
        if one is None:
            if named:
                sys.exit(f"wheel: PYTHONS names CPythons from 3.11 on with their headers; got {candidate}; name others")
            continue
        found.setdefault(*one)
    chosen = sorted(found.items())[-1:] if asked == "newest" else sorted(found.items())
    return {f"{major}.{minor}": path for (major, minor), path in chosen}


def run(*command: str | Path, **more: str) -> None:
    subprocess.run([str(word) for word in command], cwd=ROOT, check=True, env=os.environ | more)


def wheel_for(version: str, python: str) -> None:
    """Builds in pip's isolation, over the library that is there, and gives the wheel the oldest tag it deserves."""
    raw = RAW / version
    run(
        TOOLS / "python",
        "-m",
        "pip",
        "--python",
        python,
        "--disable-pip-version-check",
        "wheel",
        "--quiet",
        "--no-deps",
        "--wheel-dir",
        raw,
        "-C",
        f"cmake.define.SAMEBITS_CORE={CORE}",
        ".",
    )
    (built,) = raw.glob("*.whl")
    run(TOOLS / "auditwheel", "repair", "--plat", PLATFORM, "--wheel-dir", DIST, built, PATH=f"{TOOLS}:{os.environ['PATH']}")
    (wheel,) = DIST.glob(f"*-cp{version.replace('.', '')}-*.whl")
    size = wheel.stat().st_size
    print(f"wheel: dist/{wheel.name}  {size / 1e6:.2f} MB", flush=True)
    if size > MOST_BYTES:
        sys.exit(f"wheel: a wheel has at most {MOST_BYTES / 1e6:.0f} MB; got {size / 1e6:.2f} MB; look at what it holds")


def main() -> None:
    chosen = pythons()
    if not chosen:
        sys.exit(
            "wheel: no CPython from 3.11 on with its headers was found; install one (apt: python3-dev) or name it in PYTHONS"
        )
    print("wheel: for", ", ".join(f"{version} ({path})" for version, path in chosen.items()), flush=True)
    for folder in (DIST, RAW):
        shutil.rmtree(folder, ignore_errors=True)
    run("tests/tools/build.sh", "wheel", "all")
    run(TOOLS / "python", "-m", "build", "--sdist", "--outdir", DIST, ".")
    for version, python in chosen.items():
        wheel_for(version, python)


if __name__ == "__main__":
    main()
