"""samebits.data.Dataset against plain lists and NumPy; the order of shuffle against the law."""

import gc
import itertools
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import samebits as sb
from law import philox
from samebits.data import AUTOTUNE, INFINITE_CARDINALITY, UNKNOWN_CARDINALITY, ArraySpec, Dataset

SIZES = st.integers(0, 40)


def numbers(dataset: Dataset) -> list[int]:
    return [int(x) for x in dataset]


def same(a: Any, b: Any) -> bool:
    """Equal structures, types, shapes and values."""
    if isinstance(a, tuple):
        return isinstance(b, tuple) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return isinstance(b, dict) and list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    return np.shape(a) == np.shape(b) and a.dtype == b.dtype and np.array_equal(a, b)


# Sources.


def test_slices_are_rows() -> None:
    x, y = np.arange(12.0).reshape(3, 2, 2), np.array([1, 2, 3], np.uint8)
    found = list(Dataset.from_tensor_slices((x, {"y": y, "z": [True, False, True]})))
    assert len(found) == 3
    for i, element in enumerate(found):
        assert same(element, (x[i], {"y": y[i], "z": np.bool_(i != 1)}))
    assert [list(a) for a in Dataset.from_tensor_slices(x[0])] == [[0.0, 1.0], [2.0, 3.0]]


def test_slices_are_not_copied_and_cannot_be_written() -> None:
    x = np.zeros((2, 3))
    (row, *_) = Dataset.from_tensor_slices(x)
    assert np.shares_memory(row, x) and x.flags.writeable
    with pytest.raises(ValueError, match="read-only"):
        row += 1
    for dataset in (Dataset.from_tensor_slices(x), Dataset.from_tensor_slices(x).batch(2)):
        cached = dataset.cache()
        for _ in range(2):
            (first, *_) = cached
            with pytest.raises(ValueError, match="read-only"):
                first += 1


class OnlyDlpack:
    """A tensor of another library: nothing but DLPack."""

    def __init__(self, array: np.ndarray[Any, Any]) -> None:
        self._array = array

    def __dlpack__(self, **options: Any) -> Any:
        return self._array.__dlpack__(**options)

    def __dlpack_device__(self) -> tuple[int, int]:
        return self._array.__dlpack_device__()


class OnlyArray:
    def __init__(self, array: np.ndarray[Any, Any]) -> None:
        self._array = array

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray[Any, Any]:
        return self._array


@pytest.mark.parametrize("tensor", [OnlyDlpack, OnlyArray])
def test_tensors_of_other_libraries(tensor: Callable[..., Any]) -> None:
    x = np.arange(6, dtype=np.float32).reshape(3, 2)
    assert all(map(same, Dataset.from_tensor_slices(tensor(x)), x))
    assert all(map(same, Dataset.from_iterable([tensor(x), tensor(x)]), [x, x]))
    assert all(map(same, Dataset.range(2).map(lambda i: tensor(x)), [x, x]))


class Loader:
    """As a torch DataLoader: lists of tensors, a length, a new iterator each time."""

    def __init__(self, batches: int, *, known: bool = True) -> None:
        self.batches, self.known, self.passes = batches, known, 0

    def __iter__(self) -> Iterator[list[OnlyArray]]:
        self.passes += 1
        for i in range(self.batches):
            yield [OnlyArray(np.full((4, 3), i, np.float32)), OnlyArray(np.arange(4))]

    def __len__(self) -> int:
        if not self.known:
            raise TypeError("length unknown")
        return self.batches


def test_loaders_are_iterated_anew() -> None:
    loader = Loader(3)
    dataset = Dataset.from_iterable(loader)
    assert len(dataset) == 3 and loader.passes == 0
    for passes in (1, 2):
        found = list(dataset)
        assert loader.passes == passes
        assert all(same(found[i], (np.full((4, 3), i, np.float32), np.arange(4))) for i in range(3))
    assert Dataset.from_iterable(Loader(3, known=False)).cardinality() == UNKNOWN_CARDINALITY
    assert Dataset.from_iterable(dataset) is dataset
    assert len(list(dataset.unbatch())) == 12


