"""Section 8: digest of the weights, fingerprint of a tensor, text to float32."""

from collections.abc import Iterable, Sequence
from hashlib import sha256

from .binary32 import NAN, from_float64, is_nan

WORD = 0xFFFFFFFF


def digest(weights: Iterable[tuple[str, Sequence[int], Sequence[int]]]) -> str:
    """weights: (name, dims, bits), in `model.weights` order."""
    h = sha256(b"samebits-digest-1\0")
    for name, dims, bits in weights:
        h.update(name.encode() + b"\0float32\0" + ",".join(map(str, dims)).encode() + b"\0")
        h.update(b"".join((NAN if is_nan(b) else b).to_bytes(4, "little") for b in bits))
    return "sha256:" + h.hexdigest()


def mix32(h: int) -> int:
    h ^= h >> 16
    h = h * 0x7FEB352D & WORD
    h ^= h >> 15
    h = h * 0x846CA68B & WORD
    return h ^ h >> 16


def fingerprint(bits: Sequence[int], first: int = 0) -> tuple[int, int]:
    """Two lanes mod 2^64. `first`: index of the first element, so that fingerprints of parts add up."""
    lanes = [0, 0]
    for lane, (k, x) in enumerate(((0x9E3779B9, 0), (0x85EBCA6B, 0x5BD1E995))):
        for i, b in enumerate(bits, first):
            number, inside = divmod(i, 1 << 32)
            lanes[lane] += mix32(((b ^ x) + inside * k) & WORD) * (2 * number + 1)
    return lanes[0] % (1 << 64), lanes[1] % (1 << 64)


def from_text(text: str) -> int:
    """Nearest binary64, then binary32."""
    return from_float64(float(text))
