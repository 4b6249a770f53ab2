"""The steps of a pipeline: where elements come from, and what is done to them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from operator import itemgetter
from typing import Any, ClassVar

import numpy as np

from .. import _core
from ._structure import ArraySpec, Element, arrays, described, filled, frozen, leaves, mapped, outline, spec_of, stacked

INFINITE = -1
UNKNOWN = -2

_PICKS = 256  # random numbers taken from C++ at a time


@dataclass(frozen=True)
class Pass:
    """One iteration over a pipeline: all that the order of its elements depends on."""

    number: int
    seed: int
    names: Mapping[int, str]
    """By id of a Shuffle without a seed of its own: the name of its stream of random numbers."""


class Node:
    """A step; `inputs` are those before it."""

    inputs: tuple[Node, ...] = ()
    foreign: ClassVar[bool] = False
    """Whether what it gives depends on code that is not samebits's."""

    def elements(self, run: Pass) -> Iterator[Element]:
        """The elements of one pass, from the first."""
        raise NotImplementedError

    def count(self) -> int:
        """How many elements a pass has: 0 or more, INFINITE or UNKNOWN."""
        return self.inputs[0].count()

    def spec(self) -> Element:
        """The structure of an element with an ArraySpec at each leaf; of the first element where only it can tell."""
        for element in self.elements(Pass(0, 0, shuffle_names(self))):
            return spec_of(element)
        raise ValueError("[Dataset.element_spec] a data set needs an element to tell; got none; give it one")


def walk(node: Node) -> list[Node]:
    """Every step of a pipeline once: inputs before the step they lead to, from left to right."""
    order: dict[int, Node] = {}

    def visit(step: Node) -> None:
        if id(step) not in order:
            for before in step.inputs:
                visit(before)
            order[id(step)] = step

    visit(node)
    return list(order.values())


def shuffle_names(node: Node) -> dict[int, str]:
    """dataset, dataset_1, ...: counted as layers are, so that no two shuffles of a pipeline draw the same numbers."""
    free = [step for step in walk(node) if isinstance(step, Shuffle) and step.seed is None]
    return {id(step): f"dataset_{i}" if i else "dataset" for i, step in enumerate(free)}


# Sources.


class Slices(Node):
    """The rows of arrays: views that cannot be written through."""

    def __init__(self, tensors: Element) -> None:
        self._tensors = mapped(frozen, tensors)
        self._length = len(next(leaves(tensors)))

    def elements(self, run: Pass) -> Iterator[Element]:
        for i in range(self._length):
            yield mapped(itemgetter(i), self._tensors)

    def count(self) -> int:
        return self._length

    def spec(self) -> Element:
        return mapped(lambda leaf: ArraySpec(leaf.shape[1:], leaf.dtype), self._tensors)


class Numbers(Node):
    """Whole numbers, int64."""

    def __init__(self, numbers: range) -> None:
        self._numbers = numbers

    def elements(self, run: Pass) -> Iterator[Element]:
        return map(np.int64, self._numbers)

    def count(self) -> int:
        return len(self._numbers)

    def spec(self) -> Element:
        return ArraySpec((), np.dtype(np.int64))


class Iterated(Node):
    """What open() gives to iterate over, each time anew."""

    foreign = True

    def __init__(
        self, op: str, open: Callable[[], Iterable[Any]], length: Callable[[], int], signature: Element | None = None
    ) -> None:
        self._op, self._open, self._length, self._signature = op, open, length, signature

    def elements(self, run: Pass) -> Iterator[Element]:
        for item in self._open():
            element = arrays(self._op, item)
            yield element if self._signature is None else self._as_signed(element)

    def _as_signed(self, element: Element) -> Element:
        def cast(spec: ArraySpec, leaf: Any) -> Any:
            same = len(spec.shape) == leaf.ndim and all(a in (None, b) for a, b in zip(spec.shape, leaf.shape, strict=True))
            if not same or not np.can_cast(leaf.dtype, spec.dtype, "same_kind"):
                raise ValueError(
                    f"[{self._op}] every element must be what output_signature says, {spec.dtype} {spec.shape};"
                    f" got {described(leaf)}; change one of them"
                )
            return leaf.astype(spec.dtype, copy=False)

        if outline(element) != outline(self._signature):
            raise ValueError(
                f"[{self._op}] elements have the structure of output_signature; got {described(element)}; change one of them"
            )
        return mapped(cast, self._signature, element)

    def count(self) -> int:
        return self._length()

    def spec(self) -> Element:
        return super().spec() if self._signature is None else self._signature


