"""What notebooks show instead of a repr: small HTML, everything escaped, no script, no colour of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape


def table(title: str, head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Text cells under a title; no head: no line of it."""
    names = "".join(f"<th>{escape(name)}</th>" for name in head)
    lines = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    above = f"<thead><tr>{names}</tr></thead>" if names else ""
    return f"<table><caption>{escape(title)}</caption>{above}<tbody>{lines}</tbody></table>"


def summary(text: str) -> str:
    """The table that Model.summary prints: a title, columns at least two blanks apart, a last line."""
    title, head, *rows, last = text.splitlines()
    names, cells = _cells(head), [_cells(row) for row in rows]
    for row in cells:
        row[-1:-1] = [""] * (len(names) - len(row))  # the input of a graph is connected to nothing
    return table(title, names, cells) + f"<p>{escape(last.strip())}</p>"


def _cells(line: str) -> list[str]:
    return re.split(" {2,}", line.strip())


class Digest(str):
    """A str in all else: "sha256:<64 hex digits>"."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return f"<code>{escape(self)}</code>"

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        """Copies and pickles are a plain str: who reads them need not have samebits."""
        return str, (str(self),)
