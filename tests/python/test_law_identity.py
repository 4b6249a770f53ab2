"""Section 8: digest, fingerprint, text. The digest of a model is checked where models are; here the law's own examples."""

from hashlib import sha256

import numpy as np

from law import identity
from law.inputs import bits, random_floats


def test_digest_is_these_bytes():
    weights = [("dense/kernel", (2, 1), [0x3F800000, 0x80000000]), ("dense/bias", (1,), [0x7F800001])]
    stream = (
        b"samebits-digest-1\0"
        b"dense/kernel\0float32\x002,1\0\x00\x00\x80\x3f\x00\x00\x00\x80"
        b"dense/bias\0float32\x001\0\x00\x00\xc0\x7f"
    )
    assert identity.digest(weights) == "sha256:" + sha256(stream).hexdigest()
    assert identity.digest(weights) != identity.digest(weights[::-1])
    assert identity.digest([("w", (2, 1), [1, 2])]) != identity.digest([("w", (1, 2), [1, 2])])


def test_text_is_rounded_twice():
    """The nearest binary64 of this text is the middle of 1 and its neighbour: to even, down. Rounded once it would go up."""
    assert identity.from_text("1.000000059604644775390625000001") == 0x3F800000
    assert [identity.from_text(t) for t in ("0.1", "-0", "1e-45", "16777217")] == bits(
        np.array([0.1, -0.0, 1e-45, 16777216], np.float32)
    )


def test_fingerprint_sees_order_and_sign_and_adds_up():
    x = bits(random_floats(3, 500))
    whole = identity.fingerprint(x)
    assert whole != identity.fingerprint([x[1], x[0], *x[2:]])
    assert whole != identity.fingerprint([x[0] ^ 0x80000000, *x[1:]])
    parts = identity.fingerprint(x[:123]), identity.fingerprint(x[123:], first=123)
    assert whole == tuple((a + b) % 2**64 for a, b in zip(*parts))
    assert identity.fingerprint([5], first=2**32)[0] == 3 * identity.fingerprint([5])[0] % 2**64
    assert identity.mix32(0) == 0 and identity.mix32(1) != 1
