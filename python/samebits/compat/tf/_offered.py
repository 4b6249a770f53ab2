"""What the modules here say of names that they do not have, and what is said once."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping
from typing import NoReturn

from ... import _core

_said: set[str] = set()


def absent(module: str, offered: Iterable[str], advice: Mapping[str, str] | None = None) -> Callable[[str], NoReturn]:
    """The __getattr__ of a module: AttributeError that names what stands nearest.

    module: its __name__. offered: the names that it has. advice: for well-known names, what to do instead.
    """
    here = sorted(offered)

    def getattr_(name: str) -> NoReturn:
        if name.startswith("__"):  # asked for by tools
            raise AttributeError(f"module {module!r} has no attribute {name!r}", name=name)
        path = module.removeprefix("samebits.compat.")
        do = (advice or {}).get(name) or _core.did_you_mean(name, here).removeprefix("; ") or f"use one of {', '.join(here)}"
        raise AttributeError(f"[{path}] samebits does not offer this name here; got {path}.{name}; {do}", name=name)

    return getattr_


def once(text: str, stacklevel: int) -> None:
    """Warn with this text, the first time only. stacklevel: whose line it is; 1 is the caller's."""
    if text not in _said:
        _said.add(text)
        warnings.warn(text, stacklevel=stacklevel + 1)
