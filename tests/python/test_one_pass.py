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


def added_to_what_it_was_made_of(x: Any, relu: Callable[[], Any]) -> list[Any]:
    y = layers.Conv2D(5, 3)(x)
    return [relu()(layers.Add()([y, layers.BatchNormalization()(y)]))]


def added_to_itself(x: Any, relu: Callable[[], Any]) -> list[Any]:
    y = normalized(x)
    return [relu()(layers.Add()([y, y]))]


def sum_of_three(x: Any, relu: Callable[[], Any]) -> list[Any]:
    return [relu()(layers.Add()([normalized(x), normalized(x), normalized(x)]))]


def without_scale_or_center(x: Any, relu: Callable[[], Any]) -> list[Any]:
    first = relu()(layers.BatchNormalization(scale=False)(layers.Conv2D(5, 3)(x)))
    return [relu()(layers.BatchNormalization(center=False)(layers.Conv2D(5, 3)(first)))]


def of_the_input(x: Any, relu: Callable[[], Any]) -> list[Any]:
    return [layers.Conv2D(5, 3)(relu()(layers.BatchNormalization()(x)))]


def a_view_with_two_readers(x: Any, relu: Callable[[], Any]) -> list[Any]:
    flat = layers.Flatten()(relu()(normalized(x)))
    total = layers.Add()([layers.Dense(5)(flat), layers.Dense(5)(flat), layers.Dense(5)(flat)])
    return [layers.Reshape((1, 1, 5))(total)]


TOPOLOGIES = [
    added_to_what_it_was_made_of,
    added_to_itself,
    sum_of_three,
    without_scale_or_center,
    of_the_input,
    a_view_with_two_readers,
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


def test_what_is_done_in_one_pass_takes_no_memory_between() -> None:
    def forward_bytes(relu: Any) -> list[int]:
        x = sb.Input(shape=(16, 16, 8))
        y = layers.BatchNormalization(name="norm")(layers.Conv2D(8, 3, padding="same")(x))
        y = relu(layers.Add(name="sum")([y, x]))
        model = sb.Model(x, layers.GlobalAveragePooling2D()(y), seed=1)
        model.compile(optimizer="sgd", loss="mse")
        rows = {row.layer: row.forward for row in model.memory_plan(batch_size=4).rows}
        return [rows["norm"], rows["sum"]]

    statistics = 2 * 64  # the batch's mean and variance, in lines of 64 bytes
    assert forward_bytes(layers.ReLU()) == [statistics, 0]
    assert forward_bytes(layers.ReLU(max_value=1e30)) == [statistics, 4 * 16 * 16 * 8 * 4]


def test_activation_and_layer_are_one_function() -> None:
    for topology in TOPOLOGIES:
        by_layer = trained(topology, lambda: layers.ReLU())
        by_name = trained(topology, lambda: layers.Activation("relu"))
        assert [x.tobytes() for x in by_layer] == [x.tobytes() for x in by_name]
