"""The tables of docs/recipes.md are those of the classes, and a recipe takes every argument in them, with that default."""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import samebits as sb
from samebits.recipes import _toml
from support import ROOT

sys.path.append(str(ROOT / "docs/tools"))
import recipe_tables as tables

TYPES = [(title, kind) for title, kinds in tables.KINDS.items() for kind in kinds]


def test_the_page_is_up_to_date() -> None:
    assert tables.page() == tables.PAGE.read_text(), "run docs/tools/recipe_tables.py --write"


def test_every_layer_is_there() -> None:
    assert all(len(kinds) == len(set(kinds)) for kinds in tables.KINDS.values())
    assert {kind.__name__ for kind in tables.KINDS["Layers"]} == set(sb.layers._KINDS)
    for title, module in (
        ("Optimizers", sb.optimizers),
        ("Schedules", sb.optimizers.schedules),
        ("Losses", sb.losses),
        ("Metrics", sb.metrics),
        ("Initializers", sb.initializers),
        ("Regularizers", sb.regularizers),
    ):
        public = {vars(module)[name] for name in module.__all__ if isinstance(vars(module)[name], type)}
        assert set(tables.KINDS[title]) == {kind for kind in public if "_many" not in vars(kind)}


def recipe(title: str, thing: dict[str, Any]) -> str:
    """A small recipe with the thing in its place."""
    layers: list[dict[str, Any]] = [{"type": "InputLayer", "shape": [6, 6, 2], "name": "image"}]
    train: dict[str, Any] = {"optimizer": "sgd", "loss": "mse", "metrics": [], "callbacks": []}
    kernel: dict[str, Any] = {}
    sparse = thing["type"].startswith("Sparse")
    if title == "Layers":
        merge = {"inputs": ["image", "image"]} if thing["type"] in ("Add", "Concatenate") else {}
        layers = [thing] if thing["type"] == "InputLayer" else [*layers, thing | merge]
    elif title == "Optimizers":
        train["optimizer"] = thing
    elif title == "Schedules":
        train["optimizer"] = {"type": "SGD", "learning_rate": thing}
    elif title == "Losses":
        train["loss"] = thing
    elif title == "Metrics":
        train["metrics"] = [thing]
        train["loss"] = "sparse_categorical_crossentropy" if sparse else "mse"
    elif title == "Initializers":
        kernel = {"kernel_initializer": thing}
    elif title == "Regularizers":
        kernel = {"kernel_regularizer": thing}
    else:
        train["callbacks"] = [thing]
    layers += [{"type": "Flatten"}, {"type": "Dense", "units": 2, "activation": "softmax"} | kernel]
    data = {"source": "npy", "x": "x.npy", "y": "labels.npy" if sparse else "y.npy", "validation_split": 0.25}
    parts = {"data": data, "model": {"layers": layers}, "train": train}
    return "".join(f"[{part}]\n" + "".join(f"{k} = {_toml(k, v)}\n" for k, v in keys.items()) for part, keys in parts.items())


def identity(folder: Path, title: str, thing: dict[str, Any]) -> str:
    random = np.random.default_rng(1)
    labels = np.array([0, 1, 0, 1])
    for name, array in {"x": random.random((4, 6, 6, 2), np.float32), "labels": labels, "y": np.eye(2)[labels]}.items():
        np.save(folder / f"{name}.npy", array)
    (folder / "recipe.toml").write_text(recipe(title, thing))
    return sb.train(folder / "recipe.toml", verbose=0).identity


@pytest.mark.parametrize(("title", "kind"), TYPES, ids=lambda value: getattr(value, "__name__", value))
def test_a_recipe_takes_the_arguments_and_has_the_defaults(tmp_path: Path, title: str, kind: type) -> None:
    listed = tables.arguments(kind)
    must = {name: tables.NEEDED[name] for name, default in listed.items() if default is tables.MUST}
    defaults = {name: default for name, default in listed.items() if default not in (tables.MUST, None)}
    short = identity(tmp_path, title, {"type": kind.__name__} | must)
    assert identity(tmp_path, title, {"type": kind.__name__} | must | defaults) == short
    for name in must:
        without = {"type": kind.__name__} | {k: v for k, v in must.items() if k != name}
        with pytest.raises((ValueError, TypeError), match=name):
            identity(tmp_path, title, without)
    with pytest.raises(ValueError, match="unknown argument"):
        identity(tmp_path, title, {"type": kind.__name__, "no_such": 1} | must)
