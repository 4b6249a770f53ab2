"""The site (`make docs`): Sphinx reads the repository's Markdown, the docstrings of python/ and the public headers of cpp/.

The source folder is the repository, so that links between its pages and to its files are the same on the site and are checked.
"""

import inspect
import re
import sys
from pathlib import Path
from typing import Any

from pygments.lexers.special import TextLexer
from sphinx.ext.autodoc.mock import _MockModule

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "python"), str(ROOT / "docs/tools")]

project = "samebits"
author = copyright = "the samebits authors"
version = release = re.findall(r'version = "([0-9.]+)"', (ROOT / "cpp/samebits/version.h").read_text())[0]

extensions = ["myst_parser", "sphinx.ext.autodoc", "headers"]
root_doc = "docs/index"
include_patterns = ["README.md", "CHANGELOG.md", "docs/**.md", "cpp/README.md", "examples/**/README.md"]
exclude_patterns = ["build", "dist", ".*"]  # not looked into
smartquotes = False  # quotes are those of code
html_theme = "furo"
html_title = f"samebits {release}"

myst_heading_anchors = 3
# Signatures and docstrings are in Python files: the site needs nothing compiled, and a stand-in for what is.
sys.modules["samebits._core"] = _MockModule("samebits._core")
sys.modules["samebits._core"].version = release
autodoc_default_options = {"members": True}
autodoc_member_order = "bysource"


def signature(_app: Any, what: str, _name: str, thing: Any, _options: Any, arguments: str | None, _result: Any) -> Any:
    """Without types, which docstrings say in words, and without `**later`, which takes Keras's arguments that are refused."""
    if what not in ("class", "function", "method") or not arguments:
        return None
    if "_many" in vars(thing):  # a base class that programs cannot make objects of
        return "", None
    constructor = getattr(thing, "__init__", None)
    found = inspect.signature(constructor if what == "class" and inspect.isfunction(constructor) else thing)
    kept = [p.replace(annotation=p.empty) for p in found.parameters.values() if p.name not in ("self", "cls", "later")]
    return str(inspect.Signature(kept)), None


def plain_text(_app: Any, _what: str, _name: str, _thing: Any, _options: Any, lines: list[str]) -> None:
    """Docstrings are plain text with `code` and numpydoc's sections: here in reStructuredText."""

    def quoted(part: str) -> str:
        return f"``{part[1:-1]}``" if part.startswith("`") else re.sub(r"([*|_])", r"\\\1", part)

    text = "\n".join("".join(map(quoted, re.split(r"(`[^`]+`)", line))) for line in lines)
    lines[:] = re.sub(r"^(\w+)\n-+$", r".. rubric:: \1\n", text, flags=re.MULTILINE).splitlines()


def front(app: Any, error: Exception | None) -> None:
    """What opens when the site's folder is opened."""
    if error is None and app.builder.name == "html":
        (Path(app.outdir) / "index.html").write_text('<meta http-equiv="refresh" content="0; url=docs/index.html">\n')


def setup(app: Any) -> None:
    app.add_lexer("law", TextLexer)
    app.connect("autodoc-process-signature", signature)
    app.connect("autodoc-process-docstring", plain_text)
    app.connect("build-finished", front)
