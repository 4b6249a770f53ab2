"""Writes the tables of docs/recipes.md from the classes of samebits: recipe_tables.py [--write]. Needs the built package.

An argument stands in a table when the class has it in its signature and C++ knows it, which get_config() tells. That a recipe
takes each, with this default, is tested by tests/python/test_recipe_tables.py.
"""

import inspect
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from samebits import callbacks, initializers, losses, metrics, optimizers, regularizers
from samebits.layers import _base, activations, augmentation, convolution, core, merging, normalization, pooling, reshaping

PAGE = Path(__file__).resolve().parents[1] / "recipes.md"
START, END = "<!-- types: docs/tools/recipe_tables.py --write -->\n", "<!-- end of types -->"

# For arguments that must be given: a value, so that an object can be made and asked.
NEEDED: dict[str, Any] = {
    "units": 2,
    "filters": 2,
    "kernel_size": 1,
    "pool_size": 2,
    "activation": "relu",
    "rate": 0.25,
    "scale": 0.5,
    "target_shape": [-1],
    "shape": [6, 6, 2],
    "height": 3,
    "width": 3,
    "height_factor": 0.5,
    "width_factor": 0.5,
    "initial_learning_rate": 0.1,
    "decay_steps": 10,
    "decay_rate": 0.5,
    "boundaries": [1],
    "values": [0.1, 0.01],
    "filepath": "{epoch}.safetensors",
    "filename": "log.csv",
}
SHOWN = {("MaxPooling2D", "strides"): "pool_size", ("AveragePooling2D", "strides"): "pool_size"}  # for None


def defined(*modules: ModuleType) -> list[type]:
    """Public classes in the order of their sources, base classes and second names left out."""
    found = [(name, c) for m in modules for name, c in vars(m).items() if inspect.isclass(c) and c.__module__ == m.__name__]
    return [c for name, c in found if name == c.__name__ and not name.startswith("_") and "_many" not in vars(c)]


KINDS: dict[str, list[type]] = {
    "Layers": [
        _base.InputLayer,
        *defined(core, convolution, pooling, reshaping, normalization, activations, merging, augmentation),
    ],
    "Optimizers": defined(optimizers),
    "Schedules": defined(optimizers.schedules),
    "Losses": defined(losses),
    "Metrics": defined(metrics),
    "Initializers": defined(initializers),
    "Regularizers": defined(regularizers),
    "Callbacks": [c for c in defined(callbacks) if issubclass(c, callbacks._Compiled)],
}


MUST = inspect.Parameter.empty


def arguments(kind: type) -> dict[str, Any]:
    """Name -> default, MUST where a value must be given; without `name`, which every layer and metric has."""
    parameters = {name: p.default for name, p in inspect.signature(kind).parameters.items() if p.kind is not p.VAR_KEYWORD}
    if kind is _base.InputLayer:
        parameters["shape"] = MUST  # None is Keras's way to ask for what is not here
    example = kind(**{name: NEEDED[name] for name, default in parameters.items() if default is MUST})
    known = example.get_config() if hasattr(example, "get_config") else parameters
    return {name: default for name, default in parameters.items() if name in known and name != "name"}


def told(value: Any) -> str:
    """A default as a recipe writes it."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return told(value[0]) if len(set(value)) == 1 else f"[{', '.join(map(told, value))}]"
    return re.sub(r"e-0?", "e-", f"{value:g}") if isinstance(value, float) else str(value)


def row(kind: type) -> str:
    def shown(name: str, default: Any) -> str:
        return f"`{name}`" if default is MUST else f"`{name}` ({SHOWN.get((kind.__name__, name)) or told(default)})"

    listed = ", ".join(shown(*item) for item in arguments(kind).items())
    about = " ".join((inspect.getdoc(kind) or "").split("\n\n")[0].split())
    return f"| `{kind.__name__}` | {listed} | {about.replace('|', chr(92) + '|').replace('*', chr(92) + '*')} |"


def tables() -> str:
    return "\n".join(
        f"### {title}\n\n| type | arguments (default) | |\n|---|---|---|\n" + "\n".join(map(row, kinds)) + "\n"
        for title, kinds in KINDS.items()
    )


def page() -> str:
    """The page with its tables as they should be."""
    before, rest = PAGE.read_text().split(START)
    return f"{before}{START}\n{tables()}\n{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        PAGE.write_text(page())
    else:
        print(tables())
