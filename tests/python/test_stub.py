"""_core.pyi says what _core has: no name more, no name less."""

import ast
import inspect
from pathlib import Path

import pytest

import samebits as sb
from samebits import _core

STUB = ast.parse((Path(sb.__file__).parent / "_core.pyi").read_text())


def public(names: list[str]) -> set[str]:
    return {name for name in names if not name.startswith("_")}


def stub_names(body: list[ast.stmt]) -> set[str]:
    names = [node.name for node in body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    names += [node.target.id for node in body if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)]
    return public(names)


def test_names_of_the_module() -> None:
    assert stub_names(STUB.body) == public(dir(_core))


@pytest.mark.parametrize("node", [n for n in STUB.body if isinstance(n, ast.ClassDef)], ids=lambda n: n.name)
def test_names_of_classes(node: ast.ClassDef) -> None:
    kind = getattr(_core, node.name)
    assert stub_names(node.body) == public(list(vars(kind)))
    for method in node.body:
        if isinstance(method, ast.FunctionDef) and not method.name.startswith("_"):
            is_property = isinstance(inspect.getattr_static(kind, method.name), property)
            assert is_property == any(isinstance(d, ast.Name) and d.id == "property" for d in method.decorator_list)


@pytest.mark.parametrize("node", [n for n in STUB.body if isinstance(n, ast.FunctionDef)], ids=lambda n: n.name)
def test_arguments_of_functions(node: ast.FunctionDef) -> None:
    """pybind11 writes the arguments' names into the docstring."""
    first = (getattr(_core, node.name).__doc__ or "").splitlines()[0]
    for argument in [*node.args.args, *node.args.kwonlyargs]:
        assert argument.arg in first or "arg0" in first, first
