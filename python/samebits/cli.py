"""The command line, `samebits` or `python -m samebits`: the same C++ as the program that C++ builds install."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from . import _core


def main(arguments: list[str] | None = None) -> int:
    """Run a command; returns its exit status: 0 done, 1 the run failed, 2 wrong usage or a wrong recipe, 130 Ctrl-C.

    `--cmake-dir`, alone, prints the folder with samebitsConfig.cmake that an installed wheel brings along.
    """
    words = sys.argv[1:] if arguments is None else arguments
    if words == ["--cmake-dir"]:
        return _print_cmake_dir()
    return _core.cli([os.fsencode(word) for word in words])


def _print_cmake_dir() -> int:
    folder = Path(__file__).resolve().parent / "lib" / "cmake" / "samebits"
    if not (folder / "samebitsConfig.cmake").is_file():
        print(
            f"[cmake-dir] the C++ package is a part of installed wheels; got {Path(__file__).parent}, which has none; "
            "install samebits by pip, or run cmake --install on the build tree",
            file=sys.stderr,
        )
        return 1
    print(folder)
    return 0
