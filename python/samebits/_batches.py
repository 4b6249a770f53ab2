"""What a model is given, as C++ takes it: arrays by input and output, or a stream of batches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ._arrays import ArrayLike, as_array
from .data import INFINITE_CARDINALITY, Dataset
from .data._structure import Digest

Arrays = list[npt.NDArray[Any]]


def arrays(op: str, what: str, value: ArrayLike, names: Sequence[str]) -> Arrays:
    """One array a name: from an array where there is one name, from a list, tuple or dict where there are several."""
    if isinstance(value, Mapping):
        if set(value) != set(names):
            raise ValueError(f"[{op}] {what} must have the keys {list(names)}; got {list(value)}; give exactly these")
        return [as_array(op, f"{what}[{name!r}]", value[name]) for name in names]
    if len(names) == 1:
        if isinstance(value, (list, tuple)) and len(value) == 1 and np.ndim(value[0]) > 0 and hasattr(value[0], "shape"):
            return [as_array(op, what, value[0])]  # Keras takes a list of one array too
        return [as_array(op, what, value)]
    if not isinstance(value, (list, tuple)):
        raise ValueError(
            f"[{op}] {what} must be {len(names)} arrays, for {list(names)}; got {type(value).__name__}; give a list"
        )
    if len(value) != len(names):
        raise ValueError(f"[{op}] {what} must be {len(names)} arrays, for {list(names)}; got {len(value)}; give one for each")
    return [as_array(op, f"{what}[{i}]", item) for i, item in enumerate(value)]


def is_stream(value: object) -> bool:
    """Whether `value` gives batches one by one: a Dataset, a generator, a DataLoader."""
    if isinstance(value, Dataset):
        return True
    if isinstance(value, (list, tuple, Mapping, str, bytes)) or value is None:
        return False
    if any(hasattr(value, name) for name in ("__array__", "__dlpack__", "__array_interface__", "dtype")):
        return False
    return hasattr(value, "__iter__") or (hasattr(value, "__getitem__") and hasattr(value, "__len__"))


class Stream:
    """Batches for C++: begin(epoch), then next() until it gives None.

    endless: whether a pass need not end. recorded: whether a digest of the batches is kept where they are not samebits's own.
    """

    def __init__(
        self,
        op: str,
        source: Any,
        inputs: Sequence[str],
        outputs: Sequence[str],
        seed: int,
        *,
        targets: bool = True,
        endless: bool = False,
        recorded: bool = False,
    ) -> None:
        if not endless and _infinite(source):
            do = "give steps_per_epoch, or take(n) batches" if op == "fit" else "take(n) batches"
            raise ValueError(f"[{op}] a pass over the data must end; got {source!r}; {do}")
        self._op, self._source, self._inputs, self._outputs, self._seed = op, source, inputs, outputs, seed
        self._targets = targets
        self._digest = Digest() if recorded and not (isinstance(source, Dataset) and not source._foreign()) else None
        self._batches: Iterator[Any] | None = None
        self.batches = _known(source)
        self.ended_early = False  # a pass gave no batch: an iterator that has been read to its end
        self._given = 0

    def begin(self, epoch: int) -> None:
        """Start a pass."""
        self._given = 0
        if isinstance(self._source, Dataset):
            self._batches = self._source._batches(epoch, self._seed)
        elif self._batches is None or not isinstance(self._source, Iterator):
            self._batches = iter(_items(self._source))

    def next(self) -> tuple[Arrays, Arrays, npt.NDArray[Any] | None] | None:
        """Return the next batch, None at the end of the pass."""
        assert self._batches is not None
        batch = next(self._batches, None)
        if batch is None:
            self.ended_early |= self._given == 0
            return None
        self._given += 1
        if not self._targets and not isinstance(batch, (tuple, list)):
            batch = (batch,)
        if not isinstance(batch, (tuple, list)) or not 1 <= len(batch) <= 3:
            got = f"{len(batch)} parts" if isinstance(batch, (tuple, list)) else type(batch).__name__
            raise ValueError(f"[{self._op}] a batch is (x, y) or (x, y, sample_weight); got {got}; make it such a tuple")
        x = arrays(self._op, "x", batch[0], self._inputs)
        y = arrays(self._op, "y", batch[1], self._outputs) if self._targets and len(batch) > 1 else []
        weight = as_array(self._op, "sample_weight", batch[2]) if len(batch) == 3 and batch[2] is not None else None
        if self._digest is not None:
            self._digest.update((tuple(x), tuple(y), () if weight is None else weight))
        return x, y, weight

    def digest(self) -> str | None:
        """SHA-256 of the batches so far, where a digest is kept."""
        return None if self._digest is None else self._digest.text()


def _infinite(source: Any) -> bool:
    """Of a Dataset of ours or of TensorFlow's, which count alike."""
    cardinality = getattr(source, "cardinality", None)
    return callable(cardinality) and int(cardinality()) == INFINITE_CARDINALITY


def _known(source: Any) -> int:
    if isinstance(source, Dataset):
        steps = source._known_steps()
        return -1 if steps is None else steps
    try:
        return len(source)
    except (TypeError, NotImplementedError):
        return -1


def _items(source: Any) -> Iterable[Any]:
    """Keras's PyDataset has no __iter__: its items by number."""
    return source if hasattr(source, "__iter__") else (source[i] for i in range(len(source)))
