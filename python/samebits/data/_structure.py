"""Elements of data sets: arrays, and tuples and dicts of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from .._arrays import convert

# An array, or a tuple or dict of elements. Lists are arrays, as in tf.data.
Element: TypeAlias = Any


@dataclass(frozen=True, slots=True)
class ArraySpec:
    """What is known of an array before it is there."""

    shape: tuple[int | None, ...]
    """None: a length that may vary."""
    dtype: np.dtype[Any]


def mapped(function: Callable[..., Any], first: Element, *others: Element) -> Element:
    """The structure of `first` with function(leaf, leaves at the same place of others...) at each leaf."""
    if isinstance(first, tuple):
        items = [mapped(function, *leaves) for leaves in zip(first, *others, strict=True)]
        return type(first)(*items) if hasattr(first, "_fields") else tuple(items)
    if isinstance(first, dict):
        return {key: mapped(function, first[key], *(other[key] for other in others)) for key in first}
    return function(first, *others)


def leaves(element: Element) -> Iterator[Any]:
    """The leaves of a structure, in its order."""
    if isinstance(element, tuple):
        for item in element:
            yield from leaves(item)
    elif isinstance(element, dict):
        for item in element.values():
            yield from leaves(item)
    else:
        yield element


def filled(structure: Element, items: Iterable[Any]) -> Element:
    """The structure with one item after the other at its leaves."""
    row = iter(items)
    return mapped(lambda _: next(row), structure)


def outline(element: Element) -> object:
    """What two elements of one structure have in common."""
    if isinstance(element, tuple):
        return tuple(outline(item) for item in element)
    if isinstance(element, dict):
        return {key: outline(item) for key, item in element.items()}
    return None


def arrays(op: str, element: Element) -> Element:
    """The structure with an array at each leaf. TypeError for what NumPy knows only as an object."""

    def array(leaf: object) -> Any:
        if isinstance(leaf, np.generic):
            return leaf
        made = convert(op, "an element", leaf)
        if made.dtype.hasobject or isinstance(made, np.ma.MaskedArray):
            got = type(leaf).__name__
            raise TypeError(f"[{op}] elements are arrays, or tuples and dicts of them; got {got}; convert it first")
        return made

    return mapped(array, element)


def frozen(array: Any) -> Any:
    """A view that cannot be written through."""
    view = np.asarray(array).view()
    view.flags.writeable = False
    return view


def stacked(op: str, elements: Sequence[Element]) -> Element:
    """The elements of a batch as one, with the batch as the first axis."""
    structure = outline(elements[0])

    def stack(*items: Any) -> Any:
        if len({(item.shape, item.dtype) for item in items}) > 1:
            seen = sorted({f"{item.dtype} {item.shape}" for item in items})
            raise ValueError(
                f"[{op}] the elements of a batch have one shape and type; got {' and '.join(seen)}; make them equal with map"
            )
        return np.stack(items)

    for element in elements:
        if outline(element) != structure:
            raise ValueError(
                f"[{op}] the elements of a batch have one structure; got {described(elements[0])} and {described(element)};"
                " make them equal with map"
            )
    return mapped(stack, *elements)


def spec_of(element: Element) -> Element:
    """The structure with an ArraySpec at each leaf."""
    return mapped(lambda leaf: ArraySpec(tuple(leaf.shape), leaf.dtype), element)


def described(element: Element) -> str:
    """A structure for a message: (float32 (8, 8), int64 ())."""
    if isinstance(element, tuple):
        return f"({', '.join(map(described, element))}{',' if len(element) == 1 else ''})"
    if isinstance(element, dict):
        return f"{{{', '.join(f'{key!r}: {described(item)}' for key, item in element.items())}}}"
    return f"{element.dtype} {tuple(element.shape)}"


class Digest:
    """SHA-256 over elements: each as its structure's text, then the bytes of its arrays in C order."""

    def __init__(self) -> None:
        import hashlib  # loads OpenSSL, which only recorded data sets need

        self._sha = hashlib.sha256()

    def update(self, element: Element) -> None:
        self._sha.update(described(element).encode() + b"\0")
        for leaf in leaves(element):
            self._sha.update(leaf.tobytes())

    def text(self) -> str:
        return "sha256:" + self._sha.hexdigest()