def test_generators_are_called_anew() -> None:
    def generator(stop: int) -> Iterator[tuple[int, float]]:
        yield from ((i, i / 2) for i in range(stop))

    dataset = Dataset.from_generator(generator, args=(3,))
    for _ in range(2):
        assert [(int(i), float(x)) for i, x in dataset] == [(0, 0.0), (1, 0.5), (2, 1.0)]
    signature = (ArraySpec((), np.dtype(np.int32)), ArraySpec((), np.dtype(np.float32)))
    signed = Dataset.from_generator(generator, signature, args=(3,))
    assert signed.element_spec == signature
    assert [(i.dtype, x.dtype) for i, x in signed] == [(np.int32, np.float32)] * 3
    for wrong in (signature[0], (signature[1], signature[0]), (signature[0], ArraySpec((None,), np.dtype(np.float32)))):
        with pytest.raises(ValueError, match="output_signature"):
            list(Dataset.from_generator(generator, wrong, args=(3,)))
    rows = Dataset.from_generator(lambda: [np.zeros((n, 2)) for n in (1, 3)], ArraySpec((None, 2), np.dtype(float)))
    assert [x.shape for x in rows] == [(1, 2), (3, 2)]


@pytest.mark.parametrize("args", [(5,), (2, 5), (5, 0, -2), (3, 3)])
def test_range(args: tuple[int, ...]) -> None:
    assert numbers(Dataset.range(*args)) == list(range(*args))
    assert len(Dataset.range(*args)) == len(range(*args))
    assert Dataset.range(*args).element_spec == ArraySpec((), np.dtype(np.int64))


def test_zip_and_concatenate() -> None:
    a, b = Dataset.range(3), Dataset.range(10, 15)
    for zipped in (Dataset.zip(a, b), Dataset.zip((a, b))):
        assert [(int(i), int(j)) for i, j in zipped] == [(0, 10), (1, 11), (2, 12)]
        assert len(zipped) == 3
    nested = Dataset.zip({"a": a, "bc": (b, a)})
    assert same(list(nested)[1], {"a": np.int64(1), "bc": (np.int64(11), np.int64(1))})
    assert list(nested.element_spec) == ["a", "bc"]
    assert numbers(a.concatenate(b).concatenate(a)) == [0, 1, 2, 10, 11, 12, 13, 14, 0, 1, 2]
    assert len(a.concatenate(b)) == 8


# Transformations.


@given(n=SIZES, size=st.integers(1, 9), drop=st.booleans())
def test_batch(n: int, size: int, drop: bool) -> None:
    x, y = np.arange(3 * n, dtype=np.float32).reshape(n, 3), np.arange(n)
    dataset = Dataset.from_tensor_slices((x, {"y": y})).batch(size, drop_remainder=drop)
    want = [(x[i : i + size], {"y": y[i : i + size]}) for i in range(0, n - n % size if drop else n, size)]
    found = list(dataset)
    assert len(found) == len(want) == len(dataset) and all(map(same, found, want))
    assert dataset.element_spec[0] == ArraySpec((size if drop else None, 3), np.dtype(np.float32))
    rows = list(dataset.unbatch())
    assert all(map(same, rows, [(x[i], {"y": y[i]}) for i in range(len(rows))]))
    assert len(rows) == sum(len(b[0]) for b in want)


