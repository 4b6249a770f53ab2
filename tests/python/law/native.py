"""The compiled kernels (tests/cpp/law/law_abi.cpp), arrays in and out: those of ref/, inside on() another instruction set's."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import CDLL, c_char_p, c_double, c_float, c_int, c_int64, c_uint32, c_uint64, c_void_p
from functools import cache
from pathlib import Path

import numpy as np

REFERENCE = 0
ISAS = ("reference", "generic", "avx2", "avx512", "neon")  # as law_abi.cpp numbers them
ACTIVATIONS = ("linear", "relu", "tanh", "sigmoid")
FILLS = ("constant", "nearest", "reflect", "wrap")
ELEMENTWISE = ("rectified", "elu", "gelu", "silu", "softplus", "affine")
LAYOUTS = ("nn", "nt", "tn")
LOSSES = (
    "softmax_crossentropy",
    "crossentropy",
    "sigmoid_crossentropy",
    "binary_crossentropy",
    "mean_squared_error",
    "mean_absolute_error",
    "huber",
)
FUNCTIONS = ("exp", "expm1", "log", "log1p", "tanh", "sigmoid", "sinpi", "cospi", "erf")
STATUS = {1: "the table has no such kernel yet", 2: "this machine or build lacks the instruction set, or the kernel threw"}


@cache
def library() -> CDLL:
    folder = os.environ.get("SAMEBITS_BUILD_DIR")
    assert folder, "SAMEBITS_BUILD_DIR must name the build folder that has libsamebits_law.so (target samebits_law)"
    found = sorted(Path(folder).rglob("libsamebits_law.so"))
    assert found, f"no libsamebits_law.so under SAMEBITS_BUILD_DIR={folder}; build target samebits_law"
    return CDLL(str(found[0]))


def _pointer(array: np.ndarray | None) -> c_void_p:
    if array is None:
        return c_void_p()
    assert array.flags.c_contiguous
    return c_void_p(array.ctypes.data)


_isa = REFERENCE


@contextmanager
def on(isa: str, threads: int) -> Iterator[None]:
    global _isa
    before, _isa = _isa, ISAS.index(isa)
    call("threads", c_int(threads))
    try:
        yield
    finally:
        _isa = before


@cache
def isas() -> list[str]:
    """Those that this machine and build have, without the reference."""
    nothing = c_int64(0), c_void_p(), c_void_p(), c_void_p()
    return [isa for number, isa in enumerate(ISAS) if number != REFERENCE and library().law_add(c_int(number), *nothing) == 0]


def call(name: str, *arguments: object) -> None:
    converted = [_pointer(a) if a is None or isinstance(a, np.ndarray) else a for a in arguments]
    status = getattr(library(), "law_" + name)(c_int(_isa), *converted)
    assert status == 0, f"law_{name}: {STATUS.get(status, status)}"


def _dims(shape: object) -> np.ndarray:
    return np.array(list(vars(shape).values()), np.int64)


def _pixels(pixels: tuple[int, int, int] | None) -> np.ndarray | None:
    return None if pixels is None else np.array(pixels, np.int64)


def _like(array: np.ndarray) -> np.ndarray:
    """Filled with NaN, so that what a kernel forgets to write is seen."""
    return _blank(*array.shape)


def _blank(*shape: int) -> np.ndarray:
    return np.full(shape, np.nan, np.float32)


def gemm(layout, a, b, bias=None, activation="linear", pixels=None):
    m, k = a.shape[::-1] if layout == "tn" else a.shape
    n = b.shape[0] if layout == "nt" else b.shape[1]
    c = _blank(m, n)
    sizes = np.array([m, n, k, a.shape[1], b.shape[1], n], np.int64)
    call("gemm", c_int(LAYOUTS.index(layout)), sizes, _pixels(pixels), a, b, bias, c_int(ACTIVATIONS.index(activation)), c)
    return c


def conv2d_forward(v, x, w, bias=None, activation="linear"):
    y = _blank(v.n, v.p, v.q, v.k)
    call("conv2d_forward", _dims(v), x, w, bias, c_int(ACTIVATIONS.index(activation)), y)
    return y


def conv2d_input_gradient(v, dy, w):
    dx = _blank(v.n, v.h, v.w, v.c)
    call("conv2d_input_gradient", _dims(v), dy, w, dx)
    return dx


def conv2d_weight_gradient(v, x, dy):
    dw = _blank(v.r, v.s, v.c, v.k)
    call("conv2d_weight_gradient", _dims(v), x, dy, dw)
    return dw


def winograd_forward(m, v, x, w, bias=None, activation="linear"):
    y = _blank(v.n, v.p, v.q, v.k)
    call("winograd_forward", c_int(m), _dims(v), x, w, bias, c_int(ACTIVATIONS.index(activation)), y)
    return y


def winograd_input_gradient(m, v, dy, w):
    dx = _blank(v.n, v.h, v.w, v.c)
    call("winograd_input_gradient", c_int(m), _dims(v), dy, w, dx)
    return dx


def winograd_weight_gradient(m, v, x, dy):
    dw = _blank(3, 3, v.c, v.k)
    call("winograd_weight_gradient", c_int(m), _dims(v), x, dy, dw)
    return dw


def winograd_outputs(v):
    return library().law_winograd_outputs(_pointer(_dims(v)))


def max_pool2d_forward(v, x):
    y = _blank(v.n, v.p, v.q, v.c)
    winner = np.full(y.shape, 0xFFFF, np.uint16)
    call("max_pool2d_forward", _dims(v), x, y, winner)
    return y, winner


def max_pool2d_gradient(v, dy, winner):
    dx = _blank(v.n, v.h, v.w, v.c)
    call("max_pool2d_gradient", _dims(v), dy, winner, dx)
    return dx


def avg_pool2d_forward(v, x):
    y = _blank(v.n, v.p, v.q, v.c)
    call("avg_pool2d_forward", _dims(v), x, y)
    return y


def avg_pool2d_gradient(v, dy):
    dx = _blank(v.n, v.h, v.w, v.c)
    call("avg_pool2d_gradient", _dims(v), dy, dx)
    return dx


def depthwise_conv2d_forward(v, x, w, bias=None, activation="linear"):
    y = _blank(v.n, v.p, v.q, v.c * v.m)
    call("depthwise_conv2d_forward", _dims(v), x, w, bias, c_int(ACTIVATIONS.index(activation)), y)
    return y


def depthwise_conv2d_input_gradient(v, dy, w):
    dx = _blank(v.n, v.h, v.w, v.c)
    call("depthwise_conv2d_input_gradient", _dims(v), dy, w, dx)
    return dx


def depthwise_conv2d_weight_gradient(v, x, dy):
    dw = _blank(v.r, v.s, v.c, v.m)
    call("depthwise_conv2d_weight_gradient", _dims(v), x, dy, dw)
    return dw


def place2d(x, p, q, placements):
    """placements: (top, left, flip_rows, flip_cols) of each sample."""
    y = _blank(x.shape[0], p, q, x.shape[3])
    call("place2d", np.array([*x.shape, p, q], np.int64), np.array(placements, np.int64), x, y)
    return y


def translate2d(x, shifts, fill, value, bilinear):
    """shifts: (row, col, row_part, col_part) of each sample."""
    y = _like(x)
    places = np.array([s[:2] for s in shifts], np.int64)
    parts = np.array([s[2:] for s in shifts], np.float32)
    call(
        "translate2d",
        np.array(x.shape, np.int64),
        c_int(FILLS.index(fill)),
        c_float(value),
        c_int(bilinear),
        places,
        parts,
        x,
        y,
    )
    return y


def augmentation(seed, stream, epoch, index, places, factors, sizes, bilinear):
    """(flips rows, flips columns, top, left, row, col), (row_part, col_part).

    places: (tops, lefts); factors: (of the height, of the width).
    """
    whole, parts = np.zeros(6, np.int64), np.zeros(2, np.float32)
    counts = np.array([*places, *sizes], np.int64)
    key = (c_uint64(seed), c_uint32(stream), c_uint32(epoch), c_int64(index))
    call("augmentation", *key, counts, np.array(factors, np.float64).ravel(), c_int(bilinear), whole, parts)
    return whole.tolist(), parts


def activation_forward(kind, x):
    y = _like(x)
    call("activation_forward", c_int(ACTIVATIONS.index(kind)), c_int64(x.size), x, y)
    return y


def activation_gradient(kind, y, dy):
    dx = _like(y)
    call("activation_gradient", c_int(ACTIVATIONS.index(kind)), c_int64(y.size), y, dy, dx)
    return dx


def softmax(x):
    y = _like(x)
    call("softmax", c_int64(x.shape[0]), c_int64(x.shape[1]), x, y)
    return y


def softmax_gradient(y, dy):
    dx = _like(y)
    call("softmax_gradient", c_int64(y.shape[0]), c_int64(y.shape[1]), y, dy, dx)
    return dx


def batch_norm(x, dy, gamma, beta, epsilon, momentum, running_mean, running_variance):
    """x, dy: (samples, P, Q, C). (mean, variance, y, dgamma, dbeta, dx, running_mean, running_variance)."""
    c = x.shape[3]
    mean, variance, y, dgamma, dbeta, dx = _blank(c), _blank(c), _like(x), _blank(c), _blank(c), _like(x)
    running = running_mean.copy(), running_variance.copy()
    factors = c_float(momentum), c_float(1 - momentum)
    results = mean, variance, y, dgamma, dbeta, dx, *running
    call("batch_norm", np.array(x.shape, np.int64), c_float(epsilon), *factors, x, dy, gamma, beta, *results)
    return results


def layer_norm(x, dy, gamma, beta, epsilon):
    """x, dy: (samples, P, Q, C). (mean, inv, y, dgamma, dbeta, dx); mean and inv (samples * P * Q)."""
    rows, c = x.size // x.shape[3], x.shape[3]
    results = _blank(rows), _blank(rows), _like(x), _blank(c), _blank(c), _like(x)
    call("layer_norm", np.array(x.shape, np.int64), c_float(epsilon), x, dy, gamma, beta, *results)
    return results


def elementwise(function, x, dy, slope=0.0, threshold=0.0, maximum=0.0, alpha=0.0, scale=0.0, offset=0.0):
    """(y, dx)."""
    numbers = np.array([slope, threshold, maximum, alpha, scale, offset], np.float32)
    y, dx = _like(x), _like(x)
    call("elementwise", c_int(ELEMENTWISE.index(function)), numbers, c_int64(x.size), x, dy, y, dx)
    return y, dx


def loss(kind, output, target, scale, row_weight=None, row_scale=None, smooth=(1.0, 0.0), delta=1.0):
    """target: float32 (rows, cols), or int32 (rows) labels. (loss, probability or None, gradient)."""
    labels = target if target.dtype == np.int32 else None
    dense = None if labels is not None else target
    row, gradient = _blank(output.shape[0]), _like(output)
    probability = _like(output) if kind in ("softmax_crossentropy", "sigmoid_crossentropy") else None
    rows, cols = (c_int64(size) for size in output.shape)
    options = np.array([*smooth, delta], np.float32)
    given = (output, dense, labels, c_float(scale), row_weight, row_scale, options)
    call("loss", c_int(LOSSES.index(kind)), rows, cols, *given, row, probability, gradient)
    return row, probability, gradient


def dropout(rate, seed, stream, step, first_sample, x):
    y = _like(x)
    samples, elements = (c_int64(size) for size in x.shape)
    key = (c_double(rate), c_uint64(seed), c_uint32(stream), c_uint32(step), c_uint32(first_sample))
    call("dropout", samples, elements, *key, x, y)
    return y


def sgd(learning_rate, momentum, nesterov, w, g, m):
    """In place on copies: (w, m)."""
    w, m = w.copy(), None if m is None else m.copy()
    call("sgd", c_float(learning_rate), c_float(momentum), c_int(nesterov), c_int64(w.size), w, g, m)
    return w, m


def adam(alpha, c1, c2, epsilon, w, g, m, v):
    w, m, v = w.copy(), m.copy(), v.copy()
    call("adam", c_float(alpha), c_float(c1), c_float(c2), c_float(epsilon), c_int64(w.size), w, g, m, v)
    return w, m, v


def rms_prop(learning_rate, rho, c, momentum, epsilon, w, g, v, m):
    w, v, m = w.copy(), v.copy(), None if m is None else m.copy()
    numbers = map(c_float, (learning_rate, rho, c, momentum, epsilon))
    call("rms_prop", *numbers, c_int64(w.size), w, g, v, m)
    return w, v, m


def weight_decay(decay, learning_rate, w):
    w = w.copy()
    call("weight_decay", c_float(decay), c_float(learning_rate), c_int64(w.size), w)
    return w


def scale_gradient(factor, g):
    y = _like(g)
    call("scale_gradient", c_float(factor), c_int64(g.size), g, y)
    return y


def clip_gradient(limit, g):
    y = _like(g)
    call("clip_gradient", c_float(limit), c_int64(g.size), g, y)
    return y


def penalty_gradient(l1, l2, w, g):
    y = _like(g)
    call("penalty_gradient", c_double(l1), c_double(l2), c_int64(g.size), w, g, y)
    return y


def column_sum(x, pixels=None):
    y = _blank(x.shape[1])
    call("column_sum", c_int64(x.shape[0]), c_int64(x.shape[1]), _pixels(pixels), x, y)
    return y


def lane_sum(x, kind="lane_sum"):
    """kind: lane_sum, abs_sum or square_sum."""
    y = _blank(1)
    call(kind, c_int64(x.size), x, y)
    return y


def add(a, b):
    y = _like(a)
    call("add", c_int64(a.size), a, b, y)
    return y


def first_non_finite(x):
    index = np.zeros(1, np.int64)
    call("first_non_finite", c_int64(x.size), x, index)
    return int(index[0])


def function(name, x):
    y = _like(x)
    call("function", c_int(FUNCTIONS.index(name)), c_int64(x.size), x, y)
    return y


def philox(c0, c1, c2, c3, seed):
    block = np.zeros(4, np.uint32)
    call("philox", c_uint64(seed), np.array([c0, c1, c2, c3], np.uint32), block)
    return tuple(block.tolist())


def stream(purpose, name):
    c3 = np.zeros(1, np.uint32)
    call("stream", c_char_p(purpose.encode()), c_char_p(name.encode()), c3)
    return int(c3[0])


def sha256(data):
    digest = np.zeros(32, np.uint8)
    call("sha256", c_int64(len(data)), c_char_p(data), digest)
    return digest.tobytes()


def epoch_order(count, seed, epoch):
    order = np.full(count, -1, np.int64)
    call("epoch_order", c_int64(count), c_uint64(seed), c_uint32(epoch), order)
    return order.tolist()


def validation_start(count, split):
    start = np.full(1, -1, np.int64)
    call("validation_start", c_int64(count), c_double(split), start)
    return int(start[0])


def initialize(initializer, name, seed, fan_in, fan_out, count):
    values = _blank(count)
    fans = c_int64(fan_in), c_int64(fan_out)
    call("initialize", c_char_p(initializer.encode()), c_char_p(name.encode()), c_uint64(seed), *fans, c_int64(count), values)
    return values
