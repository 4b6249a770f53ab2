"""The command line, `samebits` or `python -m samebits`: the same C++ as the program that C++ builds install."""

from __future__ import annotations

import os
import sys

from . import _core


def main(arguments: list[str] | None = None) -> int:
    """Run a command; returns its exit status: 0 done, 1 the run failed, 2 wrong usage or a wrong recipe, 130 Ctrl-C."""
    return _core.cli([os.fsencode(word) for word in (sys.argv[1:] if arguments is None else arguments)])