class Zip(Node):
    """Elements of several data sets side by side, in the given structure; ends with the shortest."""

    def __init__(self, structure: Element) -> None:
        self._structure = structure
        self.inputs = tuple(leaves(structure))

    def elements(self, run: Pass) -> Iterator[Element]:
        for items in zip(*(node.elements(run) for node in self.inputs), strict=False):
            yield filled(self._structure, items)

    def count(self) -> int:
        counts = [node.count() for node in self.inputs]
        if 0 in counts:
            return 0
        return UNKNOWN if UNKNOWN in counts else min((n for n in counts if n != INFINITE), default=INFINITE)

    def spec(self) -> Element:
        return mapped(lambda node: node.spec(), self._structure)


class Concatenate(Node):
    """One data set after the other."""

    def __init__(self, *inputs: Node) -> None:
        self.inputs = inputs

    def elements(self, run: Pass) -> Iterator[Element]:
        return itertools.chain.from_iterable(node.elements(run) for node in self.inputs)

    def count(self) -> int:
        counts = [node.count() for node in self.inputs]
        return INFINITE if INFINITE in counts else UNKNOWN if UNKNOWN in counts else sum(counts)

    def spec(self) -> Element:
        return self.inputs[0].spec()


# Steps with one input. Those of class Step leave the elements as they are.


class Step(Node):
    def __init__(self, before: Node) -> None:
        self.before = before
        self.inputs = (before,)

    def spec(self) -> Element:
        return self.before.spec()


class Shuffle(Step):
    """A buffer from which elements are picked (docs/numerics.md, 7.6)."""

    def __init__(self, before: Node, size: int, seed: int | None, each_pass: bool) -> None:
        super().__init__(before)
        self._size, self.seed, self._each_pass = size, seed, each_pass

    def _picks(self, run: Pass) -> Iterator[int]:
        seed, name = (run.seed, run.names[id(self)]) if self.seed is None else (self.seed, "dataset")
        number = run.number % 2**32 if self._each_pass else 0
        for first in itertools.count(0, _PICKS):
            yield from _core.shuffle_picks(seed, name, number, first, _PICKS)

    def elements(self, run: Pass) -> Iterator[Element]:
        source = self.before.elements(run)
        buffer = list(islice(source, self._size))
        picks = self._picks(run)
        for element in source:
            place = next(picks) * len(buffer) >> 64
            yield buffer[place]
            buffer[place] = element
        while buffer:
            place = next(picks) * len(buffer) >> 64
            buffer[place], buffer[-1] = buffer[-1], buffer[place]
            yield buffer.pop()


class Take(Step):
    def __init__(self, before: Node, most: int) -> None:
        super().__init__(before)
        self._most = most

    def elements(self, run: Pass) -> Iterator[Element]:
        return islice(self.before.elements(run), self._most)

    def count(self) -> int:
        n = self.before.count()
        return self._most if n == INFINITE or self._most == 0 else n if n == UNKNOWN else min(n, self._most)


class Skip(Step):
    def __init__(self, before: Node, first: int) -> None:
        super().__init__(before)
        self._first = first

    def elements(self, run: Pass) -> Iterator[Element]:
        return islice(self.before.elements(run), self._first, None)

    def count(self) -> int:
        n = self.before.count()
        return n if n < 0 else max(n - self._first, 0)


