"""Where the programs of this folder put their tables: between two markers of a page of docs/."""

from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent / "docs"


def write_table(page: str, begin: str, end: str, table: str) -> None:
    """Replace what stands between the lines `begin` and `end` of docs/`page`."""
    path = DOCS / page
    head, rest = path.read_text().split(begin)
    path.write_text(head + begin + "\n" + table + "\n" + end + rest.split(end)[1])