@given(n=SIZES, first=st.integers(-1, 50), most=st.integers(-1, 50), times=st.integers(0, 3))
def test_take_skip_repeat(n: int, first: int, most: int, times: int) -> None:
    want = list(range(n))
    for dataset, expected in (
        (Dataset.range(n).skip(first), [] if first == -1 else want[first:]),
        (Dataset.range(n).take(most), want if most == -1 else want[:most]),
        (Dataset.range(n).repeat(times), want * times),
        (Dataset.range(n).repeat().take(50), list(itertools.islice(itertools.cycle(want), 50))),
    ):
        assert numbers(dataset) == expected
        assert len(expected) == dataset.cardinality() or dataset.cardinality() == INFINITE_CARDINALITY


def test_map_and_filter_take_tuples_as_arguments() -> None:
    pairs = Dataset.range(4).map(lambda i: (i, {"square": i * i}))
    assert same(list(pairs)[3], (np.int64(3), {"square": np.int64(9)}))
    odd = pairs.filter(lambda i, more: i % 2 == 1).map(lambda i, more: more)
    assert [int(element["square"]) for element in odd] == [1, 9]
    assert numbers(odd.map(lambda more: more["square"], num_parallel_calls=AUTOTUNE)) == [1, 9]
    assert same(next(iter(Dataset.range(1).map(lambda i: [1.5, i]))), np.array([1.5, 0.0]))
    assert next(iter(Dataset.range(1).map(lambda i: "text"))) == "text"


def test_enumerate() -> None:
    assert [(int(i), int(x)) for i, x in Dataset.range(5, 7).enumerate(start=3)] == [(3, 5), (4, 6)]


def test_cache_runs_what_is_before_once() -> None:
    calls = []
    dataset = Dataset.range(5).map(lambda i: (calls.append(int(i)), i)[1]).cache()
    assert numbers(dataset.take(2)) == [0, 1] and len(calls) <= 3  # not to the end: nothing is kept
    calls.clear()
    for _ in range(3):
        assert numbers(dataset) == list(range(5))
    assert calls == list(range(5))


def test_cache_keeps_the_order_of_the_first_pass_whenever_it_was_filled() -> None:
    def make() -> Dataset:
        return Dataset.range(20).shuffle(20).cache()

    late, early = make(), make()
    first = [int(x) for x in early._iterate(0, 7)]
    assert [int(x) for x in late._iterate(5, 7)] == first == [int(x) for x in early._iterate(3, 7)]
    assert [int(x) for x in early._iterate(0, 8)] != first
    assert [int(x) for x in early._iterate(0, 7)] == first


@pytest.mark.parametrize("size", [0, 1, 3, 100, AUTOTUNE])
def test_prefetch_changes_nothing(size: int) -> None:
    dataset = Dataset.range(30).shuffle(7, seed=1).batch(4)
    assert all(map(same, dataset.prefetch(size), list(Dataset.range(30).shuffle(7, seed=1).batch(4))))
    assert len(dataset.prefetch(size)) == 8


def prefetching() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "samebits-prefetch"]


def test_prefetch_ends_with_its_iterator() -> None:
    made = []
    iterator = iter(Dataset.range(1000).map(lambda i: (made.append(i), i)[1]).prefetch(3))
    assert next(iterator) == 0 and len(prefetching()) == 1
    deadline = time.monotonic() + 10
    while len(made) < 4 and time.monotonic() < deadline:
        time.sleep(0.001)
    time.sleep(0.02)
    assert len(made) == 4  # one given, three ready
    del iterator
    gc.collect()
    assert prefetching() == []
    nested = Dataset.range(100).prefetch(2).batch(3).prefetch(2).take(2)
    assert [len(batch) for batch in nested] == [3, 3]
    gc.collect()
    assert prefetching() == []


