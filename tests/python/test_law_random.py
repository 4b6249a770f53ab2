"""Section 7: Philox keyed by meaning, and what is drawn from it: dropout, order of samples, initial weights."""

import hashlib

import numpy as np
import pytest

from law import native, philox
from law.binary32 import TWO, absolute, greater
from law.inputs import bits, coarse, same, wide

SEEDS = [0, 7, 2**32 - 1, 2**32, 2**64 - 1]

# Known answers of the generator's authors (Random123, kat_vectors): counter, key, block.
KNOWN = [
    ((0, 0, 0, 0), 0, (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((2**32 - 1,) * 4, 2**64 - 1, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    ((0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344), 0x299F31D0A4093822, (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1)),
]


@pytest.mark.parametrize(("counter", "seed", "block"), KNOWN)
def test_known_blocks(counter, seed, block):
    assert philox.block(*counter, seed) == block == native.philox(*counter, seed)


def test_blocks():
    rng = np.random.default_rng(1)
    for _ in range(50):
        counter = rng.integers(0, 2**32, 4).tolist()
        seed = int(rng.integers(0, 2**64, dtype=np.uint64))
        assert philox.block(*counter, seed) == native.philox(*counter, seed)


@pytest.mark.parametrize("length", [0, 1, 3, 55, 56, 63, 64, 65, 119, 120, 1000])
def test_sha256(length):
    data = bytes(i * 7 % 256 for i in range(length))
    assert native.sha256(data) == hashlib.sha256(data).digest()


@pytest.mark.parametrize(
    ("purpose", "name"), [("init", "dense/kernel"), ("dropout", "dropout_1"), ("shuffle", "train"), ("a", "")]
)
def test_stream(purpose, name):
    assert native.stream(purpose, name) == philox.stream(f"{purpose}:{name}")


@pytest.mark.parametrize("rate", [0.0, 0.1, 0.3, 0.5, 0.999, 1e-12, 1 - 2.0**-53, 3 * 2.0**-34])
@pytest.mark.parametrize("shape", [(1, 1), (3, 4), (2, 7), (5, 67)])
def test_dropout(shape, rate):
    x = wide(np.random.default_rng(2), *shape)
    for seed, step, first in ((7, 0, 0), (2**40 + 3, 2**32 - 1, 5)):
        law = philox.dropout(*shape, rate, seed, philox.stream("dropout:dropout"), step, first, bits(x))
        same(native.dropout(rate, seed, native.stream("dropout", "dropout"), step, first, x), law)


@pytest.mark.parametrize("element", range(8))
def test_dropout_threshold_to_the_bit(element):
    """An element with random bits r stays up to rate r / 2^32 and a little, and goes from half a step above."""
    r, x = philox.word(element, 0, 4, 17, 9), np.ones((1, 8), np.float32)
    for above, kept in ((0.0, True), (0.499, True), (0.5, False), (1.0, False)):
        y = native.dropout((r + above) / 2**32, 9, 17, 4, 0, x)
        assert (y[0, element] != 0) == kept
        same(y, philox.dropout(1, 8, (r + above) / 2**32, 9, 17, 4, 0, bits(x)))


def test_dropout_is_keyed_by_the_sample():
    """Row 3 of a batch is row 0 of the physical batch that begins there; what is dropped is +0, what is kept may be -0."""
    x = coarse(np.random.default_rng(3), 6, 50)
    whole = native.dropout(0.4, 9, 17, 2, 0, x)
    assert bits(whole[3:]) == bits(native.dropout(0.4, 9, 17, 2, 3, x[3:]))
    assert bits(whole) != bits(native.dropout(0.4, 9, 17, 3, 0, x)) and bits(whole) != bits(native.dropout(0.4, 9, 18, 2, 0, x))
    assert 0x80000000 in bits(whole)
    assert set(bits(native.dropout(0.4, 9, 17, 2, 0, np.full((9, 9), -1.0, np.float32)))) == {0, bits(np.float32(-1 / 0.6))[0]}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("count", "epoch"), [(0, 0), (1, 0), (2, 1), (100, 0), (1000, 3)])
def test_epoch_order(count, epoch, seed):
    assert native.epoch_order(count, seed, epoch) == philox.shuffled(range(count), epoch, seed)


@pytest.mark.parametrize(
    ("count", "split", "start"), [(10, 0.1, 9), (100, 0.3, 70), (1797, 0.2, 1437), (5, 0.0, 5), (3, 0.99, 0)]
)
def test_validation_start(count, split, start):
    assert native.validation_start(count, split) == start == int(count * (1.0 - split))


def test_validation_start_is_that_of_float64():
    """10 * (1.0 - 0.9) is 0.9999999999999998, not 1."""
    assert native.validation_start(10, 0.9) == 0


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("fans", [(1, 1), (64, 32), (9, 144), (3, 4)])
@pytest.mark.parametrize(
    "initializer",
    ["zeros", "ones", "glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "lecun_uniform", "lecun_normal"],
)
def test_initializer(initializer, fans, seed):
    name, count = "conv2d_1/kernel", 41
    law = philox.initial(initializer, count, *fans, name, seed)
    same(native.initialize(initializer, name, seed, *fans, count), law)


def test_truncated_normals_take_a_second_attempt():
    """About one in 22 first attempts lies past two deviations."""
    c3 = philox.stream("init:dense/kernel")
    first = [philox.standard_normal(element, 0, c3, 7) for element in range(400)]
    far = [element for element, z in enumerate(first) if greater(absolute(z), TWO)]
    assert 5 < len(far) < 40
    law = [philox.truncated_normal(element, c3, 7) for element in range(400)]
    assert all(law[element] != first[element] for element in far)
    assert all(a == b for element, (a, b) in enumerate(zip(law, first)) if element not in far)
