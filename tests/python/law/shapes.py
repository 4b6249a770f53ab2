"""Hypothesis strategies: calls of kernels at random shapes and values, with more than a fair share of the edges."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from hypothesis import strategies as st

from . import inputs, native
from .conv2d import Conv2D
from .depthwise_conv2d import DepthwiseConv2D
from .max_pool2d import Pool2D

WORK = 150_000  # terms of a case at most: some milliseconds in ref/
# Around the vectors (4, 8, 16 floats), register tiles and lanes; around chunks, segments and blocks.
EDGES = (1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 48, 49, 63, 64, 65, 127, 128, 129)
LONG = (511, 512, 513, 1023, 1024, 1025, 4095, 4096, 4097, 4607, 4608, 4609, 8191, 8192, 8193)

Arrays = list[np.ndarray]


@dataclass(frozen=True)
class Case:
    """A call of kernels. A batch in parts gives the rows of the whole."""

    text: str
    samples: int
    rows: Callable[[int, int], Arrays]  # of samples begin ... end-1: what each sample has for itself
    whole: Callable[[], Arrays] = list  # what is summed over all samples

    def everything(self) -> Arrays:
        return self.rows(0, self.samples) + self.whole()

    def __repr__(self) -> str:
        return self.text


def sizes(most: int, long: bool = False) -> st.SearchStrategy[int]:
    most = max(most, 1)
    edges = [size for size in EDGES + (LONG if long else ()) if size <= most]
    return st.one_of(st.integers(1, min(most, 40)), st.sampled_from(edges))


def _subnormal(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Below 2^-126, either sign, zeros too."""
    return (rng.integers(0, 1 << 23, shape, np.uint32) | (rng.integers(0, 2, shape, np.uint32) << 31)).view(np.float32)


