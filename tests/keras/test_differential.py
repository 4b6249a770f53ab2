"""Random models in samebits and in Keras: predictions, evaluation and four training steps agree within what compare.py says.

Two libraries that round differently never agree in bits; this says that ours computes the same mathematics as the one whose
names it has. What is drawn and what is not: random_models.py.
"""

import dataclasses
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pytest

import samebits as sb
from compare import differences
from described import Case, Made
from random_models import ACTIVATIONS, ALGORITHMS, LOSSES, OPTIMIZERS, random_model

CI_SEEDS = 30
drawn = lru_cache(maxsize=None)(random_model)


def test_a_random_model_does_what_it_does_in_keras(seed: int) -> None:
    found = differences(drawn(seed))
    print(found)
    assert max(found.values()) <= 1, found


# --- everything is drawn ------------------------------------------------------------------------------------------------------


def kinds(path: str) -> set[str]:
    """The kinds of a module that the models of CI are made of."""
    parts = [part for seed in range(CI_SEEDS) for part in drawn(seed).parts()]
    return {part.kind for part in parts if part.path.rpartition(".")[0] == path}


def offered(module: Any, base: type) -> set[str]:
    """The classes of one of our modules."""
    found = [getattr(module, name) for name in module.__all__]
    return {c.__name__ for c in found if isinstance(c, type) and issubclass(c, base) and c is not base}


def test_ci_has_every_layer() -> None:
    not_comparable = {"InputLayer", "RandomCrop", "RandomFlip", "RandomTranslation"}  # augmentation draws otherwise
    assert kinds("layers") == offered(sb.layers, sb.layers.Layer) - not_comparable


def test_ci_has_every_optimizer_loss_metric_regularizer_and_schedule() -> None:
    assert kinds("optimizers") == offered(sb.optimizers, sb.optimizers.Optimizer)
    assert kinds("losses") == offered(sb.losses, sb.losses.Loss)
    assert kinds("metrics") == offered(sb.metrics, sb.metrics.Metric) - {"Accuracy"}  # equality of floats
    assert kinds("regularizers") == offered(sb.regularizers, sb.regularizers.Regularizer)
    schedules = sb.optimizers.schedules
    assert kinds("optimizers.schedules") == offered(schedules, schedules.LearningRateSchedule)


def test_ci_has_every_argument() -> None:
    cases = [drawn(seed) for seed in range(CI_SEEDS)]
    optimizers = [dict(case.optimizer.arguments) for case in cases]
    for _, arguments, _ in OPTIMIZERS:
        assert any(arguments.items() <= given.items() for given in optimizers), arguments
    for name in ("clipnorm", "clipvalue", "global_clipnorm", "weight_decay"):
        assert any(name in given for given in optimizers), name
    for kind, arguments, _ in LOSSES:
        assert any(Made(f"losses.{kind}", arguments) in case.losses for case in cases), (kind, arguments)
    layers = [layer for case in cases for layer in case.graph.layers]
    assert {layer.arguments.get("activation") for layer in layers} >= {*ACTIVATIONS, "softmax", "sigmoid", None}
    assert {layer.arguments.get("algorithm") for layer in layers} >= {*ALGORITHMS}
    for kind in ("Conv2D", "DepthwiseConv2D", "SeparableConv2D"):
        for name in ("strides", "dilation_rate"):
            assert any(layer.kind == kind and name in layer.arguments for layer in layers), (kind, name)
        assert {layer.arguments.get("padding", "valid") for layer in layers if layer.kind == kind} == {"valid", "same"}


def test_ci_meets_winograd_where_nobody_asked_for_it() -> None:
    def is_wide(layer: Made) -> bool:
        return layer.arguments.get("algorithm") == "auto" and layer.arguments["filters"] >= 16

    def predicted(case: Case, algorithm: str) -> list[bytes]:
        layers = [
            Made(layer.path, {**layer.arguments, "algorithm": algorithm}) if is_wide(layer) else layer
            for layer in case.graph.layers
        ]
        outputs = dataclasses.replace(case.graph, layers=layers).by(sb, case.seed).predict(case.x, verbose=0)
        return [y.tobytes() for y in (outputs if isinstance(outputs, list) else [outputs])]

    wide = [case for case in map(drawn, range(CI_SEEDS)) if any(map(is_wide, case.graph.layers))]
    assert len(wide) >= 3
    for case in wide:
        assert predicted(case, "auto") != predicted(case, "direct")


