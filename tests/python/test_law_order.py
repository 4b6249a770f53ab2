"""Section 2: chunks, segments, lanes. kernels/ref equals the law; the inputs tell one order from another."""

import numpy as np
import pytest

from law import native, order
from law.binary32 import ZERO, add, fma, mul
from law.inputs import KINDS, bits, coarse, same, tiny, wide


def sizes(chunks: order.Chunks) -> list[int]:
    return [len(chunk) for chunk in chunks]


def test_chunks_over_terms():
    assert sizes(order.chunks_over_terms(0)) == []
    assert sizes(order.chunks_over_terms(512)) == [512]
    assert sizes(order.chunks_over_terms(1100)) == [512, 512, 76]


def test_chunks_over_pixels():
    assert sizes(order.chunks_over_pixels(1100, 1, 1)) == [512, 512, 76]  # dense (B, C): g = 512
    assert sizes(order.chunks_over_pixels(11, 8, 8)) == [512, 192]  # 8 samples of 64
    assert sizes(order.chunks_over_pixels(3, 13, 13)) == [338, 169]  # 2 of 169; 3 would be 507, no power of two
    assert sizes(order.chunks_over_pixels(2, 16, 32)) == [512, 512]
    assert sizes(order.chunks_over_pixels(2, 19, 27)) == [486, 27] * 2  # 513 pixels: 18 rows, then 1, in each sample
    assert sizes(order.chunks_over_pixels(1, 3, 600)) == [600] * 3  # a row longer than a chunk is one chunk
    assert sizes(order.chunks_over_pixels(2, 700, 1)) == [512, 188] * 2  # (B, T, C)


def test_orders_differ_on_these_inputs():
    """Would a kernel that splits its fma, cuts chunks elsewhere, reorders or flushes be seen? Each change moves bits."""
    rng = np.random.default_rng(1)
    chunks, moved = order.chunks_over_terms(9900), np.zeros(4, int)
    for _ in range(6):
        a, b = bits(wide(rng, 9900)), bits(wide(rng, 9900))
        parts = [order.chain_products((a[i], b[i]) for i in chunk) for chunk in chunks]
        right = order.sum_of_products(list(zip(a, b)), chunks)
        split = order.plain_sum([mul(x, y) for x, y in zip(a, b)], chunks)
        one_chain = order.sum_of_products(list(zip(a, b)), [range(9900)])
        changed = (split, one_chain, order.left_fold(parts), order.fold([parts[1], parts[0], *parts[2:][::-1]]))
        moved += [right != add(other, ZERO) for other in changed]
    assert moved.min() >= 2, moved
    x, y = bits(tiny(rng, 64)), bits(tiny(rng, 64))
    assert sum(0 < (fma(p, q, ZERO) & 0x7FFFFFFF) < 0x00800000 for p, q in zip(x, y)) > 30  # subnormal products


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("count", [0, 1, 2, 63, 64, 65, 127, 1000])
def test_lane_sum(kind, count):
    x = kind(np.random.default_rng(count), count)
    same(native.lane_sum(x), [order.lane_sum(bits(x))])


@pytest.mark.parametrize("count", [4095, 4096, 4097, 8192, 12289])
def test_lane_sum_blocks(count):
    x = wide(np.random.default_rng(count), count)
    same(native.lane_sum(x), [order.lane_sum(bits(x))])


def test_lane_sum_is_never_minus_zero():
    assert bits(native.lane_sum(np.full(3, -0.0, np.float32))) == [0]


def test_lane_order_differs_on_these_inputs():
    x = bits(wide(np.random.default_rng(3), 4300))
    assert order.lane_sum(x) != order.plain_sum(x, order.chunks_over_terms(len(x)))
    assert order.lane_sum(x) != order.lane_sum(x[4096:] + x[:4096])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rows", [0, 1, 511, 512, 513, 1100])
def test_column_sum_of_rows(kind, rows):
    x = kind(np.random.default_rng(rows), rows, 3)
    same(native.column_sum(x), order.column_sum(rows, 3, order.chunks_over_terms(rows), bits(x)))


@pytest.mark.parametrize("pixels", [(11, 8, 8), (3, 13, 13), (2, 19, 27), (1, 3, 600), (2, 700, 1), (5, 33, 31), (0, 4, 4)])
def test_column_sum_of_pixels(pixels):
    rows = pixels[0] * pixels[1] * pixels[2]
    x = wide(np.random.default_rng(rows), rows, 2)
    same(native.column_sum(x, pixels), order.column_sum(rows, 2, order.chunks_over_pixels(*pixels), bits(x)))


def test_pixel_chunks_differ_from_plain_ones():
    rows = 5 * 13 * 13
    x = bits(wide(np.random.default_rng(2), rows))
    assert order.plain_sum(x, order.chunks_over_pixels(5, 13, 13)) != order.plain_sum(x, order.chunks_over_terms(rows))


def test_add():
    a, b = coarse(np.random.default_rng(4), 200), coarse(np.random.default_rng(5), 200)
    same(native.add(a, b), [add(x, y) for x, y in zip(bits(a), bits(b))])


@pytest.mark.parametrize("bad", [np.inf, -np.inf, np.nan])
@pytest.mark.parametrize("place", [0, 5, 63, 64, 99])
def test_first_non_finite(bad, place):
    x = wide(np.random.default_rng(6), 100)
    x[2] = np.finfo(np.float32).max
    assert native.first_non_finite(x) == -1
    x[place:] = bad
    assert native.first_non_finite(x) == place