def _large(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Up to 2^127: products and sums overflow."""
    values = rng.uniform(1.0, 2.0, shape) * 2.0 ** rng.integers(55, 127, shape)
    return (values * rng.choice((-1.0, 1.0), shape)).astype(np.float32)


KINDS = (inputs.normal, inputs.wide, inputs.coarse, inputs.tiny, _subnormal, _large)


def _mixed(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """All kinds in one array, mostly ordinary numbers."""
    which = rng.integers(0, 2 * len(KINDS), shape)
    values = KINDS[0](rng, *shape)
    for i, kind in enumerate(KINDS):
        values = np.where(which == i, kind(rng, *shape), values)
    return values.astype(np.float32)


@dataclass
class Values:
    """Arrays of one kind of numbers, all from one seed."""

    kind: Callable[..., np.ndarray]
    rng: np.random.Generator

    def __call__(self, *shape: int) -> np.ndarray:
        return np.ascontiguousarray(self.kind(self.rng, *shape))

    def uniform(self, *shape: int, low: float = 0.0, high: float = 1.0) -> np.ndarray:
        return self.rng.uniform(low, high, shape).astype(np.float32)


@st.composite
def values(draw) -> Values:
    kind = draw(st.sampled_from((*KINDS, inputs.normal, inputs.wide, _mixed, _mixed)))
    return Values(kind, np.random.default_rng(draw(st.integers(0, 2**32 - 1))))


activations = st.sampled_from(native.ACTIVATIONS)


@st.composite
def gemm(draw) -> Case:
    layout = draw(st.sampled_from(native.LAYOUTS))
    k = draw(sizes(9000, long=True))
    m = draw(sizes(WORK // k))
    n = draw(sizes(WORK // (k * m)))
    v, activation, biased = draw(values()), draw(activations), draw(st.booleans())
    a, b = v(*((k, m) if layout == "tn" else (m, k))), v(*((n, k) if layout == "nt" else (k, n)))
    bias = v(n) if biased else None

    def rows(begin: int, end: int) -> Arrays:
        part = a[:, begin:end] if layout == "tn" else a[begin:end]
        return [native.gemm(layout, np.ascontiguousarray(part), b, bias, activation)]

    return Case(f"gemm {layout} m={m} n={n} k={k} {activation} bias={biased} {v.kind.__name__}", m, rows)


@dataclass(frozen=True)
class _Axis:
    """A window along one axis: input size, taps, stride, dilation, zeros before, output size."""

    size: int
    taps: int
    stride: int
    dilation: int
    pad: int
    out: int


@st.composite
def _axis(draw, pooling: bool = False) -> _Axis:
    taps = draw(st.sampled_from((1, 2, 3, 3, 4, 5, 7)))
    stride = draw(st.sampled_from((1, 1, 2, 3)))
    dilation = 1 if pooling or stride > 1 else draw(st.sampled_from((1, 1, 2, 3)))
    extent = (taps - 1) * dilation + 1
    before, after = (draw(st.integers(0, extent - 1 if pooling else extent)) for _ in range(2))
    size = max(draw(sizes(33)), extent - before - after, 1)
    return _Axis(size, taps, stride, dilation, before, (size + before + after - extent) // stride + 1)


def _samples(draw, terms_of_one: int) -> int:
    return draw(sizes(min(40, WORK // max(terms_of_one, 1))))


@st.composite
def conv2d(draw) -> Case:
    h, w = draw(_axis()), draw(_axis())
    window = h.out * w.out * h.taps * w.taps
    c = draw(sizes(min(WORK // window, 600), long=True))
    k = draw(sizes(min(WORK // (window * c), 130)))
    n = _samples(draw, window * c * k)
    v, activation, biased = draw(values()), draw(activations), draw(st.booleans())
    shape = Conv2D(
        n, h.size, w.size, c, k, h.taps, w.taps, h.stride, w.stride, h.pad, w.pad, h.out, w.out, h.dilation, w.dilation
    )
    x, weights, dy = v(n, h.size, w.size, c), v(h.taps, w.taps, c, k), v(n, h.out, w.out, k)
    bias = v(k) if biased else None

    def rows(begin: int, end: int) -> Arrays:
        part = replace(shape, n=end - begin)
        y = native.conv2d_forward(part, x[begin:end], weights, bias, activation)
        return [y, native.conv2d_input_gradient(part, dy[begin:end], weights)]

    def whole() -> Arrays:
        return [native.conv2d_weight_gradient(shape, x, dy)]

    return Case(f"{shape} {activation} bias={biased} {v.kind.__name__}", n, rows, whole)


@st.composite
def winograd(draw) -> Case:
    """3x3 windows, padding up to 2 on each side; whole tiles, parts of them, maps smaller than one."""
    m = draw(st.sampled_from((2, 4)))
    before, after = ([draw(st.integers(0, 2)) for _ in range(2)] for _ in range(2))
    size = [max(draw(sizes(33)), 3 - before[i] - after[i], 1) for i in range(2)]
    out = [size[i] + before[i] + after[i] - 2 for i in range(2)]
    cells = 9 * (out[0] + 3) * (out[1] + 3)
    c = draw(sizes(min(max(WORK // cells, 1), 600), long=True))
    k = draw(sizes(min(max(WORK // (cells * c), 1), 130)))
    n = _samples(draw, cells * c * k)
    v, activation, biased = draw(values()), draw(activations), draw(st.booleans())
    shape = Conv2D(n, *size, c, k, 3, 3, 1, 1, *before, *out)
    x, weights, dy = v(n, *size, c), v(3, 3, c, k), v(n, *out, k)
    bias = v(k) if biased else None

    def rows(begin: int, end: int) -> Arrays:
        part = replace(shape, n=end - begin)
        y = native.winograd_forward(m, part, x[begin:end], weights, bias, activation)
        return [y, native.winograd_input_gradient(m, part, dy[begin:end], weights)]

    def whole() -> Arrays:
        return [native.winograd_weight_gradient(m, shape, x, dy)]

    return Case(f"F({m}) {shape} {activation} bias={biased} {v.kind.__name__}", n, rows, whole)


@st.composite
def depthwise(draw) -> Case:
    h, w = draw(_axis()), draw(_axis())
    window = h.out * w.out * h.taps * w.taps
    c = draw(sizes(min(WORK // window, 130)))
    m = draw(st.sampled_from((1, 1, 2, 3))) if 3 * c * window <= WORK else 1
    n = _samples(draw, window * c * m)
    v, activation, biased = draw(values()), draw(activations), draw(st.booleans())
    shape = DepthwiseConv2D(
        n, h.size, w.size, c, m, h.taps, w.taps, h.stride, w.stride, h.pad, w.pad, h.out, w.out, h.dilation, w.dilation
    )
    x, weights, dy = v(n, h.size, w.size, c), v(h.taps, w.taps, c, m), v(n, h.out, w.out, c * m)
    bias = v(c * m) if biased else None

    def rows(begin: int, end: int) -> Arrays:
        part = replace(shape, n=end - begin)
        y = native.depthwise_conv2d_forward(part, x[begin:end], weights, bias, activation)
        return [y, native.depthwise_conv2d_input_gradient(part, dy[begin:end], weights)]

    def whole() -> Arrays:
        return [native.depthwise_conv2d_weight_gradient(shape, x, dy)]

    return Case(f"{shape} {activation} bias={biased} {v.kind.__name__}", n, rows, whole)


@st.composite
def pooling(draw) -> Case:
    h, w = draw(_axis(pooling=True)), draw(_axis(pooling=True))
    window = h.out * w.out * h.taps * w.taps
    c = draw(sizes(min(WORK // window, 130)))
    n = _samples(draw, window * c)
    v = draw(values())
    shape = Pool2D(n, h.size, w.size, c, h.taps, w.taps, h.stride, w.stride, h.pad, w.pad, h.out, w.out)
    x, dy = v(n, h.size, w.size, c), v(n, h.out, w.out, c)

    def rows(begin: int, end: int) -> Arrays:
        part = replace(shape, n=end - begin)
        y, winner = native.max_pool2d_forward(part, x[begin:end])
        best = [y, winner, native.max_pool2d_gradient(part, dy[begin:end], winner)]
        return [*best, native.avg_pool2d_forward(part, x[begin:end]), native.avg_pool2d_gradient(part, dy[begin:end])]

    return Case(f"{shape} {v.kind.__name__}", n, rows)


@st.composite
def softmax(draw) -> Case:
    cols = draw(sizes(9000, long=True))
    n = draw(sizes(min(WORK // cols, 130)))
    v = draw(values())
    x, dy, y = v(n, cols), v(n, cols), v.uniform(n, cols)

    def rows(begin: int, end: int) -> Arrays:
        return [native.softmax(x[begin:end]), native.softmax_gradient(y[begin:end], dy[begin:end])]

    return Case(f"softmax ({n}, {cols}) {v.kind.__name__}", n, rows)


@st.composite
def normalization(draw) -> Case:
    c = draw(sizes(5000, long=True))
    p, q = draw(sizes(min(WORK // c, 33))), draw(st.integers(1, 3))
    n = draw(sizes(WORK // (c * p * q), long=True))
    v = draw(values())
    x, dy, gamma, beta = v(n, p, q, c), v(n, p, q, c), v(c), v(c)
    running = v(c), v.uniform(c)

    def rows(begin: int, end: int) -> Arrays:
        mean, inv, y, _, _, dx = native.layer_norm(x[begin:end], dy[begin:end], gamma, beta, 1e-3)
        return [mean, inv, y, dx]

    def whole() -> Arrays:
        dgamma, dbeta = native.layer_norm(x, dy, gamma, beta, 1e-3)[3:5]
        return [dgamma, dbeta, *native.batch_norm(x, dy, gamma, beta, 1e-3, 0.99, *running)]

    return Case(f"normalization ({n}, {p}, {q}, {c}) {v.kind.__name__}", n, rows, whole)


@st.composite
def losses(draw, kind: str) -> Case:
    cols = draw(sizes(5000, long=True))
    n = draw(sizes(min(WORK // (4 * cols), 130)))
    v, scale = draw(values()), 1 / draw(sizes(1000))
    sparse = kind in ("softmax_crossentropy", "crossentropy") and draw(st.booleans())
    weighted, smooth = draw(st.booleans()), (0.9, 0.03) if "crossentropy" in kind and draw(st.booleans()) else (1.0, 0.0)
    output = v.uniform(n, cols) if kind in ("crossentropy", "binary_crossentropy") and draw(st.booleans()) else v(n, cols)
    target = v.rng.integers(0, cols, n).astype(np.int32) if sparse else v.uniform(n, cols)
    if not sparse:  # errors of exactly 0 and 1, too
        target = np.where(v.uniform(n, cols) < 0.2, output + v.rng.integers(0, 2, (n, cols)).astype(np.float32), target)
    weight, row_scale = v.uniform(n, high=2.0), v.uniform(n, high=0.1)
    delta = draw(st.sampled_from((0.5, 1.0, 3.0)))

    def rows(begin: int, end: int) -> Arrays:
        part = slice(begin, end)
        weights = (weight[part], row_scale[part]) if weighted else (None, None)
        found = native.loss(kind, output[part], target[part], scale, *weights, smooth=smooth, delta=delta)
        return [array for array in found if array is not None]

    return Case(f"{kind} ({n}, {cols}) sparse={sparse} weighted={weighted} {smooth} {delta} {v.kind.__name__}", n, rows)


@st.composite
def elementwise(draw) -> Case:
    count = draw(sizes(9000, long=True))
    n = draw(sizes(min(WORK // (8 * count), 8)))
    v = draw(values())
    x, dy, y = v(n, count), v(n, count), v.uniform(n, count, low=-1.0)
    step, first, rate = draw(st.integers(0, 2**32 - 1)), draw(st.integers(0, 2**32 - 200)), draw(st.floats(0, 0.99))

    def rows(begin: int, end: int) -> Arrays:
        a, da = x[begin:end], dy[begin:end]
        found = [native.activation_forward(kind, a) for kind in native.ACTIVATIONS]
        found += [native.activation_gradient(kind, y[begin:end], da) for kind in native.ACTIVATIONS]
        for kind in native.ELEMENTWISE:
            numbers = {"slope": 0.3, "threshold": 0.5, "maximum": 6.0, "alpha": 0.7, "scale": 1 / 255, "offset": -0.5}
            found += native.elementwise(kind, a, da, **numbers)
        found.append(native.dropout(rate, 7, 11, step, first + begin, a))
        return [*found, native.add(a, da)]

    return Case(f"elementwise ({n}, {count}) rate={rate} {v.kind.__name__}", n, rows)


@st.composite
def moves(draw) -> Case:
    n, h, w, c = draw(sizes(9)), draw(sizes(17)), draw(sizes(17)), draw(sizes(33))
    p, q = draw(sizes(17)), draw(sizes(17))
    v = draw(values())
    x, fill, bilinear = v(n, h, w, c), draw(st.sampled_from(native.FILLS)), draw(st.booleans())
    places = v.rng.integers(-9, 10, (n, 2)).tolist()
    mirrors, parts = v.rng.integers(0, 2, (n, 2)).tolist(), v.uniform(n, 2).tolist()

    def rows(begin: int, end: int) -> Arrays:
        some = range(begin, end)
        placed = native.place2d(x[begin:end], p, q, [(*places[i], *mirrors[i]) for i in some])
        shifts = [(*places[i], *parts[i]) for i in some]
        return [placed, native.translate2d(x[begin:end], shifts, fill, 0.25, bilinear)]

    return Case(f"moves ({n}, {h}, {w}, {c}) to ({p}, {q}) {fill} bilinear={bilinear} {v.kind.__name__}", n, rows)


def _updates(v: Values, count: int) -> Iterator[np.ndarray]:
    w, g, m, second = v(count), v(count), v(count), v.uniform(count)
    for momentum, nesterov in ((0.0, False), (0.9, False), (0.9, True)):
        slot = m if momentum else None
        rms = native.rms_prop(0.01, 0.9, 0.1, momentum, 1e-7, w, g, second, slot)
        found = *native.sgd(0.01, momentum, nesterov, w, g, slot), *rms
        yield from (array for array in found if array is not None)
    yield from native.adam(0.001, 0.1, 0.001, 1e-7, w, g, m, second)
    yield native.weight_decay(0.004, 0.01, w)
    yield native.scale_gradient(0.3, g)
    yield native.clip_gradient(0.5, g)
    for l1, l2 in ((0.01, 0.0), (0.0, 0.01), (0.1, 0.2)):
        yield native.penalty_gradient(l1, l2, w, g)


@st.composite
def updates(draw) -> Case:
    count, v = draw(sizes(9000, long=True)), draw(values())
    state = v.rng.bit_generator.state

    def whole() -> Arrays:
        v.rng.bit_generator.state = state
        return list(_updates(v, count))

    return Case(f"updates ({count}) {v.kind.__name__}", 0, lambda begin, end: [], whole)


@st.composite
def sums(draw) -> Case:
    count, v = draw(sizes(9000, long=True)), draw(values())
    p, q = draw(sizes(33)), draw(sizes(33))
    n = draw(sizes(min(WORK // (p * q), 600), long=True))
    cols = draw(sizes(min(WORK // (n * p * q), 130)))
    row, table = v(count), v(n * p * q, cols)
    non_finite = row.copy()
    non_finite[v.rng.integers(0, count)] = v.rng.choice(np.array([np.nan, np.inf, -np.inf, 1.0], np.float32))

    def whole() -> Arrays:
        found = [native.lane_sum(row, kind) for kind in ("lane_sum", "abs_sum", "square_sum")]
        found += [native.column_sum(table), native.column_sum(table, (n, p, q))]
        return [*found, np.array([native.first_non_finite(non_finite)], np.float32)]

    return Case(f"sums of {count}; ({n}, {p}, {q}, {cols}) {v.kind.__name__}", 0, lambda begin, end: [], whole)


CASES = {
    "gemm": gemm(),
    "conv2d": conv2d(),
    "winograd": winograd(),
    "depthwise": depthwise(),
    "pooling": pooling(),
    "softmax": softmax(),
    "normalization": normalization(),
    **{kind: losses(kind) for kind in native.LOSSES},
    "elementwise": elementwise(),
    "moves": moves(),
    "updates": updates(),
    "sums": sums(),
}
BY_SAMPLE = [name for name in CASES if name not in ("updates", "sums")]
