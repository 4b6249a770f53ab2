"""Where the progress of a run is written: sys.stdout, by whatever thread runs the training."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Literal, TypeAlias

Verbose: TypeAlias = Literal["auto", 0, 1, 2]
Progress: TypeAlias = tuple[int, Callable[[str], None] | None, bool]


def write(text: str) -> None:
    """Write a piece of progress as it is and show it at once."""
    if sys.stdout is not None:
        sys.stdout.write(text)
        sys.stdout.flush()


def rewrites_lines() -> bool:
    r"""Whether sys.stdout goes back to the start of the line at "\r": a terminal or a notebook."""
    stream = sys.stdout
    return stream is not None and (stream.isatty() or type(stream).__module__.startswith("ipykernel"))


def progress(op: str, verbose: object) -> Progress:
    """What C++ wants to know of Keras's verbose. ValueError unless it is "auto", 0, 1 or 2."""
    if isinstance(verbose, (str, int)) and verbose in ("auto", 0, 1, 2):
        code = -1 if verbose == "auto" else int(verbose)
        return code, write if code else None, rewrites_lines()
    raise ValueError(f'[{op}] verbose must be "auto", 0, 1 or 2; got verbose={verbose!r}; choose one of them')
