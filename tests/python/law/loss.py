"""Losses of one row: (loss, probability of the row or None, gradient). `scale` s = 1 / D is a float32."""

from collections.abc import Sequence

from .binary32 import (
    ONE,
    TWO,
    ZERO,
    absolute,
    add,
    div,
    from_float64,
    from_int,
    greater,
    mul,
    negate,
    sub,
)
from .functions import exp, log, log1p, sigmoid
from .order import lane_products, lane_sum
from .softmax import shifted

Row = Sequence[int]
LOW, HIGH = from_float64(1e-7), from_float64(1 - 1e-7)


def one_hot(label: int, cols: int) -> list[int]:
    return [ONE if j == label else ZERO for j in range(cols)]


def softmax_crossentropy(z: Row, y: Row | int, scale: int) -> tuple[int, list[int], list[int]]:
    z = shifted(z)
    e = [exp(value) for value in z]
    total = lane_sum(e)
    p = [div(value, total) for value in e]
    log_total = log(total)
    if isinstance(y, int):
        loss = sub(log_total, z[y])
        y = one_hot(y, len(z))
    else:
        loss = lane_products(y, [sub(log_total, value) for value in z])
    return loss, p, [mul(sub(pj, yj), scale) for pj, yj in zip(p, y)]


def clip(q: int) -> int:
    return LOW if greater(LOW, q) else HIGH if greater(q, HIGH) else q


def crossentropy(o: Row, y: Row | int, scale: int) -> tuple[int, None, list[int]]:
    """u_j = -(y_j / q_j) * s inside the clip, else +0; g = lane sum of fma(u_j, q'_j, acc); d_j = (u_j - g) / sum o."""
    if isinstance(y, int):
        y = one_hot(y, len(o))
    total = lane_sum(o)
    raw = [div(value, total) for value in o]
    q = [clip(value) for value in raw]
    loss = negate(lane_products(y, [log(value) for value in q]))
    u = [mul(negate(div(yj, qj)), scale) if qj == rj else ZERO for yj, qj, rj in zip(y, q, raw)]
    g = lane_products(u, raw)
    return loss, None, [div(sub(uj, g), total) for uj in u]


def sigmoid_crossentropy(x: Row, y: Row, scale: int) -> tuple[int, list[int], list[int]]:
    cols = from_int(len(x))
    element = [
        add(sub(xj if greater(xj, ZERO) else ZERO, mul(xj, yj)), log1p(exp(negate(absolute(xj))))) for xj, yj in zip(x, y)
    ]
    p = [sigmoid(value) for value in x]
    step = div(scale, cols)
    return div(lane_sum(element), cols), p, [mul(sub(pj, yj), step) for pj, yj in zip(p, y)]


def binary_crossentropy(o: Row, y: Row, scale: int) -> tuple[int, None, list[int]]:
    """Element -(y * log q + (1 - y) * log1p(-q)); gradient ((q - y) / (q * (1 - q))) * (s / C), +0 outside the clip."""
    cols = from_int(len(o))
    step = div(scale, cols)
    element, gradient = [], []
    for oj, yj in zip(o, y):
        q = clip(oj)
        element.append(negate(add(mul(yj, log(q)), mul(sub(ONE, yj), log1p(negate(q))))))
        gradient.append(mul(div(sub(q, yj), mul(q, sub(ONE, q))), step) if q == oj else ZERO)
    return div(lane_sum(element), cols), None, gradient


def mean_loss(losses: Row, rows_of_logical_batch: int) -> int:
    return div(lane_sum(losses), from_int(rows_of_logical_batch))


def mean_squared_error(o: Row, y: Row, scale: int) -> tuple[int, None, list[int]]:
    cols = from_int(len(o))
    d = [sub(oj, yj) for oj, yj in zip(o, y)]
    step = div(scale, cols)
    return div(lane_products(d, d), cols), None, [mul(mul(TWO, dj), step) for dj in d]


def smoothed(y: Row, label_smoothing: float, binary: bool) -> list[int]:
    """y * keep + share; keep and share rounded from binary64."""
    keep = from_float64(1.0 - label_smoothing)
    share = from_float64(0.5 * label_smoothing if binary else label_smoothing / len(y))
    return list(y) if share == ZERO else [add(mul(yj, keep), share) for yj in y]


def mean_absolute_error(o: Row, y: Row, scale: int) -> tuple[int, None, list[int]]:
    """Gradient: s / C with the sign of o - y, +0 where they are equal."""
    cols = from_int(len(o))
    d = [sub(oj, yj) for oj, yj in zip(o, y)]
    step = div(scale, cols)
    gradient = [step if greater(dj, ZERO) else negate(step) if greater(ZERO, dj) else sub(dj, dj) for dj in d]
    return div(lane_sum([absolute(dj) for dj in d]), cols), None, gradient


HALF = from_float64(0.5)


def huber(o: Row, y: Row, scale: int, delta: int = ONE) -> tuple[int, None, list[int]]:
    """Element 0.5 * (d * d) up to delta, then delta * (|d| - 0.5 * delta); gradient (d kept in -delta ... delta) * (s / C)."""
    cols = from_int(len(o))
    step = div(scale, cols)
    element, gradient = [], []
    for oj, yj in zip(o, y):
        d = sub(oj, yj)
        a = absolute(d)
        outside = greater(a, delta)
        element.append(mul(delta, sub(a, mul(HALF, delta))) if outside else mul(HALF, mul(d, d)))
        gradient.append(mul(negate(delta) if outside and greater(ZERO, d) else delta if outside else d, step))
    return div(lane_sum(element), cols), None, gradient


def weighted(row: tuple[int, list[int] | None, list[int]], weight: int) -> int:
    """The row's loss in a batch of weighted samples; its gradient is made with weighted_scale()."""
    return mul(row[0], weight)


def weighted_scale(weight: int, loss_weight: int, rows_of_logical_batch: int) -> int:
    return div(mul(weight, loss_weight), from_int(rows_of_logical_batch))
