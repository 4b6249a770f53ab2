"""Normalization, Add and ReLU in one pass give the bits of the steps one after the other.

ReLU(max_value=1e30) is the same function for the numbers here, and is never done in one pass with what makes its input.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import samebits as sb

layers = sb.layers


def normalized(x: Any) -> Any:
    return layers.BatchNormalization()(layers.Conv2D(5, 3, padding="same", use_bias=False)(x))


def after_normalization(x: Any, relu: Callable[[], Any]) -> list[Any]:
    return [relu()(normalized(x))]


def after_sum(x: Any, relu: Callable[[], Any]) -> list[Any]:
    first = relu()(normalized(x))
    second = relu()(layers.Add()([normalized(first), first]))
    return [relu()(layers.Add()([second, normalized(second)]))]


def after_sum_of_two_normalizations(x: Any, relu: Callable[[], Any]) -> list[Any]:
    return [relu()(layers.Add()([normalized(x), normalized(x)]))]


def normalization_with_two_readers(x: Any, relu: Callable[[], Any]) -> list[Any]:
    shared = normalized(x)
    return [relu()(shared), layers.Add()([shared, relu()(shared)])]


def sum_with_two_readers(x: Any, relu: Callable[[], Any]) -> list[Any]:
    total = layers.Add()([normalized(x), normalized(x)])
    return [layers.Add()([relu()(total), total, relu()(total)])]


def twice_rectified(x: Any, relu: Callable[[], Any]) -> list[Any]:
    return [relu()(relu()(normalized(x)))]


def with_pooling(x: Any, relu: Callable[[], Any]) -> list[Any]:
    return [layers.MaxPooling2D(2)(relu()(normalized(x)))]


def as_an_output(x: Any, relu: Callable[[], Any]) -> list[Any]:
    shared = normalized(x)
    return [shared, relu()(shared)]


def shared_normalization(x: Any, relu: Callable[[], Any]) -> list[Any]:
    normalize = layers.BatchNormalization()
    return [relu()(normalize(layers.Conv2D(5, 3)(x))), relu()(normalize(layers.Conv2D(5, 3)(x)))]


TOPOLOGIES = [
    after_normalization,
    after_sum,
    after_sum_of_two_normalizations,
    normalization_with_two_readers,
    sum_with_two_readers,
    twice_rectified,
    with_pooling,
    as_an_output,
    shared_normalization,
]


def trained(topology: Callable[..., list[Any]], relu: Callable[[], Any]) -> list[np.ndarray]:
    inputs = sb.Input(shape=(6, 7, 3))
    outputs = [layers.GlobalAveragePooling2D()(y) for y in topology(inputs, relu)]
    model = sb.Model(inputs, outputs if len(outputs) > 1 else outputs[0], seed=3)
    model.compile(optimizer=sb.optimizers.SGD(0.1, momentum=0.9), loss=["mse"] * len(outputs))
    numbers = np.random.default_rng(1)
    x = numbers.standard_normal((20, 6, 7, 3)).astype("float32")
    y = [numbers.standard_normal((20, 5)).astype("float32") for _ in outputs]
    model.fit(x, y if len(y) > 1 else y[0], batch_size=8, epochs=2, verbose=0)
    predicted = model.predict(x, verbose=0)
    return [*model.get_weights(), *(predicted if isinstance(predicted, list) else [predicted])]


@pytest.mark.parametrize("topology", TOPOLOGIES)
def test_the_bits_are_those_of_the_steps_one_after_the_other(topology: Callable[..., list[Any]]) -> None:
    together = trained(topology, lambda: layers.ReLU())
    apart = trained(topology, lambda: layers.ReLU(max_value=1e30))
    assert len(together) == len(apart) > 4
    for one, other in zip(together, apart, strict=True):
        assert one.tobytes() == other.tobytes()


def test_activation_and_layer_are_one_function() -> None:
    for topology in TOPOLOGIES:
        by_layer = trained(topology, lambda: layers.ReLU())
        by_name = trained(topology, lambda: layers.Activation("relu"))
        assert [x.tobytes() for x in by_layer] == [x.tobytes() for x in by_name]
