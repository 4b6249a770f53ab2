"""Section 7.7: what augmentation draws, and the images that come of it."""

from collections.abc import Sequence

from .binary32 import ZERO, add, fma, from_float64, from_int, mul, negate, round_to_nearest, sub
from .philox import block

HALF = 0x3F000000
Image = list[list[list[int]]]  # rows, columns, channels


def words(index: int, epoch: int, c3: int, seed: int) -> tuple[int, int, int, int]:
    return block(0, index & 0xFFFFFFFF, epoch, c3, seed)


def flips(index: int, epoch: int, c3: int, seed: int) -> tuple[bool, bool]:
    """(rows, columns)."""
    across, down, _, _ = words(index, epoch, c3, seed)
    return down >= 2**31, across >= 2**31


def crop_place(tops: int, lefts: int, index: int, epoch: int, c3: int, seed: int) -> tuple[int, int]:
    top, left, _, _ = words(index, epoch, c3, seed)
    return top * tops // 2**32, left * lefts // 2**32


def floor(a: int) -> int:
    """Of a finite binary32, as a whole number."""
    sign, exponent, fraction = a >> 31, a >> 23 & 255, a & 0x7FFFFF
    m, e = (fraction | 0x800000, exponent - 150) if exponent else (fraction, -149)
    m = -m if sign else m
    return m << e if e >= 0 else m >> -e


def shift(word: int, lower: float, upper: float, size: int, bilinear: bool) -> tuple[int, int]:
    """(whole, part) of one axis."""
    u = round_to_nearest(word >> 8, -24) if word >> 8 else ZERO
    factor = fma(u, from_float64(upper - lower), from_float64(lower))
    t = negate(mul(factor, from_int(size)))
    if not bilinear:
        return floor(add(t, HALF)), ZERO
    return floor(t), sub(t, from_int(floor(t)) if floor(t) else ZERO)


def placed(image: Image, p: int, q: int, top: int, left: int, flip_rows: bool, flip_cols: bool) -> Image:
    nothing = [ZERO] * len(image[0][0])

    def at(i: int, j: int) -> list[int]:
        row, col = top + (p - 1 - i if flip_rows else i), left + (q - 1 - j if flip_cols else j)
        return image[row][col] if 0 <= row < len(image) and 0 <= col < len(image[0]) else nothing

    return [[at(i, j) for j in range(q)] for i in range(p)]


def translated(image: Image, place: Sequence[int], parts: Sequence[int], fill: str, value: int, bilinear: bool) -> Image:
    height, width, channels = len(image), len(image[0]), len(image[0][0])

    def at(i: int, j: int, c: int) -> int:
        row, col = stands_for(i, height, fill), stands_for(j, width, fill)
        return value if row is None or col is None else image[row][col][c]

    def pixel(i: int, j: int, c: int) -> int:
        if not bilinear:
            return at(i, j, c)
        upper = mix(at(i, j, c), at(i, j + 1, c), parts[1])
        return mix(upper, mix(at(i + 1, j, c), at(i + 1, j + 1, c), parts[1]), parts[0])

    return [[[pixel(i + place[0], j + place[1], c) for c in range(channels)] for j in range(width)] for i in range(height)]


def mix(a: int, b: int, t: int) -> int:
    return fma(t, sub(b, a), a)


def stands_for(i: int, size: int, fill: str) -> int | None:
    if 0 <= i < size:
        return i
    if fill == "constant":
        return None
    if fill == "nearest":
        return 0 if i < 0 else size - 1
    if fill == "wrap":
        return i % size
    return min(i % (2 * size), 2 * size - 1 - i % (2 * size))
