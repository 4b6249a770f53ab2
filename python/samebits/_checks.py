"""What the Python layer checks before C++ does: the types of arguments, and names of Keras that are not here yet."""

from __future__ import annotations

import operator
import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, NoReturn, Self, SupportsIndex

import numpy as np

from . import _core
from ._keras import OLD

_INT64 = 2**63
_CHOSEN_BY_NAME = ("activation", "initializer", "regularizer")


def whole(op: str, name: str, value: object, *, unsigned: bool = False) -> int:
    """A whole number that C++ can hold: TypeError for another type (bool too), ValueError outside 64 bits."""
    if isinstance(value, (bool, np.bool_)) or not hasattr(value, "__index__"):
        raise TypeError(f"[{op}] {name} must be a whole number; got {name}={value!r}; change its type")
    number = operator.index(value)
    if unsigned and not 0 <= number < 2 * _INT64:
        raise ValueError(f"[{op}] {name} must be from 0 to 2^64 - 1; got {name}={number}; choose another")
    if not unsigned and not -_INT64 <= number < _INT64:
        raise ValueError(f"[{op}] {name} must fit in 64 bits; got {name}={number}; choose another")
    return number


def number(op: str, name: str, value: object) -> float:
    """A real number: TypeError for another type (bool too)."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, float, np.integer, np.floating)):
        raise TypeError(f"[{op}] {name} must be a number; got {name}={value!r}; change its type")
    return float(value)


def finite(op: str, name: str, value: object) -> float:
    """A number that is neither NaN nor infinite: TypeError for another type, else ValueError."""
    given = number(op, name, value)
    if not np.isfinite(given):
        raise ValueError(f"[{op}] {name} must be finite; got {name}={given}; give a finite number")
    return given


def flag(op: str, name: str, value: object) -> bool:
    """True or False: TypeError for anything else."""
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"[{op}] {name} must be True or False; got {name}={value!r}; give one of them")
    return bool(value)


def text(op: str, name: str, value: object) -> str:
    """A str that C++ can hold: TypeError for anything else, ValueError for half of a surrogate pair."""
    if not isinstance(value, str):
        raise TypeError(f"[{op}] {name} must be a str; got {name}={value!r}; change its type")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError(f"[{op}] {name} must be text that UTF-8 can write; got {name}={value!r}; choose other text") from None
    return value


def shape(op: str, name: str, value: object) -> list[int]:
    """A sequence of whole numbers: TypeError for anything else."""
    if isinstance(value, (str, bytes)) or not isinstance(value, Iterable):
        raise TypeError(f"[{op}] {name} must be a sequence of whole numbers; got {name}={value!r}; give a tuple")
    return [whole(op, name, dim) for dim in value]


def path(op: str, value: object) -> str:
    """A file name: TypeError unless it is a str, bytes or os.PathLike."""
    if not isinstance(value, (str, bytes, os.PathLike)):
        raise TypeError(f"[{op}] a file name is a str or a path; got {value!r}; give one")
    name = os.fsdecode(value)
    try:
        null = b"\0" in os.fsencode(name)
    except UnicodeEncodeError:
        null = True
    if null:
        raise ValueError(f"[{op}] a file name must be one that the system can have; got {name!r}; choose another")
    return name


def plain(op: str, name: str, value: object) -> object:
    """The same value as json knows it: NumPy's scalars as Python's, tuples and arrays as lists."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, str):
        return text(op, name, value)
    if isinstance(value, (np.bool_, np.integer)):
        return value.item()
    if isinstance(value, (float, np.floating)):
        return finite(op, name, value)
    if isinstance(value, (tuple, list, np.ndarray)):
        return [plain(op, name, item) for item in value]
    if callable(value) and name.endswith(_CHOSEN_BY_NAME):
        raise NotImplementedError(
            f"[{op}] functions and classes for {name} are not implemented yet; got {name}={value!r}; give a name or an object"
        )
    describe = getattr(value, "_description", None)
    if describe is not None:
        return {key: plain(op, f"{name}.{key}", item) for key, item in describe().items()}
    if isinstance(value, Mapping) and "type" in value:  # what get_config() returned
        return {text(op, name, key): plain(op, f"{name}.{key}", item) for key, item in value.items()}
    raise TypeError(f"[{op}] {name} must be a number, a name or a sequence of numbers; got {name}={value!r}; change its type")


def _is(value: object, default: object) -> bool:
    return value is None or (type(value) is type(default) and value == default)


