"""The worked examples of docs/numerics.md are true: ```law blocks of `expression -> hex words` and `expression = literal`."""

import ast
import re
from pathlib import Path

import pytest

from law import augmentation, binary32, elementwise, functions, identity, loss, norm, optimizer, order, philox, winograd

DOC = Path(__file__).resolve().parents[2] / "docs" / "numerics.md"
NAMES = {"f": identity.from_text, "winograd": winograd}
for module in (augmentation, norm, elementwise, loss, identity, optimizer, functions, philox, order, binary32):
    NAMES |= {name: value for name, value in vars(module).items() if not name.startswith("_")}
EXAMPLES = [line for block in re.findall(r"```law\n(.*?)```", DOC.read_text(), re.DOTALL) for line in block.splitlines()]


def holds(example: str) -> bool:
    expression, arrow, hexes = example.partition(" -> ")
    if arrow:
        value = eval(expression, NAMES)
        return [f"{word:08x}" for word in (value if isinstance(value, list | tuple) else [value])] == hexes.split()
    expression, _, literal = example.rpartition(" = ")
    return eval(expression, NAMES) == ast.literal_eval(literal)


@pytest.mark.parametrize("example", EXAMPLES)
def test_example(example):
    assert holds(example)


def test_the_page_has_examples_that_can_fail():
    assert len(EXAMPLES) > 30
    assert not holds('f("0.1") -> 3dccccce') and not holds("[1] = [2]")
