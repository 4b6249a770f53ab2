"""Random shapes and values, by hypothesis: every instruction set and several threads give the bits of ref/.

A batch in two parts gives the rows of the whole: convolutions, pooling, softmax, layer normalization, rows of losses, dropout
and augmentation; and so do predictions of whole models, whatever their batch size. Weight gradients are sums over the whole
batch; a training step in parts is not there yet (docs/numerics.md, 11.2). SAMEBITS_LONG=1 draws many more, new ones each time.
"""

import os
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import samebits as sb
from law import native, shapes
from law.shapes import Case

LONG = os.environ.get("SAMEBITS_LONG") == "1"
FEW = settings(
    max_examples=1000 if LONG else 60,
    derandomize=not LONG,
    database=None,
    deadline=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)
THREADS = (1, 2, 3, 8)


def bits(array: np.ndarray) -> np.ndarray:
    """Every NaN counts as the one NaN: which one comes out of an operation is not part of the law."""
    if array.dtype != np.float32:
        return array
    return np.where(np.isnan(array), np.float32(np.nan), array).view(np.uint32)


def check(got: list[np.ndarray], want: list[np.ndarray], where: str) -> None:
    assert len(got) == len(want)
    for i, (a, b) in enumerate(zip(got, want)):
        wrong = np.argwhere(bits(a) != bits(b))
        first = tuple(wrong[0]) if len(wrong) else ()
        assert not len(wrong), f"{where}: result {i}, {len(wrong)} of {a.size} differ, first {first}: {a[first]!r} {b[first]!r}"


@pytest.mark.parametrize("kernel", shapes.CASES)
def test_every_instruction_set_is_the_reference(kernel: str) -> None:
    @FEW
    @given(shapes.CASES[kernel], st.sampled_from(THREADS))
    def test(case: Case, threads: int) -> None:
        with native.on("reference", threads):
            want = case.everything()
        for isa in native.isas():
            with native.on(isa, threads):
                check(case.everything(), want, isa)

    with np.errstate(all="ignore"):
        test()


@pytest.mark.parametrize("kernel", shapes.BY_SAMPLE)
def test_a_batch_in_parts_is_the_whole(kernel: str) -> None:
    @FEW
    @given(shapes.CASES[kernel], st.sampled_from(native.isas()), st.sampled_from(THREADS), st.floats(0, 1))
    def test(case: Case, isa: str, threads: int, share: float) -> None:
        cut = int(share * case.samples)
        with native.on(isa, threads):
            parts = [case.rows(begin, end) for begin, end in ((0, cut), (cut, case.samples)) if begin < end]
            check([np.concatenate(arrays) for arrays in zip(*parts)], case.rows(0, case.samples), f"{isa}, cut at {cut}")

    with np.errstate(all="ignore"):
        test()


# --- whole models -------------------------------------------------------------------------------------------------------------

L = sb.layers


@pytest.fixture(autouse=True)
def same_settings() -> Iterator[None]:
    before = sb.runtime.info()
    yield
    sb.runtime.configure(threads=int(before["threads"]), isa=before["isa"])  # type: ignore[arg-type, call-overload]


@st.composite
def descriptions(draw: Any) -> dict[str, Any]:
    """What model() makes a model of: data of some shape, a few layers, an optimizer."""
    kinds = ("conv", "separable", "depthwise", "norm", "layer_norm", "pool", "average", "gelu", "drop", "flip")
    return {
        "shape": (draw(shapes.sizes(9)), draw(shapes.sizes(9)), draw(shapes.sizes(9))),
        "samples": draw(shapes.sizes(40)),
        "batch": draw(shapes.sizes(20)),
        "blocks": [(kind, draw(shapes.sizes(17))) for kind in draw(st.lists(st.sampled_from(kinds), max_size=4))],
        "head": draw(st.sampled_from(("flatten", "global_average", "global_max"))),
        "classes": draw(st.integers(2, 33)),
        "optimizer": draw(st.sampled_from(("sgd", "adam", "adamw", "rmsprop"))),
        "seed": draw(st.integers(0, 2**32)),
    }


def model(d: dict[str, Any]) -> sb.Sequential:
    layers: dict[str, Any] = {
        "conv": lambda size: L.Conv2D(size, 3, padding="same", activation="relu"),
        "separable": lambda size: L.SeparableConv2D(size, 2, padding="same", activation="silu"),
        "depthwise": lambda size: L.DepthwiseConv2D(3, padding="same", activation="tanh"),
        "norm": lambda size: L.BatchNormalization(momentum=0.9),
        "layer_norm": lambda size: L.LayerNormalization(),
        "pool": lambda size: L.MaxPooling2D(2, padding="same"),
        "average": lambda size: L.AveragePooling2D(2, padding="same"),
        "gelu": lambda size: L.Activation("gelu"),
        "drop": lambda size: L.Dropout(0.3),
        "flip": lambda size: L.RandomFlip(),
        "flatten": L.Flatten,
        "global_average": L.GlobalAveragePooling2D,
        "global_max": L.GlobalMaxPooling2D,
    }
    chain = [L.InputLayer(d["shape"]), *(layers[kind](size) for kind, size in d["blocks"]), layers[d["head"]]()]
    made = sb.Sequential([*chain, L.Dense(d["classes"], activation="softmax")], seed=d["seed"])
    made.compile(d["optimizer"], "sparse_categorical_crossentropy")
    return made


def data(d: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(d["seed"])
    x = random.standard_normal((d["samples"], *d["shape"])).astype(np.float32)
    return x, random.integers(0, d["classes"], d["samples"])


@FEW
@given(descriptions())
def test_random_models_train_alike_everywhere(d: dict[str, Any]) -> None:
    """Two steps, or one where there is one sample."""
    (x, y), found = data(d), set()
    for isa in str(sb.runtime.info()["isas"]).split(", "):
        for threads in (1, 3):
            sb.runtime.configure(isa=isa, threads=threads)  # type: ignore[arg-type]
            made = model(d)
            history = made.fit(x, y, batch_size=-(-len(x) // 2), verbose=0).history
            found.add((made.digest(), float(history["loss"][0]).hex(), made.predict(x, verbose=0).tobytes()))
    assert len(found) == 1


@FEW
@given(descriptions(), shapes.sizes(40))
def test_a_prediction_does_not_depend_on_its_batch(d: dict[str, Any], other: int) -> None:
    x, y = data(d)
    made = model(d)
    made.fit(x, y, batch_size=d["batch"], verbose=0)
    one_by_one = np.concatenate([made.predict(x[i : i + 1], verbose=0) for i in range(len(x))])
    for batch in (other, len(x)):
        assert made.predict(x, batch_size=batch, verbose=0).tobytes() == one_by_one.tobytes()