def test_ci_has_every_form_of_model_and_weighting() -> None:
    cases = [drawn(seed) for seed in range(CI_SEEDS)]
    forms: dict[str, Callable[[Case], bool]] = {
        "sequential": lambda case: case.graph.sequential,
        "two inputs": lambda case: len(case.x) == 2,
        "two outputs": lambda case: len(case.y) == 2,
        "loss weights": lambda case: case.loss_weights is not None,
        "a shared layer": lambda case: len(case.graph.calls) > len(case.graph.layers),
        "sample weights": lambda case: case.sample_weight is not None,
        "class weights": lambda case: case.class_weight is not None,
    }
    for form, has in forms.items():
        assert any(map(has, cases)), form
    assert all(len(case.batches()) == 4 and 5 <= len(case.x[0]) % case.batch < case.batch for case in cases)


# --- a difference is found ----------------------------------------------------------------------------------------------------


def altered(made: Any, kind: str, **arguments: Any) -> Any:
    """The same with other arguments for everything of a kind; kind "*": for everything that was given them."""
    if isinstance(made, list):
        return [altered(one, kind, **arguments) for one in made]
    if not isinstance(made, Made):
        return made
    given = {name: altered(value, kind, **arguments) for name, value in made.arguments.items()}
    mine = made.kind == kind or (kind == "*" and arguments.keys() <= given.keys())
    return Made(made.path, given | arguments if mine else given)


def otherwise(case: Case, kind: str, **arguments: Any) -> Case:
    graph = dataclasses.replace(case.graph, layers=altered(case.graph.layers, kind, **arguments))
    optimizer, losses = altered(case.optimizer, kind, **arguments), altered(case.losses, kind, **arguments)
    return dataclasses.replace(case, graph=graph, optimizer=optimizer, losses=losses)


def told(case: Case) -> list[Any]:
    return [case.graph.layers, case.optimizer, case.losses]


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [
        ("SGD", {"momentum": 0.85}),
        ("SGD", {"nesterov": False}),
        ("Adam", {"beta_1": 0.81}),
        ("Adam", {"beta_2": 0.951}),
        ("Adam", {"epsilon": 1.1e-4}),
        ("AdamW", {"weight_decay": 0.055}),
        ("RMSprop", {"rho": 0.81}),
        ("RMSprop", {"momentum": 0.71}),
        ("RMSprop", {"epsilon": 1.1e-5}),
        ("*", {"clipnorm": 0.051}),
        ("*", {"clipvalue": 0.0102}),
        ("*", {"global_clipnorm": 0.102}),
        ("SGD", {"weight_decay": 0.055}),
        ("ExponentialDecay", {"decay_rate": 0.71}),
        ("CosineDecay", {"alpha": 0.05}),
        ("PolynomialDecay", {"power": 1.0}),
        ("InverseTimeDecay", {"decay_rate": 0.85}),
        ("PiecewiseConstantDecay", {"boundaries": [0, 2]}),
        ("*", {"label_smoothing": 0.11}),
        ("Huber", {"delta": 0.71}),
        ("L1", {"l1": 0.0101}),
        ("L2", {"l2": 0.0202}),
        ("L1L2", {"l1": 0.0031}),
        ("BatchNormalization", {"epsilon": 1.1e-3}),
        ("BatchNormalization", {"momentum": 0.98}),
        ("LayerNormalization", {"epsilon": 1.1e-3}),
        ("LeakyReLU", {"negative_slope": 0.101}),
        ("ELU", {"alpha": 0.99}),
        ("ReLU", {"max_value": 1.31}),
        ("*", {"activation": "gelu"}),
        ("Rescaling", {"offset": 0.1001}),
    ],
)
def test_another_argument_in_keras_is_found(kind: str, arguments: dict[str, Any]) -> None:
    """In some model of CI that has the argument with another value: a clipped gradient, say, hides a factor before it."""
    for seed in range(CI_SEEDS):
        case = drawn(seed)
        other = otherwise(case, kind, **arguments)
        if told(other) != told(case):
            found = differences(case, other)
            print(seed, found)
            if max(found.values()) > 1:
                return
    pytest.fail("no model shows it")


@pytest.mark.parametrize("name", ["sample_weight", "class_weight", "loss_weights"])
def test_weights_left_out_in_keras_are_found(name: str) -> None:
    case = next(case for case in map(drawn, range(CI_SEEDS)) if getattr(case, name) is not None)
    found = differences(case, dataclasses.replace(case, **{name: None}))
    print(found)
    assert found["step"] > 1 and found["updates"] > 1, found
