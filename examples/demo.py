"""Trains examples/digits.toml by the command line, from Python and from C++, and compares the three digests.

`make demo` builds what this needs and runs it. Fails (exit status 1) when a program fails, when the digests differ from
each other, or when README.md does not have them in full.
"""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "release"
RECIPE = "examples/digits.toml"
DOORS = {
    "command line": [str(BUILD / "bin" / "samebits"), "train", RECIPE],
    "Python": [sys.executable, "examples/digits.py"],
    "C++": [str(BUILD / "examples" / "digits"), RECIPE],
}


def run(door: str, command: list[str]) -> str:
    """Runs one door, shows what it prints, and returns its digest."""
    print(
        f"--- {door}: {' '.join(os.path.relpath(word, ROOT) if word.startswith('/') else word for word in command)}", flush=True
    )
    start = time.perf_counter()
    path = {"PYTHONPATH": str(BUILD / "python")}
    done = subprocess.run(command, cwd=ROOT, env=os.environ | path, stdout=subprocess.PIPE, text=True, check=False)
    print(done.stdout, end="")
    print(f"time: {time.perf_counter() - start:.2f} s")
    if done.returncode != 0:
        sys.exit(f"demo: FAILED: {door} ended with exit status {done.returncode}")
    digests = re.findall(r"^digest: (sha256:[0-9a-f]{64})$", done.stdout, re.MULTILINE)
    if not digests:
        sys.exit(f"demo: FAILED: {door} printed no digest")
    if not re.search(r"accuracy: [01]\.\d+", done.stdout):
        sys.exit(f"demo: FAILED: {door} printed no accuracy")
    return digests[-1]


def main() -> None:
    digests = {door: run(door, command) for door, command in DOORS.items()}
    print("---")
    width = max(map(len, digests))
    for door, digest in digests.items():
        print(f"{door:{width}}  {digest}")
    if len(set(digests.values())) != 1:
        sys.exit("demo: FAILED: the digests differ")
    if next(iter(digests.values())) not in (ROOT / "README.md").read_text():
        sys.exit("demo: FAILED: the digests are equal, but they are not the one in README.md")
    print("demo: the three are equal, and equal to the one in README.md")


if __name__ == "__main__":
    main()
