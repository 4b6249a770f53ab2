"""Data sets: what elements there are, in which order, in which batches."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from .. import _core
from .._checks import flag, not_yet_of, whole
from .._keras import DATASET
from . import _nodes
from ._nodes import INFINITE, UNKNOWN, Node, Pass
from ._prefetch import Prefetch
from ._structure import ArraySpec, Digest, Element, arrays, described, leaves, mapped

AUTOTUNE = -1
_AHEAD = 2  # what prefetch(AUTOTUNE) means: one element in use, one ready, one in the making


class _Sources(type):
    """Names of tf.data asked of the class itself: Dataset.from_tensors."""

    if not TYPE_CHECKING:

        def __getattr__(cls, name: str) -> Any:
            not_yet_of(cls, name, DATASET)


class Dataset(metaclass=_Sources):
    """Elements in a fixed order: arrays, or tuples and dicts of arrays. Every method returns a new data set.

    The order is a function of the seed, of how often the data set was iterated, and of what it is made of: the same on every
    machine. The seed is that of `sb.utils.set_random_seed`, or the model's when `fit` iterates. docs/numerics.md, 7.6, says how
    `shuffle` picks. Element types are NumPy's: a Python float is a float64, an int an int64.

    Raises
    ------
    TypeError, ValueError
        For arguments of another type, and out of range.
    NotImplementedError
        For what tf.data has under a name that is not here yet.

    Examples
    --------
    >>> import samebits as sb
    >>> for x in sb.data.Dataset.range(5).batch(2):
    ...     print(x)
    [0 1]
    [2 3]
    [4]
    """

    __slots__ = ("__weakref__", "_digest", "_iterated", "_node")

    def __init__(self, *args: object, **options: object) -> None:
        raise TypeError("[Dataset] a data set is made from something; got Dataset(...); use Dataset.from_tensor_slices((x, y))")

    @classmethod
    def _of(cls, node: Node) -> Dataset:
        made = object.__new__(cls)
        made._node, made._iterated, made._digest = node, 0, None
        return made

    _node: Node
    _iterated: int
    _digest: str | None

    # Sources.

    @classmethod
    def from_tensor_slices(cls, tensors: Element) -> Dataset:
        """Each element is a row of the arrays, which have equally many.

        Parameters
        ----------
        tensors
            An array, or a tuple or dict of them: NumPy, lists, anything with `__array__` or `__dlpack__`. They are not copied
            and must not change while the data set is in use; the rows are read-only views.
        """
        op = "Dataset.from_tensor_slices"
        made = arrays(op, tensors)
        lengths = {leaf.shape[:1] for leaf in leaves(made)}
        if len(lengths) != 1 or () in lengths:
            raise ValueError(
                f"[{op}] the arrays need rows, equally many in each; got {described(made)}; give arrays of one length"
            )
        return cls._of(_nodes.Slices(made))

    @classmethod
    def from_generator(
        cls, generator: Callable[..., Iterable[Any]], output_signature: Element | None = None, args: tuple[Any, ...] = ()
    ) -> Dataset:
        """Elements of generator(*args), which is called anew for each pass.

        Parameters
        ----------
        generator
            A function that returns an iterator, such as a generator function.
        output_signature
            An ArraySpec, or a tuple or dict of them, that every element must fit; numbers are cast to its types where that
            loses no more than precision. Default: elements are taken as they come.
        """
        op = "Dataset.from_generator"
        if not callable(generator):
            raise TypeError(f"[{op}] generator is a function that returns an iterator; got {generator!r}; pass the function")
        if output_signature is not None and not all(isinstance(leaf, ArraySpec) for leaf in leaves(output_signature)):
            raise TypeError(f"[{op}] output_signature has an ArraySpec at each leaf; got {output_signature!r}; give these")
        return cls._of(_nodes.Iterated(op, lambda: generator(*args), lambda: UNKNOWN, output_signature))

    @classmethod
    def from_iterable(cls, iterable: Iterable[Any]) -> Dataset:
        """Elements of a torch DataLoader, a tf.data.Dataset, a list of batches: what can be iterated again and again.

        An element that is a list counts as a tuple, because DataLoader gives lists. The order is the iterable's own: samebits
        does not seed it. Reading `element_spec` iterates it once, up to its first element.
        """
        op = "Dataset.from_iterable"
        if isinstance(iterable, Dataset):
            return iterable
        if not hasattr(iterable, "__iter__") and not hasattr(iterable, "__getitem__"):
            raise TypeError(f"[{op}] something to iterate is needed; got {type(iterable).__name__}; give a list")
        if isinstance(iterable, Iterator):
            raise TypeError(
                f"[{op}] elements are read anew in each epoch; got an iterator ({type(iterable).__name__}), read once;"
                " pass what it came from, or use from_generator"
            )

        def elements() -> Iterator[Any]:
            return (tuple(item) if isinstance(item, list) else item for item in iterable)

        def length() -> int:
            return max(operator.length_hint(iterable, UNKNOWN), UNKNOWN)

        return cls._of(_nodes.Iterated(op, elements, length))

    @classmethod
    def range(cls, *args: int) -> Dataset:
        """Whole numbers (int64): range(stop), range(start, stop), range(start, stop, step)."""
        numbers = [whole("Dataset.range", "argument", value) for value in args]
        if not 1 <= len(numbers) <= 3 or numbers[2:] == [0]:
            raise ValueError(
                f"[Dataset.range] it takes stop, or start, stop and a step other than 0; got {args}; give one to three numbers"
            )
        return cls._of(_nodes.Numbers(range(*numbers)))

    @staticmethod
    def zip(*datasets: Element) -> Dataset:
        """Elements of several data sets side by side, up to the shortest: zip(a, b), zip((a, b)), zip({"x": a, "y": b})."""
        structure = datasets[0] if len(datasets) == 1 else datasets
        found = list(leaves(structure))
        if not found or not all(isinstance(leaf, Dataset) for leaf in found):
            got = ", ".join(type(leaf).__name__ for leaf in found) or "none"
            raise TypeError(
                f"[Dataset.zip] it takes data sets, or a tuple or dict of them; got {got}; make them by from_tensor_slices"
            )
        return Dataset._of(_nodes.Zip(mapped(operator.attrgetter("_node"), structure)))

    # Transformations.

    def shuffle(self, buffer_size: int, seed: int | None = None, reshuffle_each_iteration: bool = True) -> Dataset:
        """Pick each element at random from a buffer of buffer_size, which is filled up from the data set.

        Parameters
        ----------
        buffer_size
            At least 1. For an order that is uniform among all, at least the number of elements.
        seed
            Default: the run's. With it, data sets of equally many elements are shuffled alike.
        reshuffle_each_iteration
            False: the order of the first pass, again and again.
        """
        op = "Dataset.shuffle"
        own = None if seed is None else whole(op, "seed", seed, unsigned=True)
        each = flag(op, "reshuffle_each_iteration", reshuffle_each_iteration)
        return self._of(_nodes.Shuffle(self._node, _at_least(op, "buffer_size", buffer_size, 1), own, each))

    def batch(self, batch_size: int, drop_remainder: bool = False, num_parallel_calls: int | None = None) -> Dataset:
        """Stack batch_size elements along a new first axis; the last batch may be short unless drop_remainder."""
        op = "Dataset.batch"
        _parallel(op, num_parallel_calls)
        size, drop = _at_least(op, "batch_size", batch_size, 1), flag(op, "drop_remainder", drop_remainder)
        return self._of(_nodes.Batch(self._node, size, drop))

    def unbatch(self) -> Dataset:
        """Rows of the elements, one by one: the reverse of batch."""
        return self._of(_nodes.Unbatch(self._node))

    def map(self, map_func: Callable[..., Any], num_parallel_calls: int | None = None) -> Dataset:
        """Give map_func(element), or map_func(*element) for tuples.

        What it computes is its own arithmetic, not samebits's: NumPy's functions (exp, sin, mean, matmul, resizing) may give
        other bits on another CPU or in another version of NumPy, and then training differs. So a run records a digest of what
        came out, `History.data_digest`, which tells whether two runs had the same arrays; `digest()` is that of a pass.
        Elements that are rows of arrays are read-only: return new arrays.

        Parameters
        ----------
        map_func
            Takes arrays and returns an array, or a tuple or dict of them; a list counts as an array. It should depend on
            nothing but its arguments.
        num_parallel_calls
            AUTOTUNE or at least 1: a hint about speed. Calls are made in order, one after the other.
        """
        _parallel("Dataset.map", num_parallel_calls)
        return self._of(_nodes.Map(self._node, _function("Dataset.map", "map_func", map_func)))

    def filter(self, predicate: Callable[..., Any]) -> Dataset:
        """Keep the elements for which predicate, called as in map, gives True."""
        return self._of(_nodes.Filter(self._node, _function("Dataset.filter", "predicate", predicate)))

    def take(self, count: int) -> Dataset:
        """Keep the first count elements; -1: all."""
        most = _at_least("Dataset.take", "count", count, -1)
        return self if most == -1 else self._of(_nodes.Take(self._node, most))

    def skip(self, count: int) -> Dataset:
        """Leave out the first count elements; -1: all."""
        first = _at_least("Dataset.skip", "count", count, -1)
        return self.take(0) if first == -1 else self._of(_nodes.Skip(self._node, first))

    def repeat(self, count: int | None = None) -> Dataset:
        """Give the elements count times; None or -1: without end. Each time shuffles anew."""
        times = None if count is None else _at_least("Dataset.repeat", "count", count, -1)
        return self._of(_nodes.Repeat(self._node, None if times == -1 else times))

    def concatenate(self, dataset: Dataset) -> Dataset:
        """Give the elements of this data set, then those of the other."""
        if not isinstance(dataset, Dataset):
            raise TypeError(
                f"[Dataset.concatenate] it takes a Dataset; got {type(dataset).__name__}; make one by from_tensor_slices"
            )
        return self._of(_nodes.Concatenate(self._node, dataset._node))

    def cache(self) -> Dataset:
        """Keep the elements in memory once a pass has reached its end: what comes before is then not run again.

        What comes before is always run as the first pass, so that the elements do not depend on when they were kept: a shuffle
        before cache keeps one order, a shuffle after it makes a new one each time.
        """
        return self._of(_nodes.Cache(self._node))

    def prefetch(self, buffer_size: int) -> Dataset:
        """Make up to buffer_size elements ahead on a thread; AUTOTUNE: 2. It changes time, never the elements."""
        size = _at_least("Dataset.prefetch", "buffer_size", buffer_size, AUTOTUNE)
        if size == 0:
            return self
        return self._of(Prefetch(self._node, _AHEAD if size == AUTOTUNE else size))

    def enumerate(self, start: int = 0) -> Dataset:
        """Give (number, element), counted from start."""
        return self._of(_nodes.Enumerate(self._node, whole("Dataset.enumerate", "start", start)))

    # What it holds.

    def cardinality(self) -> int:
        """Number of elements of a pass; INFINITE (-1); UNKNOWN (-2) after filter, unbatch or from a generator."""
        return self._node.count()

    def __len__(self) -> int:
        """Number of elements of a pass. TypeError where it is infinite or unknown."""
        n = self._node.count()
        if n < 0:
            got = "an infinite one" if n == INFINITE else "one of unknown length"
            raise TypeError(f"[Dataset] only a data set of known length has one; got {got}; use cardinality()")
        return n

    def __bool__(self) -> bool:
        return True

    @property
    def element_spec(self) -> Element:
        """The structure of an element with an ArraySpec at each leaf.

        Behind a map, a generator or another library's iterable it is that of the first element, which is made for it.
        """
        return self._node.spec()

    def __repr__(self) -> str:
        n = self._node.count()
        return f"<Dataset of {n if n >= 0 else 'infinitely many' if n == INFINITE else 'unknown'} elements>"

    # Iteration.

    def __iter__(self) -> Iterator[Element]:
        """A new pass over the elements, the next one for `shuffle`."""
        number = self._iterated
        self._iterated += 1
        return self._iterate(number, _core.random_seed())

    def as_numpy_iterator(self) -> Iterator[Element]:
        """Iterate: elements are NumPy's already."""
        return iter(self)

    def digest(self) -> str | None:
        """Return "sha256:<64 hex digits>" of what came out in the last pass that was iterated to its end.

        None before, and where neither a map, a filter, a generator nor another library's iterable has a part in it: samebits's
        own steps give the same elements everywhere.
        """
        return self._digest

    def _iterate(self, epoch: int, seed: int) -> Iterator[Element]:
        """The elements of the pass `epoch` (from 0) of a run with this seed."""
        run = Pass(epoch, seed, _nodes.shuffle_names(self._node))
        return self._recorded(run) if self._foreign() else self._node.elements(run)

    def _foreign(self) -> bool:
        """Whether code that is not samebits's has a part in the elements."""
        return any(step.foreign for step in _nodes.walk(self._node))

    def _recorded(self, run: Pass) -> Iterator[Element]:
        digest = Digest()
        for element in self._node.elements(run):
            digest.update(element)
            yield element
        self._digest = digest.text()

    def _batches(self, epoch: int, seed: int) -> Iterator[tuple[Any, ...]]:
        """The elements of a pass as fit takes them: (x,), (x, y) or (x, y, sample_weight)."""
        for element in self._iterate(epoch, seed):
            batch = element if isinstance(element, tuple) else (element,)
            if not 1 <= len(batch) <= 3:
                raise ValueError(f"[Dataset] a batch is x, (x, y) or (x, y, sample_weight); got {described(element)}; use map")
            yield batch

    def _known_steps(self) -> int | None:
        """Number of batches of a pass; None where it is infinite or unknown."""
        n = self._node.count()
        return n if n >= 0 else None

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            not_yet_of(self, name, DATASET)


def _at_least(op: str, name: str, value: object, least: int) -> int:
    got = whole(op, name, value)
    if got < least:
        raise ValueError(f"[{op}] {name} must be at least {least}; got {name}={got}; choose another")
    return got


def _parallel(op: str, value: int | None) -> None:
    if value is not None and value != AUTOTUNE:
        _at_least(op, "num_parallel_calls", value, 1)


def _function(op: str, name: str, value: Any) -> Callable[..., Any]:
    if not callable(value):
        raise TypeError(f"[{op}] {name} must be a function; got {name}={value!r}; give a function")
    return value  # type: ignore[no-any-return]
