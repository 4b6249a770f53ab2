"""The golden trainings by every door, on every instruction set, with one thread and three: one digest each.

C++'s door is tests/cpp/train/test_golden.cpp, which also has shortened trainings for what takes too long on generic.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import samebits as sb
from support import EXAMPLES, ROOT, Array, command

L = sb.layers
GOLDEN: dict[str, str] = json.loads((ROOT / "tests" / "golden" / "digests.json").read_text())
ISAS = str(sb.runtime.info()["isas"]).split(", ")
QUICK = ("digits_mlp.toml", "digits_halves.toml")  # the others take 8 to 50 s on generic, whose fma is made of integers


def isas(recipe: str) -> list[str]:
    return [isa for isa in ISAS if isa != "generic" or recipe in QUICK or len(ISAS) == 1]


EVERYWHERE = pytest.mark.parametrize(("recipe", "isa"), [(recipe, isa) for recipe in sorted(GOLDEN) for isa in isas(recipe)])


@pytest.fixture
def settings() -> Iterator[None]:
    before = sb.runtime.info()
    yield
    sb.runtime.configure(threads=int(before["threads"]), isa=before["isa"])  # type: ignore[arg-type, call-overload]


@pytest.mark.parametrize("threads", [1, 3])
@EVERYWHERE
def test_train(settings: None, recipe: str, isa: str, threads: int) -> None:
    sb.runtime.configure(isa=isa, threads=threads)  # type: ignore[arg-type]
    assert sb.train(EXAMPLES / recipe, verbose=0).digest() == GOLDEN[recipe]


@EVERYWHERE
def test_command_line(recipe: str, isa: str) -> None:
    done = command("train", str(EXAMPLES / recipe), "--quiet", SAMEBITS_ISA=isa, SAMEBITS_THREADS="3")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == f"digest: {GOLDEN[recipe]}"


# --- the same models, built by calls ------------------------------------------------------------------------------------------


def digits() -> tuple[Array, Array]:
    (images, labels), _ = sb.datasets.load_digits()
    return images[..., np.newaxis].astype(np.float32) / np.float32(16), labels


def mlp() -> sb.Model:
    dense = [L.Dense(64, activation="tanh"), L.Dense(32, activation="relu"), L.Dense(10, activation="softmax")]
    model = sb.Sequential([L.Flatten(input_shape=(8, 8, 1)), *dense], seed=7)
    optimizer = sb.optimizers.SGD(0.05, momentum=0.9, nesterov=True)
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    x, y = digits()
    model.fit(x, y, epochs=10, validation_split=0.1, verbose=0)
    return model


def bn() -> sb.Model:
    model = sb.Sequential(
        [
            L.Conv2D(16, 3, padding="same", use_bias=False, input_shape=(8, 8, 1)),
            L.BatchNormalization(momentum=0.9),
            L.ReLU(),
            L.MaxPooling2D(),
            L.Conv2D(32, 3, padding="same", use_bias=False, kernel_initializer="he_normal"),
            L.BatchNormalization(momentum=0.9),
            L.ReLU(),
            L.GlobalAveragePooling2D(),
            L.Dropout(0.2),
            L.Dense(10, activation="softmax", kernel_regularizer=sb.regularizers.L2(1e-4)),
        ],
        seed=7,
    )
    optimizer = sb.optimizers.SGD(0.05, momentum=0.9, nesterov=True)
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    x, y = digits()
    model.fit(x, y, epochs=10, validation_split=0.1, verbose=0)
    return model


def resnet() -> sb.Model:
    def convolved(x: Any, filters: int, size: int = 3, strides: int = 1, name: str | None = None) -> Any:
        y = L.Conv2D(filters, size, strides=strides, padding="same" if size > 1 else "valid", use_bias=False)(x)
        return L.BatchNormalization(momentum=0.9, name=name)(y)

    image = sb.Input((8, 8, 1), name="image")
    stem = L.ReLU(name="stem")(convolved(L.RandomTranslation(0.1, 0.1, name="shift")(image), 16))
    first = convolved(L.ReLU()(convolved(stem, 16)), 16, name="first")
    block = L.ReLU(name="block")(L.Add()([first, stem]))
    second = convolved(L.ReLU()(convolved(block, 32, strides=2)), 32, name="second")
    last = L.ReLU()(L.Add()([second, convolved(block, 32, 1, strides=2, name="projection")]))
    model = sb.Model(image, L.Dense(10)(L.GlobalAveragePooling2D()(last)), seed=7)
    rate = sb.optimizers.schedules.CosineDecay(0.0, 240, warmup_target=0.005, warmup_steps=20)
    loss = sb.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(sb.optimizers.AdamW(rate), loss, metrics=["accuracy"])
    model.fit(*digits(), epochs=5, verbose=0)
    return model


def halves() -> sb.Model:
    left, right = sb.Input((8, 4, 1), name="left"), sb.Input((8, 4, 1), name="right")
    look = L.Conv2D(8, 3, padding="same", activation="gelu", name="look")
    x = L.Concatenate(axis=2)([look(left), look(right)])
    x = L.SeparableConv2D(16, 3, strides=2, padding="same", activation="relu")(x)
    x = L.LayerNormalization()(L.Flatten()(x))
    model = sb.Model([left, right], L.Dense(10, activation="softmax")(x), seed=7)
    model.compile(sb.optimizers.RMSprop(0.001, momentum=0.5), "sparse_categorical_crossentropy", metrics=["accuracy"])
    x_train, y_train = digits()
    x_train, y_train = x_train[:1000], y_train[:1000]
    model.fit([x_train[:, :, :4], x_train[:, :, 4:]], y_train, epochs=8, validation_split=0.2, verbose=0)
    return model


@pytest.mark.parametrize("build", [mlp, bn, resnet, halves])
def test_model_built_by_calls(settings: None, build: Callable[[], sb.Model]) -> None:
    for isa, threads in ((ISAS[-1], 3), (ISAS[len(ISAS) // 2], 1)):
        sb.runtime.configure(isa=isa, threads=threads)  # type: ignore[arg-type]
        assert build().digest() == GOLDEN[f"digits_{build.__name__}.toml"]


def test_halves_are_the_digits() -> None:
    (images, labels), _ = sb.datasets.load_digits()
    left, right, label = (np.load(EXAMPLES / "digits_halves" / f"{name}.npy") for name in ("left", "right", "label"))
    assert (np.concatenate([left, right], axis=2)[..., 0] == images[:1000]).all() and (label == labels[:1000]).all()
