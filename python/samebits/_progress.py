"""Where the progress of a run is written: sys.stdout, by whatever thread runs the training."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Literal, NamedTuple, TypeAlias

Verbose: TypeAlias = Literal["auto", 0, 1, 2]


class Progress(NamedTuple):
    """What C++ wants to know of Keras's verbose. `with` it: what is shown is whole when the run ends, also by an error."""

    verbose: int
    write: Callable[[str], None] | None
    rewrites_lines: bool

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if isinstance(self.write, Cell):
            self.write.close()


class Cell:
    r"""Progress in a notebook's cell: LINES lines at most, however many epochs; those after them take the last one's place.

    "\r" rewrites a line there as on a terminal. Nothing is flushed: ipykernel sends what was written five times a second.
    """

    LINES = 100
    INTERVAL = 0.1
    """Seconds between two lines in the last one's place: C++ keeps the same between its own (train/progress.h)."""

    def __init__(self) -> None:
        self._lines = 0
        self._last, self._width, self._shown = "", 0, 0.0

    def __call__(self, text: str) -> None:
        """Write a piece of progress."""
        if self._lines < self.LINES - 1:
            self._lines += text.count("\n")
            _out(text)
            return
        self._last = text.strip("\r\n ") or self._last
        if time.monotonic() - self._shown >= self.INTERVAL:
            self._rewrite()

    def close(self) -> None:
        """Show the last line, where it has not been shown yet, and end it."""
        if self._last:
            self._rewrite()
            _out("\n")

    def _rewrite(self) -> None:
        _out("\r" + self._last.ljust(self._width))
        self._width, self._shown = len(self._last), time.monotonic()


def progress(op: str, verbose: object) -> Progress:
    """What to show. ValueError unless verbose is "auto", 0, 1 or 2."""
    if not isinstance(verbose, (str, int)) or verbose not in ("auto", 0, 1, 2):
        raise ValueError(f'[{op}] verbose must be "auto", 0, 1 or 2; got verbose={verbose!r}; choose one of them')
    code = -1 if verbose == "auto" else int(verbose)
    if code == 0:
        return Progress(code, None, False)
    if _in_notebook():
        return Progress(code, _out if code == 2 else Cell(), True)
    return Progress(code, _write, sys.stdout is not None and sys.stdout.isatty())


def _in_notebook() -> bool:
    """Whether sys.stdout is a cell's, in Jupyter, Colab and all that have ipykernel; not where the cell has redirected it."""
    return type(sys.stdout).__module__.startswith("ipykernel")


def _out(text: str) -> None:
    if sys.stdout is not None:
        sys.stdout.write(text)


def _write(text: str) -> None:
    """Write and show at once."""
    _out(text)
    if sys.stdout is not None:
        sys.stdout.flush()
