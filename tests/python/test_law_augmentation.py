"""Augmentation: what is drawn and the kernels that move images equal the law."""

import numpy as np
import pytest

from law import augmentation, native
from law.binary32 import from_float64
from law.inputs import KINDS, bits, same
from law.philox import stream

SEED = 0x123456789ABCDEF
STREAM = stream("augment:random_flip")


@pytest.mark.parametrize("bilinear", [False, True])
def test_draws(bilinear):
    seen = set()
    for index in [*range(60), 2**32 + 5]:
        for epoch, factors, sizes in [(0, ((-0.1, 0.1), (-0.3, 0.2)), (28, 31)), (7, ((0.25, 0.25), (0.0, 1.0)), (4, 333))]:
            whole, parts = native.augmentation(SEED, STREAM, epoch, index, (5, 29), factors, sizes, bilinear)
            words = augmentation.words(index, epoch, STREAM, SEED)
            axes = [augmentation.shift(w, *f, size, bilinear) for w, f, size in zip(words, factors, sizes)]
            assert tuple(bool(i) for i in whole[:2]) == augmentation.flips(index, epoch, STREAM, SEED)
            assert tuple(whole[2:4]) == augmentation.crop_place(5, 29, index, epoch, STREAM, SEED)
            assert whole[4:] == [axis[0] for axis in axes]
            same(parts, [axis[1] for axis in axes])
            seen |= {("flip", *whole[:2]), ("top", whole[2])}
    assert len(seen) == 4 + 5  # all mirrors and all tops were drawn


def image_of(x):
    """(H, W, C) as lists of bits."""
    height, width, channels = x.shape
    return np.array(bits(x)).reshape(height, width, channels).tolist()


def flat(image):
    return [channel for row in image for pixel in row for channel in pixel]


@pytest.mark.parametrize("kind", KINDS)
def test_place2d(kind):
    x = kind(np.random.default_rng(1), 4, 5, 6, 3)
    for p, q in [(5, 6), (3, 2), (8, 9)]:
        placements = [(0, 0, 0, 1), (-1, 2, 1, 0), (2, -2, 0, 0), (1, 1, 1, 1)]
        law = [augmentation.placed(image_of(x[n]), p, q, *placements[n]) for n in range(4)]
        same(native.place2d(x, p, q, placements), [word for image in law for word in flat(image)])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fill", native.FILLS)
@pytest.mark.parametrize("bilinear", [False, True])
def test_translate2d(fill, bilinear, kind):
    x = kind(np.random.default_rng(2), 4, 4, 5, 2)
    shifts = [(0, 0, 0.0, 0.0), (-2, 1, 0.25, 0.7), (3, -5, 1.0, 0.1), (-9, 11, 0.3, 0.9)]
    got = native.translate2d(x, shifts, fill, 0.3, bilinear)
    law = []
    for n, (row, col, *parts) in enumerate(shifts):
        words = [from_float64(part) for part in parts]
        law += flat(augmentation.translated(image_of(x[n]), (row, col), words, fill, from_float64(0.3), bilinear))
    same(got, law)