def test_prefetch_raises_where_elements_are_asked_for() -> None:
    def broken(i: int) -> int:
        if i == 3:
            raise KeyError("three")
        return i

    found = []
    with pytest.raises(KeyError, match="three"):
        found.extend(iter(Dataset.range(9).map(broken).prefetch(2)))
    iterator = iter(Dataset.range(9).map(broken).prefetch(5))
    assert [int(next(iterator)) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(KeyError):
        next(iterator)
    with pytest.raises(StopIteration):
        next(iterator)
    del iterator
    assert prefetching() == []


# The order of shuffle.


@given(n=SIZES, size=st.integers(1, 50), seed=st.integers(0, 2**64 - 1), epoch=st.integers(0, 2**32))
def test_shuffle_is_the_laws(n: int, size: int, seed: int, epoch: int) -> None:
    found = [int(x) for x in Dataset.range(n).shuffle(size)._iterate(epoch, seed)]
    assert found == philox.buffered(range(n), size, epoch % 2**32, seed)
    assert sorted(found) == list(range(n))
    # A buffer of n lets an element out at most n - 1 places early.
    assert all(place >= value - size + 1 for place, value in enumerate(found))


def test_more_picks_than_are_drawn_at_a_time() -> None:
    found = [int(x) for x in Dataset.range(700).shuffle(33)._iterate(1, 7)]
    assert found == philox.buffered(range(700), 33, 1, 7)


def test_each_pass_shuffles_anew_and_the_same_seed_the_same() -> None:
    dataset, again = Dataset.range(30).shuffle(30), Dataset.range(30).shuffle(30)
    first, second = numbers(dataset), numbers(dataset)
    assert first != second
    assert [numbers(again), numbers(again)] == [first, second]
    assert first == philox.buffered(range(30), 30, 0, 0) and second == philox.buffered(range(30), 30, 1, 0)
    fixed = Dataset.range(30).shuffle(30, reshuffle_each_iteration=False)
    assert [numbers(fixed), numbers(fixed)] == [first, first]
    sb.utils.set_random_seed(5)
    try:
        assert numbers(Dataset.range(30).shuffle(30)) == philox.buffered(range(30), 30, 0, 5)
        own = Dataset.range(30).shuffle(30, seed=9)
        assert numbers(own) == philox.buffered(range(30), 30, 0, 9)
    finally:
        sb.utils.set_random_seed(0)
    assert numbers(own) == philox.buffered(range(30), 30, 1, 9)


def test_repeat_shuffles_anew() -> None:
    passes = [philox.buffered(range(12), 5, epoch, 0) for epoch in range(6)]
    thrice = Dataset.range(12).shuffle(5).repeat(3)
    assert numbers(thrice) == [*passes[0], *passes[1], *passes[2]]
    assert numbers(thrice) == [*passes[3], *passes[4], *passes[5]]
    forever = Dataset.range(12).shuffle(5).repeat()
    assert numbers(forever.take(30)) == [*passes[0], *passes[1], *passes[2]][:30]
    assert [int(x) for x in itertools.islice(forever._iterate(2, 0), 24)] == passes[2] + passes[3]


def test_two_shuffles_draw_apart() -> None:
    a, b = Dataset.range(40).shuffle(40), Dataset.range(40).shuffle(40)
    left, right = zip(*((int(i), int(j)) for i, j in Dataset.zip(a, b)))
    assert list(left) == philox.buffered(range(40), 40, 0, 0, "dataset")
    assert list(right) == philox.buffered(range(40), 40, 0, 0, "dataset_1")
    inner = philox.buffered(range(40), 10, 0, 0, "dataset")
    assert numbers(Dataset.range(40).shuffle(10).shuffle(9)) == philox.buffered(inner, 9, 0, 0, "dataset_1")
    assert all(i == j for i, j in Dataset.zip(a, a))  # one shuffle, used twice
    seeded = Dataset.zip(Dataset.range(40).shuffle(40, seed=3), Dataset.range(40).shuffle(40, seed=3))
    assert all(i == j for i, j in seeded)


# What a data set tells.


def test_cardinality() -> None:
    d = Dataset.range(10)
    unknown, infinite = d.filter(lambda x: x > 3), d.repeat()
    assert [x.cardinality() for x in (d, d.shuffle(3), d.cache(), d.prefetch(1), d.enumerate(), d.map(abs))] == [10] * 6
    assert [x.cardinality() for x in (d.batch(4), d.batch(4, True), d.take(3), d.skip(3), d.repeat(3))] == [3, 2, 3, 7, 30]
    for x in (
        unknown,
        unknown.batch(2),
        unknown.take(3),
        unknown.skip(1),
        unknown.repeat(2),
        d.unbatch(),
        d.concatenate(unknown),
    ):
        assert x.cardinality() == UNKNOWN_CARDINALITY
        assert x._known_steps() is None
        with pytest.raises(TypeError, match="unknown length"):
            len(x)
    for x in (infinite, infinite.batch(2), infinite.skip(5), infinite.shuffle(3), unknown.repeat(), d.concatenate(infinite)):
        assert x.cardinality() == INFINITE_CARDINALITY
        with pytest.raises(TypeError, match="infinite"):
            len(x)
    assert infinite.take(4)._known_steps() == 4 == Dataset.zip(infinite, d.take(4)).cardinality()
    assert Dataset.zip(infinite, infinite).cardinality() == INFINITE_CARDINALITY
    assert Dataset.zip(unknown, infinite).cardinality() == UNKNOWN_CARDINALITY
    assert [x.cardinality() for x in (d.take(0).repeat(), unknown.repeat(0), infinite.take(0), unknown.take(0))] == [0] * 4
    assert numbers(d.take(0).repeat()) == []
    assert unknown and d.take(0)  # a data set is true, as in tf.data


def test_element_spec() -> None:
    f4, i8 = np.dtype(np.float32), np.dtype(np.int64)
    d = Dataset.from_tensor_slices((np.zeros((9, 4), np.float32), np.arange(9)))
    pair = (ArraySpec((4,), f4), ArraySpec((), i8))
    for same_spec in (
        d,
        d.shuffle(3),
        d.take(1),
        d.skip(1),
        d.repeat(),
        d.filter(lambda x, y: y > 0),
        d.cache(),
        d.prefetch(2),
    ):
        assert same_spec.element_spec == pair
    assert d.batch(4).element_spec == (ArraySpec((None, 4), f4), ArraySpec((None,), i8))
    assert d.batch(4).unbatch().element_spec == pair == d.concatenate(d).element_spec
    assert d.enumerate().element_spec == (ArraySpec((), i8), pair)
    assert d.map(lambda x, y: {"x": x[:2]}).element_spec == {"x": ArraySpec((2,), f4)}
    counted = d.shuffle(9)
    assert counted.map(lambda x, y: y).element_spec == ArraySpec((), i8)
    assert [int(y) for _, y in counted] == philox.buffered(range(9), 9, 0, 0)  # asking was no pass
    with pytest.raises(ValueError, match="needs an element"):
        Dataset.range(0).map(abs).element_spec  # noqa: B018


def test_digest_is_that_of_the_last_whole_pass_and_only_of_maps() -> None:
    plain = Dataset.range(6).shuffle(3).batch(2)
    assert list(plain) and plain.digest() is None
    mapped = Dataset.range(6).map(lambda i: i * 0.5).batch(2).prefetch(1)
    assert mapped.digest() is None
    next(iter(mapped))
    assert mapped.digest() is None
    digests = set()
    for _ in range(2):
        list(mapped)
        digests.add(mapped.digest())
    assert len(digests) == 1
    # By hand: each element's description, a zero byte, its bytes.
    import hashlib

    text = b"".join(b"float64 (2,)\0" + np.array([i, i + 0.5]).tobytes() for i in range(3))
    assert digests == {"sha256:" + hashlib.sha256(text).hexdigest()}
    one_ulp = Dataset.range(6).map(lambda i: np.nextafter(i * 0.5, 9) if i == 5 else i * 0.5).batch(2)
    list(one_ulp)
    assert one_ulp.digest() not in digests


def test_batches_for_fit() -> None:
    d = Dataset.from_tensor_slices((np.zeros((5, 2)), np.arange(5), np.ones(5))).batch(2)
    assert [len(batch) for batch in d._batches(0, 7)] == [3, 3, 3] and d._known_steps() == 3
    assert [[a.shape for a in batch] for batch in Dataset.range(3).batch(2)._batches(0, 7)] == [[(2,)], [(1,)]]
    named = Dataset.from_tensor_slices(({"a": np.zeros((4, 1))}, np.arange(4))).batch(4)
    ((x, y),) = named._batches(0, 7)
    assert list(x) == ["a"] and y.tolist() == [0, 1, 2, 3]
    with pytest.raises(ValueError, match=r"\[Dataset\] a batch is x, \(x, y\) or \(x, y, sample_weight\); got "):
        list(Dataset.range(1).map(lambda i: (i, i, i, i))._batches(0, 0))
    shuffled = Dataset.range(9).shuffle(9)
    assert [int(x) for (x,) in shuffled._batches(4, 7)] == philox.buffered(range(9), 9, 4, 7)
    assert numbers(shuffled) == philox.buffered(range(9), 9, 0, 0)  # fit's passes are not counted


# What is refused.

R = Dataset.range(4)
PAIR = Dataset.from_tensor_slices((np.zeros((4, 2)), np.zeros(4)))
REFUSED: list[tuple[type[Exception], str, str, Callable[[], Any]]] = [
    (TypeError, "Dataset", "from_tensor_slices", lambda: Dataset([1])),
    (
        ValueError,
        "Dataset.from_tensor_slices",
        r"int64 \(3,\).*int64 \(2,\)",
        lambda: Dataset.from_tensor_slices(([1, 2, 3], [1, 2])),
    ),
    (ValueError, "Dataset.from_tensor_slices", r"int64 \(\)", lambda: Dataset.from_tensor_slices(3)),
    (ValueError, "Dataset.from_tensor_slices", r"\(\)", lambda: Dataset.from_tensor_slices(())),
    (ValueError, "Dataset.from_tensor_slices", "inhomogeneous", lambda: Dataset.from_tensor_slices([[1], [1, 2]])),
    (TypeError, "Dataset.from_tensor_slices", "NoneType", lambda: Dataset.from_tensor_slices(None)),
    (TypeError, "Dataset.from_tensor_slices", "MaskedArray", lambda: Dataset.from_tensor_slices(np.ma.masked_array([1, 2]))),
    (TypeError, "Dataset.from_generator", "pass the function", lambda: Dataset.from_generator(iter([1]))),  # type: ignore[arg-type]
    (TypeError, "Dataset.from_generator", "ArraySpec", lambda: Dataset.from_generator(list, np.float32)),
    (TypeError, "Dataset.from_iterable", "list_iterator", lambda: Dataset.from_iterable(iter([1]))),
    (TypeError, "Dataset.from_iterable", "int", lambda: Dataset.from_iterable(3)),  # type: ignore[arg-type]
    (TypeError, "Dataset.from_iterable", "object", lambda: list(Dataset.from_iterable([object()]))),
    (ValueError, "Dataset.range", "step", lambda: Dataset.range()),
    (ValueError, "Dataset.range", "step", lambda: Dataset.range(1, 2, 0)),
    (TypeError, "Dataset.range", "2.5", lambda: Dataset.range(2.5)),  # type: ignore[arg-type]
    (TypeError, "Dataset.zip", "int", lambda: Dataset.zip(R, 3)),
    (TypeError, "Dataset.zip", "none", lambda: Dataset.zip()),
    (TypeError, "Dataset.concatenate", "list", lambda: R.concatenate([1])),  # type: ignore[arg-type]
    (ValueError, "Dataset.shuffle", "buffer_size=0", lambda: R.shuffle(0)),
    (TypeError, "Dataset.shuffle", "buffer_size=2.0", lambda: R.shuffle(2.0)),  # type: ignore[arg-type]
    (ValueError, "Dataset.shuffle", "seed=-1", lambda: R.shuffle(2, seed=-1)),
    (TypeError, "Dataset.shuffle", "reshuffle", lambda: R.shuffle(2, reshuffle_each_iteration=1)),  # type: ignore[arg-type]
    (ValueError, "Dataset.batch", "batch_size=0", lambda: R.batch(0)),
    (TypeError, "Dataset.batch", "batch_size=True", lambda: R.batch(True)),
    (ValueError, "Dataset.batch", "num_parallel_calls=0", lambda: R.batch(2, num_parallel_calls=0)),
    (ValueError, "Dataset.map", "num_parallel_calls=-2", lambda: R.map(abs, num_parallel_calls=-2)),
    (TypeError, "Dataset.map", "map_func=3", lambda: R.map(3)),  # type: ignore[arg-type]
    (TypeError, "Dataset.map", "NoneType", lambda: list(R.map(lambda i: None))),
    (TypeError, "Dataset.filter", "predicate=None", lambda: R.filter(None)),  # type: ignore[arg-type]
    (TypeError, "Dataset.filter", "int64", lambda: list(R.filter(lambda i: i))),
    (TypeError, "Dataset.filter", r"bool \(2,\)", lambda: list(R.filter(lambda i: np.array([True, True])))),
    (ValueError, "Dataset.take", "count=-2", lambda: R.take(-2)),
    (ValueError, "Dataset.skip", "count=-2", lambda: R.skip(-2)),
    (ValueError, "Dataset.repeat", "count=-2", lambda: R.repeat(-2)),
    (ValueError, "Dataset.prefetch", "buffer_size=-2", lambda: R.prefetch(-2)),
    (ValueError, "Dataset.unbatch", r"int64 \(\)", lambda: list(R.unbatch())),
    (ValueError, "Dataset.unbatch", r"\(2,\).*\(\)", lambda: list(PAIR.unbatch())),
    (ValueError, "Dataset.batch", r"\(0,\) and .*\(1,\)", lambda: list(R.map(lambda i: np.zeros(i)).batch(2))),
    (ValueError, "Dataset.batch", "structure", lambda: list(R.concatenate(PAIR).batch(8))),
    (ValueError, "Dataset.batch", "float64.*int64", lambda: list(R.map(lambda i: i if i else 0.5).batch(8))),
    (NotImplementedError, "Dataset.padded_batch", "padded_batch|method", lambda: R.padded_batch),  # type: ignore[attr-defined]
    *(
        (NotImplementedError, f"Dataset.{name}", "not implemented yet", lambda n=name: getattr(Dataset, n))
        for name in ["from_tensors", "list_files", "random", "choose_from_datasets", "sample_from_datasets", "counter", "load"]
    ),
]


@pytest.mark.parametrize(("error", "op", "words", "call"), REFUSED, ids=[f"{i}-{row[1]}" for i, row in enumerate(REFUSED)])
def test_refused(error: type[Exception], op: str, words: str, call: Callable[[], Any]) -> None:
    with pytest.raises(error, match=rf"^\[{op}\] .+; got (.|\n)*") as caught:
        call()
    assert caught.type is error
    caught.match(words)


def test_unknown_names() -> None:
    with pytest.raises(AttributeError, match="no attribute 'shufle'; did you mean \"shuffle\""):
        R.shufle(3)  # type: ignore[attr-defined]
    with pytest.raises(AttributeError, match=r"no attribute 'rang'; did you mean .range."):
        Dataset.rang(3)  # type: ignore[attr-defined]
    with pytest.raises(AttributeError, match=r"no attribute '_shufle'$"):
        R._shufle(3)  # type: ignore[attr-defined]
    assert repr(R) == "<Dataset of 4 elements>" and repr(R.repeat()) == "<Dataset of infinitely many elements>"
