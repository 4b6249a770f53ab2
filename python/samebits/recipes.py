"""Recipes: what the command line does, from Python."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping

import numpy as np

from . import _core
from ._checks import path as checked_path
from ._checks import text
from ._progress import Verbose, progress
from .history import History
from .models import MemoryPlan, Sequential

__all__ = ["Run", "plan", "train"]


class Run:
    """A finished run of a recipe."""

    __slots__ = ("history", "identity", "model", "test")

    def __init__(self, model: Sequential, history: History, test: dict[str, float], identity: str) -> None:
        self.model = model
        self.history = history
        self.test = test
        """Loss and metrics of the test part; empty when the source has none."""
        self.identity = identity
        """"sha256:<64 hex digits>" of the recipe: the same identity gives the same digest."""

    def digest(self) -> str:
        """Return the digest of the model's weights: the line that the command line prints."""
        return self.model.digest()

    def __repr__(self) -> str:
        return f"<Run model={self.model!r}, test={self.test}>"


def train(
    path: str | os.PathLike[str],
    out: str | os.PathLike[str] | None = None,
    overrides: Mapping[str, object] | None = None,
    verbose: Verbose = "auto",
) -> Run:
    """Train a recipe, as `samebits train` does.

    Parameters
    ----------
    path
        A .toml file; the paths in it are relative to it.
    out
        A folder for model.safetensors and history.json; default none.
    overrides
        Values that replace those of the file: {"train.epochs": 2}.
    verbose
        As in Model.fit.

    Raises
    ------
    OSError
        For a file that is missing or broken.
    ValueError, TypeError, NotImplementedError
        For a recipe that is refused; the text says file, line and rule.
    NonFiniteError, KeyboardInterrupt
        As in Model.fit.
    """
    recipe, values = checked_path("train", path), _overrides(overrides)
    folder = "" if out is None else checked_path("train", out)
    with progress("train", verbose) as report:
        core, epoch, series, test, identity = _core.train(recipe, out=folder, overrides=values, progress=report)
    history = History(epoch, series, {"epochs": len(epoch), "steps": None, "verbose": report[0]})
    return Run(Sequential._from_core(core), history, dict(test), "sha256:" + identity)


def plan(path: str | os.PathLike[str], overrides: Mapping[str, object] | None = None) -> MemoryPlan:
    """Return the exact memory that a recipe's run will take, as `samebits plan` prints it."""
    return _core.plan(checked_path("plan", path), _overrides(overrides))


def _overrides(values: Mapping[str, object] | None) -> list[tuple[str, str]]:
    if values is None:
        return []
    if not isinstance(values, Mapping) or not all(isinstance(key, str) for key in values):
        raise TypeError(f'[train] overrides must be a dict by key; got {values!r}; do {{"train.epochs": 2}}')
    return [(text("train", "key", key), _toml(key, value)) for key, value in values.items()]


def _toml(key: str, value: object) -> str:
    """A value as TOML writes it."""
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(text("train", key, value))
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    if isinstance(value, (float, np.floating)):
        return repr(float(value))
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_toml(key, item) for item in value)}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{json.dumps(str(name))} = {_toml(key, item)}' for name, item in value.items())}}}"
    raise TypeError(f"[train] an override is a number, a str, a list or a dict; got {key}={value!r}; change its type")
