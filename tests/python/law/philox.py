"""Section 7: Philox4x32-10 keyed by meaning, and everything that draws from it."""

from collections.abc import Sequence
from hashlib import sha256
from math import floor
from math import sqrt as sqrt64

from .binary32 import ONE, TWO, ZERO, absolute, from_float64, greater, mul, negate, round_to_nearest, sqrt
from .functions import cospi, log

WORD = 0xFFFFFFFF


def block(c0: int, c1: int, c2: int, c3: int, seed: int) -> tuple[int, int, int, int]:
    """Ten rounds; the key is the seed, low word first."""
    k0, k1 = seed & WORD, seed >> 32 & WORD
    for _ in range(10):
        low, high = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (high >> 32) ^ c1 ^ k0, high & WORD, (low >> 32) ^ c3 ^ k1, low & WORD
        k0, k1 = (k0 + 0x9E3779B9) & WORD, (k1 + 0xBB67AE85) & WORD
    return c0, c1, c2, c3


def stream(name: str) -> int:
    """c3 of "purpose:name"."""
    return int.from_bytes(sha256(name.encode()).digest()[:4], "little")


def word(element: int, c1: int, c2: int, c3: int, seed: int) -> int:
    return block(element // 4, c1, c2, c3, seed)[element % 4]


def dropout(
    samples: int, elements: int, rate: float, seed: int, c3: int, step: int, first_sample: int, x: Sequence[int]
) -> list[int]:
    """Keeps iff r >= round(rate * 2**32), halves up, at most 2**32 - 1; x * float(1 / (1 - rate)), else +0."""
    threshold, scale = min(floor(rate * 2**32 + 0.5), WORD), from_float64(1.0 / (1.0 - rate))
    return [
        mul(x[i * elements + j], scale) if word(j, first_sample + i, step, c3, seed) >= threshold else ZERO
        for i in range(samples)
        for j in range(elements)
    ]


def shuffled(indices: Sequence[int], epoch: int, seed: int) -> list[int]:
    """Dataset indices of the training part by (64-bit key, index)."""
    c3 = stream("shuffle:train")

    def key(index: int) -> int:
        r = block(0, index, epoch, c3, seed)
        return r[0] | r[1] << 32

    return sorted(indices, key=lambda index: (key(index), index))


def buffered(items: Sequence[int], size: int, number: int, seed: int, name: str = "dataset") -> list[int]:
    """The order of Dataset.shuffle(size) in pass `number`."""
    c3, waiting = stream("shuffle:" + name), list(reversed(items))
    buffer = [waiting.pop() for _ in range(min(size, len(waiting)))]
    order = []
    for pick in range(len(items)):
        r = block(pick >> 32, pick & WORD, number, c3, seed)
        place = (r[0] + 2**32 * r[1]) * len(buffer) // 2**64
        order.append(buffer[place])
        last = waiting.pop() if waiting else buffer.pop()
        if place < len(buffer):
            buffer[place] = last
    return order


def uniform(count: int, limit: int, c3: int, seed: int) -> list[int]:
    """(int(r >> 8) - 2^23) * 2^-23 * limit, in [-limit, limit)."""
    values = []
    for element in range(count):
        m = (word(element, 0, 0, c3, seed) >> 8) - 2**23
        values.append(mul(round_to_nearest(m, -23) if m else ZERO, limit))
    return values


def standard_normal(element: int, attempt: int, c3: int, seed: int) -> int:
    """sqrt(-2 * log(u1)) * cospi(2 * u2), one block an element."""
    r = block(element, attempt, 0, c3, seed)
    u1 = round_to_nearest((r[0] >> 8) + 1, -24)
    u2 = round_to_nearest(r[1] >> 8, -24) if r[1] >> 8 else ZERO
    return mul(sqrt(mul(negate(TWO), log(u1))), cospi(mul(TWO, u2)))


def truncated_normal(element: int, c3: int, seed: int) -> int:
    attempt = 0
    while greater(absolute(z := standard_normal(element, attempt, c3, seed)), TWO):
        attempt += 1
    return z


def variance_scaling(count: int, scale: float, fan: float, distribution: str, name: str, seed: int) -> list[int]:
    """limit sqrt(3 * scale / fan), or deviation sqrt(scale / fan) / (that of a unit normal cut at 2); float64, rounded once."""
    c3 = stream("init:" + name)
    if distribution == "uniform":
        return uniform(count, from_float64(sqrt64(3.0 * scale / fan)), c3, seed)
    deviation = from_float64(sqrt64(scale / fan) / 0.87962566103423978)
    return [mul(truncated_normal(element, c3, seed), deviation) for element in range(count)]


def initial(initializer: str, count: int, fan_in: int, fan_out: int, name: str, seed: int) -> list[int]:
    """Keras's initializers by name; `name` is the weight's full name, "dense/kernel"."""
    if initializer in ("zeros", "ones"):
        return [ZERO if initializer == "zeros" else ONE] * count
    family, distribution = initializer.split("_")
    scale, fan = {"glorot": (1.0, (fan_in + fan_out) / 2), "he": (2.0, fan_in), "lecun": (1.0, fan_in)}[family]
    return variance_scaling(count, scale, fan, distribution, name, seed)
