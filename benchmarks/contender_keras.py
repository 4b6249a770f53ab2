"""Keras on TensorFlow, through fit."""

import os

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import tensorflow as tf

from networks import NETWORKS, batches_of, data_of, keras_model
from worker import Task


class Contender:
    def __init__(self, threads: int) -> None:
        tf.config.threading.set_intra_op_parallelism_threads(threads)

    def versions(self) -> dict[str, str]:
        return {"keras": keras.__version__, "tensorflow": tf.__version__}

    def set_up(self, kind: str, network: str, batch: int) -> Task:
        if kind != "train":
            raise ValueError(f"[keras] only training is measured; got {kind}; do train")
        description = NETWORKS[network]
        batches = batches_of(description, batch)
        x, y = data_of(description, batch, batches)
        model = keras_model(keras, description)

        def step(steps: int) -> None:
            for first in range(0, steps, batches):
                samples = min(batches, steps - first) * batch
                model.fit(x[:samples], y[:samples], batch_size=batch, shuffle=False, verbose=0)

        return step, "fit(shuffle=False)"
