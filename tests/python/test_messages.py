"""Every message to a user is `[op] rule; got ...; do ...`: read from the sources, in Python and in C++."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from support import ROOT

SHAPE = re.compile(r"\[.+?\] .+; got .+; .+", re.DOTALL)
LITERAL = re.compile(r'"(?:[^"\\\n]|\\.)*"(?:\s*"(?:[^"\\\n]|\\.)*")*')
# Not a rule that somebody broke, or what only puts file and line before a whole message.
OTHERS = {
    "[internal] {}; this is a bug of samebits, please report it",
    "[memory] the system has no {} left; close something or use a smaller batch",
    "[samebits] out of memory; close something or use a smaller batch",
    "[fit] interrupted between two steps; the model is as after the last step",
    "[runtime] this CPU cannot run isa={}; it has {}; choose one of these",
    "[{}] {}, in {}; get or write the file again",
    "[load_model] {}: {}",
    "[recipe] {}: {} {}",
}


def in_cpp(source: str) -> Iterator[str]:
    """Texts that look like messages; neighbouring literals are one."""
    for match in LITERAL.finditer(re.sub(r"//[^\n]*", "", source)):
        text = "".join(re.findall(r'"((?:[^"\\\n]|\\.)*)"', match.group()))
        if re.match(r"\[[\w.{}]+\] ", text) or "; got " in text:
            yield text


def in_python(source: str) -> Iterator[str]:
    """Texts of what is raised; {} stands for what is filled in."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args:
            argument = node.exc.args[0]
            parts = argument.values if isinstance(argument, ast.JoinedStr) else [argument]
            if any(isinstance(part, ast.Constant) for part in parts):
                text = "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in parts)
                if "has no attribute" not in text:  # Python's own words, which hasattr and tools know
                    yield text


def told(path: Path) -> list[str]:
    """The messages in a file, as they reach people."""
    texts = (in_python if path.suffix == ".py" else in_cpp)(path.read_text())
    whole = "[{{}}] {}, in {{}}; get or write the file again" if path.parent.name == "data" else "[recipe] {{}}: {{}} {}"
    return [text if text.startswith("[") else whole.format(text) for text in texts]


CPP = sorted([*(ROOT / "cpp/samebits").rglob("*.[ch]*"), *(ROOT / "python/bindings").glob("*.[ch]*")])
PYTHON = sorted((ROOT / "python/samebits").rglob("*.py"))


@pytest.mark.parametrize(("paths", "at_least"), [(CPP, 250), (PYTHON, 80)], ids=["C++", "Python"])
def test_messages_say_rule_what_was_got_and_what_to_do(paths: list[Path], at_least: int) -> None:
    texts = [(str(path.relative_to(ROOT)), text) for path in paths for text in told(path)]
    assert len(texts) > at_least
    assert [(path, text) for path, text in texts if text not in OTHERS and not SHAPE.match(text)] == []
