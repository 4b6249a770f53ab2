"""Optimizers, clipping, decay, regularizers and schedules: whole trainings equal the law, step by step."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import samebits as sb
from law import optimizer as law
from law.binary32 import from_float64, from_int, to_float64
from law.inputs import bits, same
from law.optimizer import add, div, fma, mul, sub

f32 = from_float64
L1L2 = sb.regularizers.L1L2
S = sb.optimizers.schedules

# One sample, one input, three outputs, mean squared error: dz = (2 * (w*x + b - y)) * (1 / 3), dw = dz * x, db = dz.
X, Y = np.array([[1.5]], np.float32), np.array([[0.3, -0.2, 4.0]], np.float32)
START = np.array([0.5, -0.25, 0.125], np.float32), np.array([0.0625, 0.0, -1.0], np.float32)


def linear(kernel: Any = None, bias: Any = None) -> sb.Sequential:
    layer = sb.layers.Dense(3, kernel_regularizer=kernel, bias_regularizer=bias)
    model = sb.Sequential([sb.Input((1,)), layer])
    model.set_weights([START[0][None, :], START[1]])
    return model


def gradients(w: list[int], b: list[int]) -> list[list[int]]:
    x, y = bits(X)[0], bits(Y)
    step = div(f32(1.0), from_int(3))
    out = [add(add(fma(x, wi, 0), bi), 0) for wi, bi in zip(w, b)]
    dz = [mul(mul(f32(2.0), sub(oi, yi)), step) for oi, yi in zip(out, y)]
    return [[add(fma(x, d, 0), 0) for d in dz], [add(d, 0) for d in dz]]


def loss(w: list[int], b: list[int]) -> int:
    x, y = bits(X)[0], bits(Y)
    e = [sub(add(add(fma(x, wi, 0), bi), 0), yi) for wi, bi, yi in zip(w, b, y)]
    return div(law.lane_products(e, e), from_int(3))


Update = Callable[[int, int, int, list[int], float], tuple[int, list[int]]]


def sgd(t: int, w: int, g: int, slots: list[int], rate: float) -> tuple[int, list[int]]:
    return law.sgd(w, g, 0, f32(rate), 0, False)[0], slots


def adam(t: int, w: int, g: int, slots: list[int], rate: float) -> tuple[int, list[int]]:
    alpha = law.adam_alpha(rate, 0.9, 0.999, t)
    w, *slots = law.adam(w, g, *slots[:2], alpha, f32(1 - 0.9), f32(1 - 0.999), f32(1e-7))
    return w, slots


def rms_prop(t: int, w: int, g: int, slots: list[int], rate: float) -> tuple[int, list[int]]:
    w, *slots = law.rms_prop(w, g, *slots[:2], f32(rate), f32(0.9), f32(1 - 0.9), 0, f32(1e-7))
    return w, slots


def rms_momentum(t: int, w: int, g: int, slots: list[int], rate: float) -> tuple[int, list[int]]:
    w, *slots = law.rms_prop(w, g, *slots[:2], f32(rate), f32(0.8), f32(1 - 0.8), f32(0.9), f32(1e-7))
    return w, slots


def train(
    update: Update,
    steps: int,
    rate: Callable[[int], float],
    decay: float | None = None,
    clip: tuple[str, float] | None = None,
    regularizers: tuple[tuple[float, float], tuple[float, float]] = ((0, 0), (0, 0)),
) -> tuple[list[list[int]], list[int]]:
    """The law's weights after `steps` steps, and the losses before each."""
    weights = [bits(START[0]), bits(START[1])]
    slots = [[[0, 0] for _ in tensor] for tensor in weights]
    losses = []
    for t in range(steps):
        total = loss(*weights)
        for tensor, (l1, l2) in zip(weights, regularizers):
            if l1 or l2:
                total = add(total, law.penalty(tensor, l1, l2))
        losses.append(total)
        grads = [
            [law.penalty_gradient(a, b, l1, l2) for a, b in zip(w, g)]
            for w, g, (l1, l2) in zip(weights, gradients(*weights), regularizers)
        ]
        if clip is not None:
            kind, limit = clip[0], f32(clip[1])
            if kind == "clipvalue":
                grads = [[law.clip_value(a, limit) for a in g] for g in grads]
            elif kind == "clipnorm":
                grads = [law.clip_norm([g], limit)[0] for g in grads]
            else:
                grads = law.clip_norm(grads, limit)
        for k, g in enumerate(grads):
            if decay is not None:
                weights[k] = [law.weight_decay(a, f32(decay), f32(rate(t))) for a in weights[k]]
            for i in range(len(g)):
                weights[k][i], slots[k][i] = update(t + 1, weights[k][i], g[i], slots[k][i], rate(t))
    return weights, losses


