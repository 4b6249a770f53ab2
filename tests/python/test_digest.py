"""The digest, computed a second time with hashlib from what a model shows of itself (docs/numerics.md, section 8)."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

import samebits as sb
from support import EXAMPLES, ROOT, blobs, cnn, python

GOLDEN: dict[str, str] = json.loads((ROOT / "tests" / "golden" / "digests.json").read_text())


def recomputed(model: sb.Sequential) -> str:
    sha = hashlib.sha256(b"samebits-digest-1\0")
    for weight, values in zip(model.weights, model.get_weights(), strict=True):
        sha.update(weight.path.encode() + b"\0float32\0" + ",".join(map(str, weight.shape)).encode() + b"\0")
        sha.update(np.ascontiguousarray(values, "<f4").tobytes())
    return "sha256:" + sha.hexdigest()


def test_digest_is_what_the_law_says() -> None:
    model = cnn()
    assert model.digest() == recomputed(model)
    drawn = model.digest()
    model.fit(*blobs(), verbose=0)
    assert model.digest() == recomputed(model) != drawn


def test_digest_sees_one_bit_and_the_sign_of_zero() -> None:
    model = cnn()
    weights = model.get_weights()
    digests = {model.digest()}
    weights[0].view(np.uint32)[0, 0, 0, 0] ^= 1
    model.set_weights(weights)
    digests.add(model.digest())
    weights[1][0] = -0.0
    model.set_weights(weights)
    digests.add(model.digest())
    assert len(digests) == 3


@pytest.mark.parametrize("recipe", sorted(GOLDEN))
def test_golden_digest_of_recipe(recipe: str) -> None:
    run = sb.train(EXAMPLES / recipe, verbose=0)
    assert run.digest() == GOLDEN[recipe] == recomputed(run.model)
    accuracy = run.test["accuracy"] if run.test else run.history.history["val_accuracy"][-1]
    assert accuracy > 0.85


def test_python_example_has_the_digest_of_its_recipe() -> None:
    done = python(Path(EXAMPLES / "digits.py").read_text())
    assert done.stdout.splitlines()[-1] == f"digest: {GOLDEN['digits.toml']}"
