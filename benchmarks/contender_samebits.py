"""Ours, through the Python front."""

from typing import Any

import samebits
from networks import NETWORKS, Network, batches_of, data_of, keras_model
from worker import Step, Task


class Contender:
    def __init__(self, threads: int) -> None:
        samebits.runtime.configure(threads=threads)

    def versions(self) -> dict[str, str]:
        return {"samebits": samebits.__version__, "isa": samebits.runtime.info()["isa"]}

    def set_up(self, kind: str, **options: Any) -> Task:
        return {"train": train, "predict": predict}[kind](**options)


def train(network: str, batch: int) -> Task:
    return training(NETWORKS[network], batch), "fit(shuffle=False)"


def training(description: Network, batch: int) -> Step:
    """fit over whole epochs and one part of an epoch; its constant cost is divided by the steps of the call."""
    batches = batches_of(description, batch)
    x, y = data_of(description, batch, batches)
    model = keras_model(samebits, description)

    def fit(count: int, epochs: int) -> None:
        if count > 0 and epochs > 0:
            samples = count * batch
            model.fit(x[:samples], y[:samples], batch_size=batch, epochs=epochs, shuffle=False, verbose=0)

    def step(steps: int) -> None:
        fit(batches, steps // batches)
        fit(steps % batches, 1)

    return step


def predict(network: str, batch: int) -> Task:
    description = NETWORKS[network]
    x, _ = data_of(description, batch, 1)
    model = keras_model(samebits, description)

    def step(steps: int) -> None:
        for _ in range(steps):
            model.predict_on_batch(x)

    return step, "predict_on_batch"
