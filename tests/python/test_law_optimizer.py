"""Optimizers and what is done to gradients before them: kernels/ref equals the law; schedules equal it too."""

import numpy as np
import pytest

from law import native, optimizer, order
from law.binary32 import absolute, from_float64, to_float64
from law.inputs import KINDS, SPECIAL, bits, same

f32 = from_float64


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("momentum", "nesterov"), [(0.0, False), (0.9, False), (0.9, True)])
def test_sgd(kind, momentum, nesterov):
    rng = np.random.default_rng(1)
    w, m = kind(rng, 37), np.zeros(37, np.float32) if momentum else None
    law = [(a, 0) for a in bits(w)]
    for _ in range(4):
        g = kind(rng, 37)
        w, m = native.sgd(0.01, momentum, nesterov, w, g, m)
        law = [optimizer.sgd(a, b, c, f32(0.01), f32(momentum), nesterov) for (a, c), b in zip(law, bits(g))]
        same(w, [a for a, _ in law])
        if m is not None:
            same(m, [c for _, c in law])


@pytest.mark.parametrize("kind", KINDS)
def test_adam(kind):
    rng = np.random.default_rng(2)
    w, m, v = kind(rng, 37), np.zeros(37, np.float32), np.zeros(37, np.float32)
    law = [(a, 0, 0) for a in bits(w)]
    c1, c2, epsilon = f32(1 - 0.9), f32(1 - 0.999), f32(1e-7)
    for step in range(1, 6):
        g = kind(rng, 37)
        alpha = optimizer.adam_alpha(0.001, 0.9, 0.999, step)
        w, m, v = native.adam(*map(to_float64, (alpha, c1, c2, epsilon)), w, g, m, v)
        law = [optimizer.adam(a, b, *slots, alpha, c1, c2, epsilon) for (a, *slots), b in zip(law, bits(g))]
        for got, want in zip((w, m, v), zip(*law)):
            same(got, list(want))


def test_adam_alpha():
    """Step 1 with Keras's defaults: 0.001 * sqrt(0.001) / 0.1; the powers are products, not pow."""
    assert to_float64(optimizer.adam_alpha(0.001, 0.9, 0.999, 1)) == pytest.approx(0.000316227766, rel=1e-7)
    power = 1.0
    for _ in range(5000):
        power *= 0.999
    assert power != 0.999**5000


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_rms_prop(kind, momentum):
    rng = np.random.default_rng(3)
    w, v, m = kind(rng, 37), np.zeros(37, np.float32), np.zeros(37, np.float32) if momentum else None
    law = [(a, 0, 0) for a in bits(w)]
    numbers = [f32(x) for x in (0.001, 0.9, 1 - 0.9, momentum, 1e-7)]
    for _ in range(4):
        g = kind(rng, 37)
        w, v, m = native.rms_prop(*map(to_float64, numbers), w, g, v, m)
        law = [optimizer.rms_prop(a, b, *slots, *numbers) for (a, *slots), b in zip(law, bits(g))]
        for got, want in zip((w, v, m), zip(*law)):
            if got is not None:
                same(got, list(want))


GRADIENTS = [SPECIAL, *(kind(np.random.default_rng(4), 37) for kind in KINDS)]


@pytest.mark.parametrize("g", GRADIENTS)
def test_before_the_update(g):
    w = np.roll(g, 1)
    same(native.weight_decay(0.004, 0.01, w), [optimizer.weight_decay(a, f32(0.004), f32(0.01)) for a in bits(w)])
    same(native.clip_gradient(0.75, g), [optimizer.clip_value(a, f32(0.75)) for a in bits(g)])
    same(native.scale_gradient(0.3, g), [optimizer.mul(a, f32(0.3)) for a in bits(g)])
    for l1, l2 in [(0.1, 0.0), (0.0, 0.01), (0.3, 0.7)]:
        want = [optimizer.penalty_gradient(a, b, l1, l2) for a, b in zip(bits(w), bits(g))]
        same(native.penalty_gradient(l1, l2, w, g), want)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("count", [0, 1, 65, 5000])
def test_norms(kind, count):
    x = kind(np.random.default_rng(5), count)
    same(native.lane_sum(x, "abs_sum"), [order.lane_sum([absolute(a) for a in bits(x)])])
    same(native.lane_sum(x, "square_sum"), [order.lane_products(bits(x), bits(x))])


def test_the_orders_of_penalties_and_clips_can_be_told_apart():
    """What the examples of the page do not show: l1's part first; fused squares; the factor rounded before it multiplies."""
    rng = np.random.default_rng(6)
    differ = {"square": 0, "factor": 0, "l2": 0}
    for _ in range(40):
        w, g = (bits(rng.standard_normal(400).astype(np.float32)) for _ in range(2))
        unfused = order.lane_sum([optimizer.mul(a, a) for a in g])
        differ["square"] += unfused != order.lane_products(g, g)
        norm = optimizer.sqrt(order.lane_products(g, g))
        late = [optimizer.div(optimizer.mul(a, f32(0.3)), norm) for a in g]
        differ["factor"] += late != optimizer.clip_norm([g], f32(0.3))[0]
        twice = [optimizer.add(b, optimizer.mul(f32(2 * 0.013), a)) for a, b in zip(w, g)]
        differ["l2"] += twice != [optimizer.penalty_gradient(a, b, 0.0, 0.013) for a, b in zip(w, g)]
    assert min(differ.values()) >= 5
