"""The mathematics: kernels/ref against float64 NumPy, within bounds that follow from rounding theory, none of them tuned.

Theory (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., sections 2.2, 3.1, 4.2). u = 2^-24. A value that went
through n roundings is exact * (1 + theta), |theta| <= gamma(n) = n*u / (1 - n*u). So a sum in which every term goes through at
most n roundings errs by at most gamma(n) * sum |terms|. Roundings are counted below operation by operation. A rounding that
ends in the subnormals errs by 2^-150 instead; TINY covers those. The float64 side errs by less than 2^-50 of the same sums.
Gradients are not compared with the closed form that the kernels use, but with the complex step of the float64 loss:
Im f(x + ih) / h with h = 1e-30, which is f' to float64's accuracy (Squire and Trapp 1998).
"""

from collections.abc import Callable

import numpy as np
import pytest

from law import native
from law.conv2d import Conv2D, same
from law.max_pool2d import Pool2D

U = 2.0**-24
TINY = 2.0**-140
OURS = 2.0**-50


def gamma(n: float) -> float:
    return n * U / (1 - n * U)


def long_depth(terms: int) -> int:
    """Roundings of a term in R(512, 8): chain, segment, result, bias, + 0."""
    return min(terms, 512) + min(-(-terms // 512), 8) + -(-terms // 4096) + 2


def lane_depth(terms: int) -> int:
    """Roundings of a term in a lane sum: its lane in one block, six folds, the blocks, + 0."""
    return -(-min(terms, 4096) // 64) + 6 + -(-terms // 4096) + 1


def within(got: np.ndarray, exact: np.ndarray, bound: np.ndarray) -> None:
    assert got.shape == exact.shape and np.isfinite(got).all()
    excess = np.abs(got.astype(np.float64) - exact) - (bound + TINY)
    assert (excess <= 0).all(), f"at {np.unravel_index(excess.argmax(), excess.shape)} over the bound by {excess.max():.3g}"
    assert np.median(np.abs(exact)) > 20 * np.median(bound), "the bound is too wide to say anything"


def normal(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def complex_step(f: Callable[[np.ndarray], np.ndarray], x: np.ndarray) -> np.ndarray:
    """d f(row) / d row for each row of x (rows, cols); f takes rows and returns one value a row."""
    columns = []
    for j in range(x.shape[1]):
        z = x.astype(np.complex128)
        z[:, j] += 1e-30j
        columns.append(f(z).imag / 1e-30)
    return np.stack(columns, axis=1)


# --- sums of products ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("layout", native.LAYOUTS)
@pytest.mark.parametrize("k", [1, 30, 513, 5000])
def test_gemm(layout, k):
    a, b, bias = normal(k, 7, k), normal(k + 1, k, 9), normal(2, 9)
    stored_a, stored_b = a.T.copy() if layout == "tn" else a, b.T.copy() if layout == "nt" else b
    a64, b64, bias64 = a.astype(np.float64), b.astype(np.float64), bias.astype(np.float64)
    size = np.abs(a64) @ np.abs(b64) + np.abs(bias64)
    within(native.gemm(layout, stored_a, stored_b, bias), a64 @ b64 + bias64, (gamma(long_depth(k)) + OURS) * size)


def convolve(v: Conv2D, x: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Cross-correlation of the zero-padded input, tap by tap over whole arrays."""
    y = np.zeros((v.n, v.p, v.q, v.k))
    for r, s in np.ndindex(v.r, v.s):
        y += taps(v, pad(v, x), r, s) @ w[r, s]
    return y


def pad(v: Conv2D, x: np.ndarray) -> np.ndarray:
    bottom = (v.p - 1) * v.stride_h + v.r - v.h - v.pad_top
    right = (v.q - 1) * v.stride_w + v.s - v.w - v.pad_left
    return np.pad(x, ((0, 0), (v.pad_top, max(bottom, 0)), (v.pad_left, max(right, 0)), (0, 0)))


def taps(v: Conv2D, padded: np.ndarray, r: int, s: int) -> np.ndarray:
    """View (N, P, Q, C): what tap (r, s) reads."""
    return padded[:, r : r + (v.p - 1) * v.stride_h + 1 : v.stride_h, s : s + (v.q - 1) * v.stride_w + 1 : v.stride_w]


def convolve_gradients(v: Conv2D, x: np.ndarray, w: np.ndarray, dy: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(dx, dw): the transposes of the linear map above, by scattering."""
    padded, scattered, dw = pad(v, x), np.zeros(pad(v, x).shape), np.zeros(w.shape)
    for r, s in np.ndindex(v.r, v.s):
        taps(v, scattered, r, s)[...] += dy @ w[r, s].T
        dw[r, s] = np.einsum("npqc,npqk->ck", taps(v, padded, r, s), dy)
    return scattered[:, v.pad_top : v.pad_top + v.h, v.pad_left : v.pad_left + v.w], dw


CONVOLUTIONS = [
    Conv2D(3, 12, 11, 5, 7, 3, 3, 1, 1, 0, 0, 10, 9),
    Conv2D(2, 9, 10, 4, 6, 3, 3, 2, 2, *same(9, 10, 3, 3, 2, 2)),
    Conv2D(2, 25, 25, 3, 4, 5, 4, 1, 1, *same(25, 25, 5, 4, 1, 1)),
    Conv2D(1, 6, 6, 80, 90, 3, 3, 1, 1, *same(6, 6, 3, 3, 1, 1)),
]


@pytest.mark.parametrize("v", CONVOLUTIONS)
def test_conv2d(v):
    x, w = normal(1, v.n, v.h, v.w, v.c), normal(2, v.r, v.s, v.c, v.k)
    bias, dy = normal(3, v.k), normal(4, v.n, v.p, v.q, v.k)
    x64, w64, bias64, dy64 = (t.astype(np.float64) for t in (x, w, bias, dy))
    size = convolve(v, np.abs(x64), np.abs(w64)) + np.abs(bias64)
    bound = (gamma(long_depth(v.r * v.s * v.c)) + OURS) * size
    within(native.conv2d_forward(v, x, w, bias), convolve(v, x64, w64) + bias64, bound)
    (dx, dw), sizes = convolve_gradients(v, x64, w64, dy64), convolve_gradients(v, *map(np.abs, (x64, w64, dy64)))
    within(native.conv2d_input_gradient(v, dy, w), dx, (gamma(long_depth(v.r * v.s * v.k)) + OURS) * sizes[0])
    # Chunks over pixels hold at most 512 terms, but there may be twice as many of them as of full ones.
    within(native.conv2d_weight_gradient(v, x, dy), dw, (gamma(long_depth(2 * v.n * v.p * v.q)) + OURS) * sizes[1])


def test_column_sum():
    x = np.abs(normal(5, 3 * 19 * 27, 6))
    x64 = x.astype(np.float64)
    bound = (gamma(long_depth(2 * len(x))) + OURS) * np.abs(x64).sum(axis=0)
    within(native.column_sum(x, (3, 19, 27)), x64.sum(axis=0), bound)


def test_lane_sum():
    x = np.abs(normal(6, 9000))
    x64 = x.astype(np.float64)
    within(native.lane_sum(x), x64.sum(keepdims=True), (gamma(lane_depth(9000)) + OURS) * x64.sum(keepdims=True))


# --- pooling ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("v", [Pool2D(2, 9, 11, 3, 3, 2, 2, 3, 0, 0, 4, 4), Pool2D(1, 8, 8, 2, 3, 3, 1, 1, 1, 1, 8, 8)])
def test_max_pool2d(v):
    x, dy = normal(7, v.n, v.h, v.w, v.c), normal(8, v.n, v.p, v.q, v.c)
    bottom, right = (max((o - 1) * t + r - h - b, 0) for o, t, r, h, b in
                     ((v.p, v.stride_h, v.r, v.h, v.pad_top), (v.q, v.stride_w, v.s, v.w, v.pad_left)))  # fmt: skip
    edges = ((0, 0), (v.pad_top, bottom), (v.pad_left, right), (0, 0))
    padded = np.pad(x.astype(np.float64), edges, constant_values=-np.inf)
    views = np.lib.stride_tricks.sliding_window_view(padded, (v.r, v.s), axis=(1, 2))
    views = views[:, : (v.p - 1) * v.stride_h + 1 : v.stride_h, : (v.q - 1) * v.stride_w + 1 : v.stride_w]
    y, winner = native.max_pool2d_forward(v, x)
    assert (y == views.max(axis=(4, 5))).all()
    # No two cells are equal here, so the gradient goes to every cell of a window that equals its maximum.
    exact, size = np.zeros(padded.shape), np.zeros(padded.shape)
    for n, p, q, c in np.ndindex(*dy.shape):
        top, left = p * v.stride_h, q * v.stride_w
        window = (n, slice(top, top + v.r), slice(left, left + v.s), c)
        won = padded[window] == y[n, p, q, c]
        assert won.sum() == 1
        exact[window] += won * float(dy[n, p, q, c])
        size[window] += won * abs(float(dy[n, p, q, c]))
    inside = (slice(None), slice(v.pad_top, v.pad_top + v.h), slice(v.pad_left, v.pad_left + v.w))
    got = native.max_pool2d_gradient(v, dy, winner)
    assert (np.abs(got - exact[inside]) <= gamma(v.r * v.s + 2) * size[inside]).all()
    assert np.count_nonzero(got) > 10


# --- softmax and losses -------------------------------------------------------------------------------------------------------


def softmax64(x: np.ndarray) -> np.ndarray:
    e = np.exp(x - x.real.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def softmax_roundings(x: np.ndarray) -> float:
    """exp(z): z errs by u|z|, a factor exp(u|z|), so |z| roundings; 1 for exp. The same and the lanes for S. 1 for /."""
    spread = np.ptp(x.astype(np.float64), axis=1).max()
    return 2 * (spread + 1) + lane_depth(x.shape[1]) + 1


@pytest.mark.parametrize("cols", [2, 10, 100, 4100])
def test_softmax(cols):
    x = normal(9, 6, cols) * np.float32(3)
    exact = softmax64(x.astype(np.float64))
    within(native.softmax(x), exact, gamma(softmax_roundings(x)) * exact)


@pytest.mark.parametrize("cols", [2, 10, 100])
def test_softmax_gradient(cols):
    x, dy = normal(10, 6, cols), normal(11, 6, cols)
    y = native.softmax(x)
    y64, dy64 = softmax64(x.astype(np.float64)), dy.astype(np.float64)
    exact = complex_step(lambda z: (softmax64(z) * dy64).sum(axis=1), x)
    # y * (dy - g): y carries its roundings twice (in y and in g), g those of its lanes, 2 for the last two operations.
    size = y64 * (np.abs(dy64) + (y64 * np.abs(dy64)).sum(axis=1, keepdims=True))
    within(native.softmax_gradient(y, dy), exact, gamma(2 * softmax_roundings(x) + lane_depth(cols) + 2) * size)


def soft_targets(seed: int, rows: int, cols: int) -> np.ndarray:
    y = np.random.default_rng(seed).uniform(0.05, 1, (rows, cols))
    return (y / y.sum(axis=1, keepdims=True)).astype(np.float32)


SCALE = np.float32(1 / 7)


def check_loss(kind, output, y, f64, loss_bound, gradient_bound):
    loss, _, gradient = native.loss(kind, output, y, float(SCALE))
    within(loss, f64(output.astype(np.float64)), loss_bound)
    within(gradient, complex_step(f64, output) * float(SCALE), gradient_bound * float(SCALE))


@pytest.mark.parametrize("cols", [2, 10, 100])
@pytest.mark.parametrize("sparse", [False, True])
def test_softmax_crossentropy(cols, sparse):
    x, y = normal(12, 8, cols) * np.float32(3), soft_targets(13, 8, cols)
    label = np.arange(8, dtype=np.int32) % cols
    y64 = np.eye(cols)[label] if sparse else y.astype(np.float64)

    def loss64(z):
        shifted = z - z.real.max(axis=1, keepdims=True)
        return y64.sum(axis=1) * np.log(np.exp(shifted).sum(axis=1)) - (y64 * shifted).sum(axis=1)

    z = x - x.max(axis=1, keepdims=True)
    log_sum = np.log(np.exp(z.astype(np.float64)).sum(axis=1, keepdims=True))
    n = softmax_roundings(x)
    # log S: S errs by n roundings, log by one; z by one; then the subtraction, and the lanes.
    terms = y64 * (gamma(n) + gamma(1) * (log_sum + np.abs(z)) + gamma(1 + lane_depth(cols)) * (log_sum + np.abs(z)))
    p = softmax64(x.astype(np.float64))
    # Dense targets do not sum to 1 exactly; (p - y) takes their sum to be 1.
    off = np.abs(y64.sum(axis=1, keepdims=True) - 1) * p
    check_loss(
        "softmax_crossentropy", x, label if sparse else y, loss64, terms.sum(axis=1), gamma(n) * p + gamma(2) * (p + y64) + off
    )


@pytest.mark.parametrize("cols", [1, 2, 10, 100])
def test_sigmoid_crossentropy(cols):
    x, y = normal(14, 8, cols) * np.float32(2), np.random.default_rng(15).uniform(0, 1, (8, cols)).astype(np.float32)
    x64, y64 = x.astype(np.float64), y.astype(np.float64)

    def loss64(z):
        return (np.log(1 + np.exp(z)) - z * y64).mean(axis=1)

    # max - x*y: 2; exp: 1, and log1p of it is no steeper; log1p: 1; their sum: 1; lanes; division by C.
    size = np.abs(x64) * (1 + y64) + np.log1p(np.exp(-np.abs(x64))) + np.exp(-np.abs(x64))
    loss_bound = gamma(4 + lane_depth(cols) + 1) * size.mean(axis=1)
    gradient_bound = gamma(4) * (1 / (1 + np.exp(-x64)) + y64) / cols  # sigmoid, -, s / C, product
    check_loss("sigmoid_crossentropy", x, y, loss64, loss_bound, gradient_bound)


@pytest.mark.parametrize("cols", [2, 10, 100])
@pytest.mark.parametrize("sparse", [False, True])
def test_crossentropy(cols, sparse):
    rng = np.random.default_rng(16)
    o, y = rng.uniform(0.1, 3, (8, cols)).astype(np.float32), soft_targets(17, 8, cols)
    label = np.arange(8, dtype=np.int32) % cols
    y64, o64 = np.eye(cols)[label] if sparse else y.astype(np.float64), o.astype(np.float64)

    def loss64(z):
        return -(y64 * np.log(z / z.sum(axis=1, keepdims=True))).sum(axis=1)

    total = o64.sum(axis=1, keepdims=True)
    q, n = o64 / total, lane_depth(cols) + 1  # q: the sum and the division
    loss_bound = (y64 * (gamma(n) + gamma(1 + lane_depth(cols)) * np.abs(np.log(q)))).sum(axis=1)
    # u: q and two more; g: q once more and its lanes; - and / T, which carries its lanes.
    m = 2 * n + 2 + lane_depth(cols) + 2 + lane_depth(cols)
    gradient_bound = gamma(m) * (y64 / q + y64.sum(axis=1, keepdims=True)) / total
    check_loss("crossentropy", o, label if sparse else y, loss64, loss_bound, gradient_bound)


@pytest.mark.parametrize("cols", [1, 2, 10, 100])
def test_binary_crossentropy(cols):
    rng = np.random.default_rng(18)
    o, y = (rng.uniform(0.02, 0.98, (8, cols)).astype(np.float32) for _ in range(2))
    o64, y64 = o.astype(np.float64), y.astype(np.float64)

    def loss64(z):
        return -(y64 * np.log(z) + (1 - y64) * np.log(1 - z)).mean(axis=1)

    size = -(y64 * np.log(o64) + (1 - y64) * np.log1p(-o64))
    loss_bound = gamma(4 + lane_depth(cols) + 1) * size.mean(axis=1)  # log or 1 - y, product, sum; lanes; / C
    gradient_bound = gamma(6) * (o64 + y64) / (o64 * (1 - o64)) / cols  # -, 1 - q, product, /, s / C, product
    check_loss("binary_crossentropy", o, y, loss64, loss_bound, gradient_bound)


@pytest.mark.parametrize("cols", [1, 2, 10, 1000])
def test_mean_squared_error(cols):
    o, y = normal(19, 8, cols), normal(20, 8, cols)
    y64, d = y.astype(np.float64), np.abs(o.astype(np.float64) - y)
    loss_bound = gamma(2 + lane_depth(cols) + 1) * (d * d).mean(axis=1)
    check_loss("mean_squared_error", o, y, lambda z: ((z - y64) ** 2).mean(axis=1), loss_bound, gamma(4) * 2 * d / cols)


# --- activations, random numbers ----------------------------------------------------------------------------------------------


def test_activations():
    x = normal(21, 1000) * np.float32(3)
    x64 = x.astype(np.float64)
    exact = {"linear": x64, "relu": np.maximum(x64, 0), "tanh": np.tanh(x64), "sigmoid": 1 / (1 + np.exp(-x64))}
    slope = {"linear": x64 * 0 + 1, "relu": (x64 > 0) * 1.0, "tanh": 1 - exact["tanh"] ** 2,
             "sigmoid": exact["sigmoid"] * (1 - exact["sigmoid"])}  # fmt: skip
    dy = normal(22, 1000)
    for kind in native.ACTIVATIONS:
        y = native.activation_forward(kind, x)
        assert (np.abs(y - exact[kind]) <= (U + OURS) * np.abs(exact[kind])).all()
        # y's own rounding moves 1 - y*y and y*(1 - y) by at most 2u; at most three more follow.
        bound = (2 * U + gamma(3) * slope[kind]) * np.abs(dy)
        assert (np.abs(native.activation_gradient(kind, y, dy) - slope[kind] * dy) <= bound).all()


@pytest.mark.parametrize("initializer", ["he_normal", "lecun_uniform", "glorot_uniform"])
def test_initial_weights_have_the_variance_asked_for(initializer):
    """scale / fan, within five standard errors; that of a variance is at most sqrt(2 / count) of it (normal; less when cut)."""
    count, fan_in, fan_out = 20000, 50, 150
    w = native.initialize(initializer, "dense/kernel", 7, fan_in, fan_out, count).astype(np.float64)
    scale, fan = {"he_normal": (2, fan_in), "lecun_uniform": (1, fan_in), "glorot_uniform": (1, (fan_in + fan_out) / 2)}[
        initializer
    ]
    assert abs(w.var() * fan / scale - 1) < 5 * np.sqrt(2 / count)
    assert abs(w.mean()) < 5 * np.sqrt(scale / fan / count)


def test_dropout_keeps_its_share_and_the_mean():
    x = np.ones((50, 400), np.float32)
    y = native.dropout(0.3, 7, 1, 0, 0, x)
    kept = np.count_nonzero(y) / y.size
    assert abs(kept - 0.7) < 5 * np.sqrt(0.7 * 0.3 / y.size)
    assert set(np.unique(y)) == {np.float32(0), np.float32(1 / 0.7)}