class Closed:
    """A base class of this package: programs cannot derive from it or make objects of it itself yet."""

    __slots__ = ()
    _many: ClassVar[str]

    def __init_subclass__(cls, many: str = "") -> None:
        if many:
            cls._many = many
        elif not cls.__module__.startswith("samebits."):
            cls._own(cls.__name__, f"class {cls.__name__}")

    def __new__(cls, *_: object, **__: object) -> Self:
        if "_many" in cls.__dict__:
            cls._own(cls.__name__, f"{cls.__name__}(...)")
        return super().__new__(cls)

    def __reduce_ex__(self, protocol: SupportsIndex) -> str | tuple[Any, ...]:
        """Copies and pickles of what holds an object of C++ are not implemented yet: NotImplementedError."""
        if hasattr(self, "_spec"):
            raise NotImplementedError(
                f"[{type(self).__name__}] copying and pickling is not implemented yet; got {self!r}; make another one like it"
            )
        return super().__reduce_ex__(protocol)

    @classmethod
    def _own(cls, op: str, got: str) -> NoReturn:
        raise NotImplementedError(f"[{op}] {cls._many} of your own are not implemented yet; got {got}; use those that are here")


def refuse(op: str, function: Callable[..., object], given: Mapping[str, object], later: Mapping[str, object]) -> None:
    """Refuse keywords that `function` does not name itself.

    later: Keras's keywords that are not implemented yet, with Keras's defaults. None and the default are let through: they
    ask for what is done anyway. Raises NotImplementedError for one of them, TypeError for an unknown one.
    """
    for name, value in given.items():
        if name in later:
            if not _is(value, later[name]):
                raise NotImplementedError(f"[{op}] {name} is not implemented yet; got {name}={value!r}; leave it out")
            continue
        code = function.__code__
        known = [n for n in code.co_varnames[: code.co_argcount + code.co_kwonlyargcount] if n != "self"]
        now, do = OLD.get(name, ("", ""))
        if now in known:
            raise TypeError(f'[{op}] unknown argument; got "{name}", a name of earlier Keras; {do}')
        hint = _core.did_you_mean(name, [*known, *later])
        raise TypeError(f'[{op}] unknown argument; got "{name}"; it takes {", ".join(known) or "nothing"}{hint}')


def not_yet(module: str, later: Iterable[str], known: Iterable[str]) -> Callable[[str], NoReturn]:
    """The __getattr__ of a module: NotImplementedError for Keras's names that are not here yet."""
    waiting = frozenset(later)
    here = sorted(known)
    place = ".".join(part for part in ("samebits", module) if part)

    def getattr_(name: str) -> NoReturn:
        if name in waiting:
            nearest = _core.did_you_mean(name, here).removeprefix("; ") or f"use one of {', '.join(here)}"
            raise NotImplementedError(f"[{name}] not implemented yet; got {place}.{name}; {nearest}")
        hint = "" if name.startswith("__") else _core.did_you_mean(name, [*here, *waiting])
        raise AttributeError(f"module {place!r} has no attribute {name!r}{hint}", name=name)

    return getattr_


def not_yet_of(owner: object, name: str, later: Iterable[str], more: Iterable[str] = ()) -> NoReturn:
    """The __getattr__ of an object or a class: NotImplementedError for names of Keras and tf.data that are not here yet, else
    AttributeError with the nearest name. more: names that dir() does not list."""
    kind = owner.__name__ if isinstance(owner, type) else type(owner).__name__
    if name in later:
        raise NotImplementedError(f"[{kind}.{name}] not implemented yet; got a use of it; use what dir() of it lists")
    hint = "" if name.startswith("_") else _core.did_you_mean(name, [n for n in [*dir(owner), *more] if not n.startswith("_")])
    # Without obj=: Python would look for a nearest name of its own.
    raise AttributeError(f"{kind!r} object has no attribute {name!r}{hint}", name=name)


def source(op: str, filepath: object) -> str:
    """The name of a file to read; NotImplementedError for Keras's own files."""
    name = path(op, filepath)
    if name.endswith((".keras", ".h5", ".hdf5")):
        raise NotImplementedError(f"[{op}] files of Keras are not read yet; got {name!r}; carry its weights to set_weights()")
    return name


def target(op: str, filepath: object, overwrite: bool = True) -> str:
    """The name of a file to write; NotImplementedError for Keras's own."""
    name = path(op, filepath)
    if name.endswith((".keras", ".h5", ".hdf5")):
        raise NotImplementedError(f"[{op}] files are written as safetensors; got {name!r}; name it ....safetensors")
    if not flag(op, "overwrite", overwrite) and os.path.exists(name):
        raise FileExistsError(f"[{op}] the file exists; got {name!r} with overwrite=False; name another one")
    return name