class Repeat(Step):
    """times passes over what is before, None: without end (but an empty pass ends it)."""

    def __init__(self, before: Node, times: int | None) -> None:
        super().__init__(before)
        self._times = times

    def elements(self, run: Pass) -> Iterator[Element]:
        start = run.number * (1 if self._times is None else self._times)
        for i in itertools.count() if self._times is None else range(self._times):
            empty = True
            for element in self.before.elements(replace(run, number=start + i)):
                empty = False
                yield element
            if empty:
                return

    def count(self) -> int:
        n = self.before.count()
        if self._times is None:
            return INFINITE if n != 0 else 0
        return n if n < 0 and self._times > 0 else n * self._times


class Filter(Step):
    foreign = True

    def __init__(self, before: Node, keep: Callable[..., Any]) -> None:
        super().__init__(before)
        self._keep = keep

    def elements(self, run: Pass) -> Iterator[Element]:
        for element in self.before.elements(run):
            answer = np.asarray(called(self._keep, element))
            if answer.shape != () or answer.dtype != np.bool_:
                raise TypeError(f"[Dataset.filter] predicate gives True or False; got {described(answer)}; use a comparison")
            if answer:
                yield element

    def count(self) -> int:
        return 0 if self.before.count() == 0 else UNKNOWN


class Cache(Step):
    """The elements of pass 0, kept once a pass has reached its end."""

    def __init__(self, before: Node) -> None:
        super().__init__(before)
        self._key: object = None
        self._kept: list[Element] = []

    def elements(self, run: Pass) -> Iterator[Element]:
        key = (run.seed, [run.names.get(id(node)) for node in walk(self.before)])
        if self._key == key:
            yield from self._kept
            return
        kept = []
        for element in self.before.elements(replace(run, number=0)):
            kept.append(mapped(frozen, element))
            yield kept[-1]
        self._key, self._kept = key, kept


class Batch(Node):
    def __init__(self, before: Node, size: int, drop_remainder: bool) -> None:
        self.inputs = (before,)
        self._size, self._drop = size, drop_remainder

    def elements(self, run: Pass) -> Iterator[Element]:
        source = self.inputs[0].elements(run)
        while batch := list(islice(source, self._size)):
            if len(batch) < self._size and self._drop:
                return
            yield stacked("Dataset.batch", batch)

    def count(self) -> int:
        n = self.inputs[0].count()
        return n if n < 0 else n // self._size if self._drop else -(-n // self._size)

    def spec(self) -> Element:
        size = self._size if self._drop else None
        return mapped(lambda leaf: ArraySpec((size, *leaf.shape), leaf.dtype), self.inputs[0].spec())


class Unbatch(Node):
    def __init__(self, before: Node) -> None:
        self.inputs = (before,)

    def elements(self, run: Pass) -> Iterator[Element]:
        for batch in self.inputs[0].elements(run):
            lengths = {leaf.shape[:1] for leaf in leaves(batch)}
            if len(lengths) != 1 or () in lengths:
                raise ValueError(
                    f"[Dataset.unbatch] the arrays of an element share their first axis; got {described(batch)};"
                    " drop others by map"
                )
            for i in range(*lengths.pop()):
                yield mapped(itemgetter(i), batch)

    def count(self) -> int:
        n = self.inputs[0].count()
        return n if n <= 0 else UNKNOWN

    def spec(self) -> Element:
        return mapped(lambda leaf: ArraySpec(leaf.shape[1:], leaf.dtype), self.inputs[0].spec())


class Map(Node):
    foreign = True

    def __init__(self, before: Node, function: Callable[..., Any]) -> None:
        self.inputs = (before,)
        self._function = function

    def elements(self, run: Pass) -> Iterator[Element]:
        for element in self.inputs[0].elements(run):
            yield arrays("Dataset.map", called(self._function, element))


class Enumerate(Node):
    def __init__(self, before: Node, start: int) -> None:
        self.inputs = (before,)
        self._start = start

    def elements(self, run: Pass) -> Iterator[Element]:
        for i, element in enumerate(self.inputs[0].elements(run), self._start):
            yield np.int64(i), element

    def spec(self) -> Element:
        return ArraySpec((), np.dtype(np.int64)), self.inputs[0].spec()


def called(function: Callable[..., Any], element: Element) -> Any:
    """A tuple is the arguments; anything else is the one argument."""
    return function(*element) if isinstance(element, tuple) else function(element)
