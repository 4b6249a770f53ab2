"""SGD and Adam: kernels/ref equals the law over several steps."""

import numpy as np
import pytest

from law import native, optimizer
from law.binary32 import from_float64, to_float64
from law.inputs import KINDS, bits, same

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
