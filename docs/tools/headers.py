"""The directive `public-headers`: every public header of cpp/CMakeLists.txt, its comments and declarations as they stand."""

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

ROOT = Path(__file__).resolve().parents[2]
CPP = ROOT / "cpp"
CMAKE = CPP / "CMakeLists.txt"


def public_headers() -> list[str]:
    """Paths from cpp/, in the order of the list there, and samebits/eigen.h, which needs Eigen and is no part of it."""
    listed = re.findall(r"set\(public_headers([^)]*)\)", CMAKE.read_text())
    return [*listed[0].split(), "samebits/eigen.h"]


def parts(header: str) -> tuple[str, str]:
    """The comment that a header starts with, and its declarations: what follows its includes."""
    lines = (CPP / header).read_text().splitlines()
    first = next(i for i, line in enumerate(lines) if not line.startswith("//"))
    after = max(i for i, line in enumerate(lines) if line.startswith(("#include", "#pragma once"))) + 1
    declarations = "\n".join(lines[after:]).strip().replace("SAMEBITS_API ", "")
    return " ".join(line.removeprefix("//").strip() for line in lines[:first]), declarations


class PublicHeaders(SphinxDirective):
    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(CMAKE))
        return [self.section(header) for header in public_headers()]

    def section(self, header: str) -> nodes.Node:
        self.env.note_dependency(str(CPP / header))
        about, declarations = parts(header)
        section = nodes.section(ids=[nodes.make_id(header)])
        section += [nodes.title(text=header), nodes.paragraph(text=about)]
        if declarations:
            section += nodes.literal_block(declarations, declarations, language="cpp")
        return section


def setup(app: Any) -> dict[str, bool]:
    app.add_directive("public-headers", PublicHeaders)
    return {"parallel_read_safe": True}