def check(model: sb.Sequential, optimizer: Any, law_says: tuple[list[list[int]], list[int]]) -> None:
    model.compile(optimizer, "mse")
    weights, losses = law_says
    for expected in losses:
        before = model.evaluate(X, Y, verbose=0)
        model.reset_metrics()
        got = model.train_on_batch(X, Y)
        assert got == before == to_float64(expected)
    for tensor, want in zip(model.get_weights(), weights):
        same(tensor, want)


def constant(rate: float) -> Callable[[int], float]:
    return lambda t: rate


O = sb.optimizers  # noqa: E741
OPTIMIZERS: dict[str, tuple[Callable[..., Any], Update, dict[str, float]]] = {
    "sgd": (O.SGD, sgd, {}),
    "adam": (O.Adam, adam, {}),
    "adamw": (O.AdamW, adam, {}),
    "rmsprop": (O.RMSprop, rms_prop, {}),
    "rmsprop with momentum": (O.RMSprop, rms_momentum, {"rho": 0.8, "momentum": 0.9}),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("clip", [None, ("clipvalue", 0.3), ("clipnorm", 0.5), ("global_clipnorm", 0.75), ("clipnorm", 100.0)])
def test_updates(name: str, clip: tuple[str, float] | None) -> None:
    make, update, arguments = OPTIMIZERS[name]
    extra: dict[str, Any] = dict([clip]) if clip else {}
    decay = 0.004 if name == "adamw" else None
    check(linear(), make(0.01, **arguments, **extra), train(update, 3, constant(0.01), decay, clip))


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_decay(name: str) -> None:
    make, update, arguments = OPTIMIZERS[name]
    check(linear(), make(0.01, **arguments, weight_decay=0.1), train(update, 3, constant(0.01), 0.1))


def test_clipping_limits_something() -> None:
    """The limits above lie below the norms and elements, except 100."""
    norms = [math.sqrt(sum(to_float64(a) ** 2 for a in g)) for g in gradients(*map(bits, START))]
    assert min(norms) > 0.75 and max(norms) < 100
    plain = train(sgd, 3, constant(0.01))[0]
    clips = [("clipvalue", 0.3), ("clipnorm", 0.5), ("global_clipnorm", 0.75), ("global_clipnorm", 0.5)]
    results = [plain, *(train(sgd, 3, constant(0.01), None, clip)[0] for clip in clips)]
    assert all(a != b for i, a in enumerate(results) for b in results[:i])
    assert train(sgd, 3, constant(0.01), None, ("clipnorm", 100.0))[0] == plain


@pytest.mark.parametrize("kernel", [(0.1, 0.0), (0.0, 0.01), (0.1, 0.01), (0.0, 0.0)])
@pytest.mark.parametrize("clip", [None, ("global_clipnorm", 0.75)])
def test_regularizers(kernel: tuple[float, float], clip: tuple[str, float] | None) -> None:
    bias = (0.03, 0.0)
    optimizer = O.SGD(0.01, weight_decay=0.1, **dict([clip] if clip else []))
    says = train(sgd, 3, constant(0.01), 0.1, clip, (kernel, bias))
    check(linear(L1L2(*kernel), sb.regularizers.L1(0.03)), optimizer, says)


def test_penalties_are_part_of_loss_and_val_loss() -> None:
    model, plain = linear("l2"), linear()
    for m in (model, plain):
        m.compile("sgd", "mse", metrics=["mse"])
    extra = 0.01 * float(np.sum(START[0].astype(np.float64) ** 2))
    with_, without = model.evaluate(X, Y, verbose=0), plain.evaluate(X, Y, verbose=0)
    assert with_[0] == pytest.approx(without[0] + extra, rel=1e-6) and with_[0] > without[0]
    history = model.fit(X, Y, validation_data=(X, Y), verbose=0).history
    assert history["loss"][0] == with_[0]
    assert history["val_loss"] == [model.evaluate(X, Y, verbose=0)[0]]


def test_a_shared_layer_has_one_penalty() -> None:
    x = sb.Input((2,))
    layer = sb.layers.Dense(2, kernel_regularizer="l2")
    model = sb.Model(x, layer(layer(x)))
    model.compile("sgd", "mse")
    data = np.ones((1, 2), np.float32)
    w = model.get_weights()[0].astype(np.float64)
    bare = float(np.mean((model.predict(data, verbose=0).astype(np.float64) - data) ** 2))
    assert model.evaluate(data, data, verbose=0) == pytest.approx(bare + 0.01 * np.sum(w**2), rel=1e-6)


# --- schedules ---------------------------------------------------------------------------------------------------------------

SCHEDULES: list[tuple[Any, Callable[[int], float], Callable[[float], float]]] = [
    (S.ExponentialDecay(0.1, 3, 0.5), lambda t: law.exponential_decay(t, 0.1, 3, 0.5), lambda t: 0.1 * 0.5 ** (t / 3)),
    (
        S.ExponentialDecay(0.1, 3, 0.96, staircase=True),
        lambda t: law.exponential_decay(t, 0.1, 3, 0.96, True),
        lambda t: 0.1 * 0.96 ** (t // 3),
    ),
    (
        S.CosineDecay(0.1, 10, 0.1),
        lambda t: law.cosine_decay(t, 0.1, 10, 0.1),
        lambda t: 0.1 * (0.9 * (1 + math.cos(math.pi * min(t, 10) / 10)) / 2 + 0.1),
    ),
    (
        S.CosineDecay(0.01, 10, warmup_target=0.2, warmup_steps=4),
        lambda t: law.cosine_decay(t, 0.01, 10, 0.0, 0.2, 4),
        lambda t: 0.01 + 0.19 * t / 4 if t < 4 else 0.2 * (1 + math.cos(math.pi * min(t - 4, 10) / 10)) / 2,
    ),
    (
        S.PiecewiseConstantDecay([2, 5], [0.1, 0.01, 0.001]),
        lambda t: law.piecewise_constant_decay(t, [2, 5], [0.1, 0.01, 0.001]),
        lambda t: 0.1 if t <= 2 else 0.01 if t <= 5 else 0.001,
    ),
    (
        S.PolynomialDecay(0.1, 7, 0.01),
        lambda t: law.polynomial_decay(t, 0.1, 7, 0.01),
        lambda t: 0.09 * (1 - min(t, 7) / 7) + 0.01,
    ),
    (
        S.PolynomialDecay(0.1, 7, power=0.5),
        lambda t: law.polynomial_decay(t, 0.1, 7, power=0.5),
        lambda t: 0.0999 * (1 - min(t, 7) / 7) ** 0.5 + 0.0001,
    ),
    (
        S.PolynomialDecay(0.1, 3, 0.01, 2, cycle=True),
        lambda t: law.polynomial_decay(t, 0.1, 3, 0.01, 2, True),
        lambda t: 0.09 * (1 - t / (3 * max(math.ceil(t / 3), 1))) ** 2 + 0.01,
    ),
    (S.InverseTimeDecay(0.1, 2, 0.5), lambda t: law.inverse_time_decay(t, 0.1, 2, 0.5), lambda t: 0.1 / (1 + 0.5 * t / 2)),
    (
        S.InverseTimeDecay(0.1, 2, 0.5, True),
        lambda t: law.inverse_time_decay(t, 0.1, 2, 0.5, True),
        lambda t: 0.1 / (1 + 0.5 * (t // 2)),
    ),
]
IDS = [repr(schedule) for schedule, _, _ in SCHEDULES]


@pytest.mark.parametrize(("schedule", "says", "keras"), SCHEDULES, ids=IDS)
def test_schedules(schedule: Any, says: Callable[[int], float], keras: Callable[[float], float]) -> None:
    rates = [schedule(t) for t in range(20)]
    assert rates == [says(t) for t in range(20)]
    assert rates == pytest.approx([keras(t) for t in range(20)], rel=1e-6, abs=1e-9)
    assert len(set(rates)) > 2
    again = type(schedule).from_config(schedule.get_config())
    assert again == schedule and repr(again) == repr(schedule)


@pytest.mark.parametrize(("schedule", "says", "keras"), SCHEDULES, ids=IDS)
@pytest.mark.parametrize("name", ["sgd", "adam"])
def test_scheduled_training(schedule: Any, says: Callable[[int], float], keras: Callable[[float], float], name: str) -> None:
    make, update, _ = OPTIMIZERS[name]
    check(linear(), make(schedule, weight_decay=0.1), train(update, 4, says, 0.1))


def test_large_powers_and_bases_are_finite() -> None:
    assert S.PolynomialDecay(0.1, 3, power=200.0)(3) == 0.0001
    assert S.PolynomialDecay(0.1, 3, power=64.0)(1) == law.polynomial_decay(1, 0.1, 3, power=64.0)
    assert S.PolynomialDecay(0.1, 3, power=0.0)(3) == pytest.approx(0.1)
    assert S.CosineDecay(0.1, 3)(10**12) == 0.0
    for t in range(1, 4000):  # t / 0.1 rounds to whole numbers that are too small
        assert 0 <= S.PolynomialDecay(1.0, 0.1, 0.0, 0.5, cycle=True)(t) <= 1


def test_iterations_and_rates_of_an_optimizer(tmp_path: Path) -> None:
    schedule = S.PiecewiseConstantDecay([0, 1], [0.5, 0.25, 0.125])
    optimizer = O.RMSprop(schedule)
    assert (optimizer.learning_rate, optimizer.iterations) == (0.5, 0)
    model = linear()
    model.compile(optimizer, "mse")
    for t, rate in enumerate([0.5, 0.25, 0.125, 0.125]):
        assert (optimizer.learning_rate, optimizer.iterations) == (rate, t)
        if t == 1:
            model.save(tmp_path / "model.safetensors")
        model.train_on_batch(X, Y)
    again = sb.models.load_model(tmp_path / "model.safetensors")
    assert isinstance(again.optimizer, O.RMSprop)
    assert again.optimizer.get_config() == optimizer.get_config()
    assert (again.optimizer.learning_rate, again.optimizer.iterations) == (0.25, 1)
    for _ in range(3):
        again.train_on_batch(X, Y)
    assert again.digest() == model.digest()
    with pytest.raises(TypeError, match="schedule"):
        optimizer.learning_rate = 0.1
    with pytest.raises(TypeError, match="schedule"):
        O.SGD(schedule).learning_rate = 0.1
    numeric = O.SGD(0.1)
    numeric.learning_rate = 0.2
    assert numeric.learning_rate == 0.2


@pytest.mark.parametrize("optimizer", [
    O.AdamW(0.01, 0.1, clipnorm=0.5),
    O.SGD(S.CosineDecay(0.1, 10), momentum=0.9, global_clipnorm=0.75),
    O.RMSprop(momentum=0.5, clipvalue=0.1),
    O.Adam(weight_decay=0.01),
], ids=lambda o: type(o).__name__)  # fmt: skip
def test_saving_half_way_changes_nothing(optimizer: Any, tmp_path: Path) -> None:
    model = linear("l1")
    model.compile(optimizer, "mse")
    model.fit(X, Y, epochs=2, verbose=0)
    model.save(tmp_path / "m.safetensors")
    again = sb.models.load_model(tmp_path / "m.safetensors")
    for m in (model, again):
        m.fit(X, Y, epochs=2, verbose=0)
    assert again.digest() == model.digest()
    assert again.optimizer is not None and again.optimizer.get_config() == optimizer.get_config()


def test_configs() -> None:
    assert O.AdamW().get_config() == {
        "learning_rate": 0.001,
        "weight_decay": 0.004,
        "beta_1": 0.9,
        "beta_2": 0.999,
        "epsilon": 1e-7,
        "clipnorm": None,
        "clipvalue": None,
        "global_clipnorm": None,
    }
    assert O.RMSprop().get_config()["rho"] == 0.9
    given = O.SGD(S.CosineDecay(0.1, 10), weight_decay=0.1, clipvalue=3)
    assert repr(O.SGD.from_config(given.get_config())) == repr(given)
    model = linear()
    model.compile(loss="mse")
    assert isinstance(model.optimizer, O.RMSprop)


REFUSED: list[tuple[type[Exception], str, Callable[[], object]]] = [
    (ValueError, "one of clipnorm", lambda: O.SGD(clipnorm=1.0, clipvalue=1.0)),
    (ValueError, "clipnorm=0", lambda: O.SGD(clipnorm=0.0)),
    (ValueError, "clipvalue=-1", lambda: O.Adam(clipvalue=-1)),
    (ValueError, "global_clipnorm", lambda: O.Adam(global_clipnorm=1e-60)),
    (ValueError, "weight_decay=-1", lambda: O.Adam(weight_decay=-1)),
    (ValueError, "AdamW.*weight_decay", lambda: O.AdamW(weight_decay=None)),  # type: ignore[arg-type]
    (TypeError, "weight_decay", lambda: O.SGD(weight_decay="much")),  # type: ignore[arg-type]
    (ValueError, "rho=2", lambda: O.RMSprop(rho=2)),
    (NotImplementedError, "centered", lambda: O.RMSprop(centered=True)),
    (NotImplementedError, "amsgrad", lambda: O.AdamW(amsgrad=True)),
    (NotImplementedError, "use_ema", lambda: O.RMSprop(use_ema=True)),
    (NotImplementedError, "functions", lambda: O.SGD(lambda: 0.1)),  # type: ignore[arg-type]
    (NotImplementedError, "of your own", lambda: O.SGD(type("Mine", (S.LearningRateSchedule,), {})())),
    (ValueError, "decay_steps=0", lambda: S.CosineDecay(0.1, 0)),
    (ValueError, "decay_steps=-1", lambda: S.ExponentialDecay(0.1, -1, 0.5)),
    (ValueError, "decay_rate=0", lambda: S.ExponentialDecay(0.1, 1, 0.0)),
    (ValueError, "decay_rate=-1", lambda: S.InverseTimeDecay(0.1, 1, -1.0)),
    (ValueError, "initial_learning_rate=-1", lambda: S.PolynomialDecay(-1, 1)),
    (ValueError, "one value more", lambda: S.PiecewiseConstantDecay([1], [0.1])),
    (ValueError, "ascend", lambda: S.PiecewiseConstantDecay([2, 1], [0.1, 0.1, 0.1])),
    (ValueError, "warmup_target", lambda: S.CosineDecay(0.1, 10, warmup_steps=3)),
    (TypeError, "staircase", lambda: S.ExponentialDecay(0.1, 1, 0.5, staircase=1)),  # type: ignore[arg-type]
    (TypeError, "values", lambda: S.PiecewiseConstantDecay([1], 0.1)),  # type: ignore[arg-type]
    (TypeError, "did you mean", lambda: S.PolynomialDecay(0.1, 1, powr=2)),
    (NotImplementedError, "name", lambda: S.CosineDecay(0.1, 1, name="mine")),
    (NotImplementedError, "CosineDecayRestarts", lambda: S.CosineDecayRestarts),
    (NotImplementedError, "Nadam", lambda: O.Nadam),
]


@pytest.mark.parametrize(("error", "words", "call"), REFUSED, ids=range(len(REFUSED)))
def test_refused(error: type[Exception], words: str, call: Callable[[], object]) -> None:
    with pytest.raises(error, match=words):
        call()
