"""Batches from torch's DataLoader give the bits of the same arrays.

build/venv has no torch, so `make test` leaves this file out; an environment with torch and pytest runs it.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from support import Array, blobs, cnn

torch = pytest.importorskip("torch")

X, Y = blobs(50)
BATCH = 16


def loader(*arrays: Array, **options: Any) -> Any:
    data = torch.utils.data.TensorDataset(*(torch.from_numpy(array) for array in arrays))
    return torch.utils.data.DataLoader(data, batch_size=BATCH, **options)


def test_a_loader_is_what_its_arrays_are() -> None:
    arrays, stream = cnn(), cnn()
    arrays.fit(X, Y, batch_size=BATCH, epochs=2, shuffle=False, verbose=0)
    history = stream.fit(loader(X, Y), epochs=2, verbose=0)
    assert stream.digest() == arrays.digest()
    assert history.params["steps"] == 4
    assert stream.evaluate(loader(X, Y), verbose=0) == arrays.evaluate(X, Y, batch_size=BATCH, verbose=0)
    np.testing.assert_array_equal(stream.predict(loader(X), verbose=0), arrays.predict(X, verbose=0))


def test_weights_of_samples() -> None:
    weights = np.random.default_rng(2).uniform(0, 2, 50).astype(np.float32)
    arrays, stream = cnn(), cnn()
    arrays.fit(X, Y, batch_size=BATCH, shuffle=False, sample_weight=weights, verbose=0)
    stream.fit(loader(X, Y, weights), verbose=0)
    assert stream.digest() == arrays.digest()


@pytest.mark.parametrize("workers", [0, 2])
def test_a_shuffled_loader_of_one_seed_gives_one_digest(workers: int) -> None:
    def run(seed: int) -> tuple[str, str | None]:
        model = cnn()
        shuffled = loader(X, Y, shuffle=True, generator=torch.Generator().manual_seed(seed), num_workers=workers)
        history = model.fit(shuffled, epochs=2, verbose=0)
        return model.digest(), history.data_digest

    assert run(1) == run(1)
    assert run(1)[0] != run(2)[0]
    assert run(1)[1] != run(2)[1]


def test_a_loader_without_length() -> None:
    class Stream(torch.utils.data.IterableDataset):  # type: ignore[misc, name-defined]
        def __iter__(self) -> Iterator[tuple[Any, Any]]:
            yield from zip(torch.from_numpy(X), torch.from_numpy(Y), strict=True)

    arrays, stream = cnn(), cnn()
    arrays.fit(X, Y, batch_size=BATCH, epochs=2, shuffle=False, verbose=0)
    history = stream.fit(torch.utils.data.DataLoader(Stream(), batch_size=BATCH), epochs=2, verbose=0)
    assert stream.digest() == arrays.digest()
    assert history.params["steps"] is None


def test_a_tensor_is_an_array() -> None:
    arrays, tensors = cnn(), cnn()
    arrays.fit(X, Y, verbose=0)
    tensors.fit(torch.from_numpy(X), torch.from_numpy(Y), verbose=0)
    assert tensors.digest() == arrays.digest()
