"""Models of inputs and outputs: branches, shared layers, several losses; against NumPy, and the same through every door."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import samebits as sb
from support import Array, blobs, cnn

L = sb.layers
RANDOM = np.random.default_rng(5)
A, B = RANDOM.normal(size=(2, 48, 6)).astype(np.float32)
LABELS = RANDOM.integers(0, 3, 48)
VALUES = RANDOM.normal(size=(48, 2)).astype(np.float32)


def two_towers(seed: int = 3) -> sb.Model:
    """A shared Dense on two inputs, two outputs."""
    left, right = sb.Input((6,), name="left"), sb.Input((6,), name="right")
    shared = L.Dense(5, activation="tanh")
    a, b = shared(left), shared(right)
    label = L.Dense(3, activation="softmax", name="label")(a)
    value = L.Dense(2, name="value")(b)
    model = sb.Model([left, right], [label, value], seed=seed)
    model.compile(
        sb.optimizers.SGD(0.1),
        loss={"label": "sparse_categorical_crossentropy", "value": "mse"},
        loss_weights={"label": 1.0, "value": 0.5},
        metrics={"label": ["accuracy"]},
    )
    return model


def test_a_chain_of_calls_is_a_sequential() -> None:
    x, y = blobs()
    digests = []
    for functional in (False, True):
        chain = [
            L.Conv2D(4, 3, activation="relu"),
            L.MaxPooling2D(2),
            L.Flatten(),
            L.Dropout(0.2),
            L.Dense(3, activation="softmax"),
        ]
        first = sb.Input(x.shape[1:])
        if functional:
            last: Any = first
            for layer in chain:
                last = layer(last)
            model = sb.Model(first, last, seed=7)
        else:
            model = sb.Sequential([first, *chain], seed=7)
        model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        history = model.fit(x, y, epochs=2, verbose=0)
        digests.append((model.digest(), history.history))
    assert digests[0] == digests[1]


def test_what_a_functional_model_computes() -> None:
    model = two_towers()
    kernel, bias, k1, b1, k2, b2 = (w.astype(np.float64) for w in model.get_weights())
    label, value = model.predict([A, B], verbose=0)
    logits = np.tanh(A @ kernel + bias) @ k1 + b1
    p = np.exp(logits - logits.max(-1, keepdims=True))
    np.testing.assert_allclose(label, p / p.sum(-1, keepdims=True), atol=1e-6)
    np.testing.assert_allclose(value, np.tanh(B @ kernel + bias) @ k2 + b2, atol=1e-6)


def test_a_shared_layer_gets_the_gradients_of_its_uses() -> None:
    model = two_towers()
    before = [w.astype(np.float64) for w in model.get_weights()]
    model.train_on_batch([A, B], [LABELS, VALUES])
    after = model.get_weights()
    kernel, bias, k1, b1, k2, b2 = before
    ha, hb = np.tanh(A @ kernel + bias), np.tanh(B @ kernel + bias)
    logits = ha @ k1 + b1
    p = np.exp(logits - logits.max(-1, keepdims=True))
    p /= p.sum(-1, keepdims=True)
    da = (p - np.eye(3)[LABELS]) / 48
    db = 0.5 * 2 * (hb @ k2 + b2 - VALUES) / (2 * 48)
    za, zb = (da @ k1.T) * (1 - ha**2), (db @ k2.T) * (1 - hb**2)
    gradients = [A.T @ za + B.T @ zb, za.sum(0) + zb.sum(0), ha.T @ da, da.sum(0), hb.T @ db, db.sum(0)]
    for w, g, new in zip(before, gradients, after, strict=True):
        np.testing.assert_allclose(new, w - 0.1 * g, atol=2e-6)


def test_losses_are_added_with_their_weights() -> None:
    model = two_towers()
    result = model.evaluate([A, B], [LABELS, VALUES], verbose=0, return_dict=True)
    assert list(result) == ["loss", "label_loss", "value_loss", "label_accuracy"]
    assert result["loss"] == pytest.approx(result["label_loss"] + 0.5 * result["value_loss"], rel=1e-6)
    history = model.fit([A, B], [LABELS, VALUES], epochs=2, batch_size=16, verbose=0, validation_split=0.25)
    assert {"loss", "label_loss", "value_loss", "label_accuracy", "val_loss", "val_label_accuracy"} <= set(history.history)


def test_arrays_by_name_and_by_place_are_the_same() -> None:
    one, two = two_towers(), two_towers()
    one.fit([A, B], [LABELS, VALUES], verbose=0)
    two.fit({"right": B, "left": A}, {"value": VALUES, "label": LABELS}, verbose=0)
    assert one.digest() == two.digest()
    assert one.digest() == one.digest()
    assert [w.path for w in one.weights][:2] == ["dense/kernel", "dense/bias"]


def test_names_come_from_the_graph_not_from_the_order_of_the_calls() -> None:
    def build(flip: bool) -> sb.Model:
        x = sb.Input((6,))
        one, two = L.Dense(4), L.Dense(4)
        if flip:
            b, a = two(x), one(x)
        else:
            a, b = one(x), two(x)
        return sb.Model(x, L.Dense(2)(L.Add()([a, b])), seed=1)

    models = [build(False), build(True)]
    assert [w.path for w in models[0].weights] == [w.path for w in models[1].weights]
    assert models[0].digest() == models[1].digest()


def test_a_functional_model_is_saved_whole(tmp_path: Path) -> None:
    model, other = two_towers(), two_towers()
    for m in (model, other):
        m.fit([A, B], [LABELS, VALUES], epochs=1, verbose=0)
    model.save(tmp_path / "m.safetensors")
    loaded = sb.load_model(tmp_path / "m.safetensors")
    assert type(loaded) is sb.Model
    assert loaded.digest() == model.digest()
    assert [layer.name for layer in loaded.layers] == [layer.name for layer in model.layers]
    for m in (loaded, other):
        m.fit([A, B], [LABELS, VALUES], epochs=1, verbose=0)
    assert loaded.digest() == other.digest()
    again = sb.models.model_from_json(model.to_json())
    assert again.digest() == two_towers().digest()


RECIPE = """
seed = 3
[data]
source = "npy"
x = ["a.npy", "b.npy"]
y = ["labels.npy", "values.npy"]
[model]
layers = [
  { type = "InputLayer", shape = [6], name = "left" },
  { type = "InputLayer", shape = [6], name = "right" },
  { type = "Dense", units = 5, activation = "tanh", name = "dense", inputs = "left" },
  { call = "dense", name = "again", inputs = "right" },
  { type = "Dense", units = 3, activation = "softmax", name = "label", inputs = "dense" },
  { type = "Dense", units = 2, name = "value", inputs = ["again"] },
]
outputs = ["label", "value"]
[train]
optimizer = { type = "SGD", learning_rate = 0.1 }
loss = ["sparse_categorical_crossentropy", "mse"]
loss_weights = [1.0, 0.5]
metrics = [["accuracy"], []]
epochs = 2
batch_size = 16
"""


def test_a_recipe_says_the_same(tmp_path: Path) -> None:
    for name, array in {"a": A, "b": B, "labels": LABELS, "values": VALUES}.items():
        np.save(tmp_path / f"{name}.npy", array)
    (tmp_path / "r.toml").write_text(RECIPE)
    run = sb.train(tmp_path / "r.toml", verbose=0)
    model = two_towers()
    model.fit([A, B], [LABELS, VALUES], epochs=2, batch_size=16, verbose=0)
    assert run.digest() == model.digest()
    wrong = RECIPE.replace('inputs = ["again"]', 'inputs = ["agian"]')
    (tmp_path / "w.toml").write_text(wrong)
    with pytest.raises(ValueError, match=r"w.toml:\d+.*agian.*did you mean \"again\""):
        sb.train(tmp_path / "w.toml", verbose=0)


def wrong_graphs() -> dict[str, tuple[type[Exception], str, Any]]:
    x, z, image = sb.Input((6,)), sb.Input((4,)), sb.Input((6, 6, 1))
    shared = L.Dense(3, name="both")
    h = shared(x)
    one_shape = "all inputs must have one shape; got"
    window = r"the window is larger than its input; got window \(9, 9\) on input \(None, 6, 6, 1\)"
    fit = r"a shared layer's inputs must fit one kernel; got shape \(6, 3\) and now \(4, 3\)"
    return {
        "shapes": (ValueError, rf"^\[Add\] {one_shape} \(None, 6\) and \(None, 4\)", lambda: L.Add()([x, z])),
        "named": (ValueError, rf'^\[Add\] "join": {one_shape} \(None, 6\) and \(None, 4\)', lambda: L.Add(name="join")([x, z])),
        "window": (ValueError, rf'^\[Conv2D\] "eye": {window}', lambda: L.Conv2D(2, 9, name="eye")(image)),
        "one input": (ValueError, r'^\[Dense\] "both": takes one input; got 2', lambda: shared([x, z])),
        "shared": (ValueError, rf'^\[Dense\] "both": {fit}', lambda: sb.Model([x, z], [h, shared(z)])),
        "missing input": (ValueError, r"\[Model\].*not among the inputs", lambda: sb.Model(z, h)),
        "unused input": (ValueError, r"\[Model\] every input", lambda: sb.Model([x, z], h)),
        "twice": (ValueError, r"\[Model\] inputs must differ", lambda: sb.Model([x, x], h)),
        "no layer": (ValueError, r"\[Model\] an output comes from a layer", lambda: sb.Model(x, x)),
        "not symbolic": (TypeError, r"\[Model\] inputs", lambda: sb.Model(A, h)),
        "array": (TypeError, r'^\[Dense\] "both": inputs', lambda: shared(A)),
        "inner": (ValueError, r'^\[Model\] inputs come from Input.*Dense "both"', lambda: sb.Model(h, L.Dense(2)(h))),
        "names": (ValueError, r"names must differ", lambda: sb.Model(x, L.Dense(2, name="d")(L.Dense(2, name="d")(x)))),
    }


@pytest.mark.parametrize("what", list(wrong_graphs()))
def test_a_wrong_graph_says_which_layer_and_shapes(what: str) -> None:
    error, text, make = wrong_graphs()[what]
    with pytest.raises(error, match=text):
        make()


def test_a_wrong_sequential_says_the_name_that_its_layer_would_have() -> None:
    window = r'^\[Conv2D\] "conv2d_1": the window is larger than its input; got window \(9, 9\) on input \(None, 4, 4, 1\)'
    layers = [L.Conv2D(1, 3), L.Conv2D(1, 9)]
    with pytest.raises(ValueError, match=window):
        sb.Sequential([sb.Input((6, 6, 1)), *layers])
    with pytest.raises(ValueError, match=window):
        sb.Sequential(layers).build((None, 6, 6, 1))
    moved = [sb.Input((6, 6, 1)), L.Conv2D(1, 3), L.RandomTranslation(0.1, 0.1), L.Flatten(), L.Dense(1)]
    model = sb.Sequential(moved)
    model.compile("sgd", "mse")
    with pytest.raises(NotImplementedError, match=r'^\[RandomTranslation\] "random_translation": no gradient'):
        model.fit(np.ones((2, 6, 6, 1)), np.ones((2, 1)), verbose=0)


def test_a_wrong_graph_in_a_recipe_has_its_line(tmp_path: Path) -> None:
    (tmp_path / "shared.toml").write_text(RECIPE.replace('shape = [6], name = "right"', 'shape = [4], name = "right"'))
    with pytest.raises(ValueError, match=r'shared.toml:7: model \[Dense\] "dense": a shared layer.*\(6, 5\) and now \(4, 5\)'):
        sb.train(tmp_path / "shared.toml", verbose=0)
    join = '{ type = "Add", name = "join", inputs = ["left", "dense"] },\n'
    (tmp_path / "join.toml").write_text(RECIPE.replace("  { call", f"  {join}  {{ call"))
    with pytest.raises(ValueError, match=r'join.toml:12: model.layers.3 \[Add\] "join": .*\(None, 6\) and \(None, 5\)'):
        sb.train(tmp_path / "join.toml", verbose=0)


def test_a_refused_call_leaves_the_model_as_it_was() -> None:
    model = two_towers()
    before = model.digest()
    calls: list[Any] = [
        lambda: model.fit([A], [LABELS, VALUES], verbose=0),
        lambda: model.fit([A, B], [LABELS], verbose=0),
        lambda: model.fit([A, B[:10]], [LABELS, VALUES], verbose=0),
        lambda: model.fit({"left": A, "wrong": B}, [LABELS, VALUES], verbose=0),
        lambda: model.fit([A, B], [LABELS, VALUES], sample_weight=np.ones(3), verbose=0),
        lambda: model.fit([A, B], [LABELS, VALUES], class_weight={0: 1.0}, verbose=0),
        lambda: model.compile("sgd", ["mse", "mse", "mse"]),
        lambda: model.compile("sgd", "mse", loss_weights=[1.0]),
        lambda: model.compile("sgd", "mse", metrics=["accuracy"]),
        lambda: model.predict(A, verbose=0),
    ]
    for call in calls:
        with pytest.raises((ValueError, TypeError)):
            call()
    assert model.digest() == before
    assert (model.epoch, model.step) == (0, 0)
    model.fit([A, B], [LABELS, VALUES], verbose=0)


def test_batches_one_by_one_train_as_arrays_do() -> None:
    arrays, stream = two_towers(), two_towers()
    arrays.fit([A, B], [LABELS, VALUES], batch_size=16, epochs=2, shuffle=False, verbose=0)
    data = [((A[i : i + 16], B[i : i + 16]), (LABELS[i : i + 16], VALUES[i : i + 16])) for i in range(0, 48, 16)]
    history = stream.fit(iter(data * 2), steps_per_epoch=3, epochs=2, verbose=0)
    assert stream.digest() == arrays.digest()
    assert len(history.epoch) == 2
    by_dataset = two_towers()
    dataset = sb.data.Dataset.from_tensor_slices(((A, B), (LABELS, VALUES))).batch(16)
    by_dataset.fit(dataset, epochs=2, verbose=0)
    assert by_dataset.digest() == arrays.digest()
    np.testing.assert_array_equal(by_dataset.predict(dataset, verbose=0)[0], arrays.predict([A, B], verbose=0)[0])
    assert by_dataset.evaluate(dataset, verbose=0) == arrays.evaluate([A, B], [LABELS, VALUES], batch_size=16, verbose=0)


@pytest.mark.parametrize("key", ["inputs", "outputs"])
def test_a_description_names_inputs_and_outputs_once(key: str) -> None:
    a, b = sb.Input((3,)), sb.Input((3,))
    both = sb.layers.Add()([a, b])
    description = json.loads(sb.Model([a, b], [both, sb.layers.Dense(2)(both)]).to_json())
    description[key] = description[key][:1] * 2
    with pytest.raises(ValueError, match=r"^\[model\] inputs and outputs are named once; got \["):
        sb.models.model_from_json(json.dumps(description))


def test_losses_on_one_value_are_added_from_the_last() -> None:
    """With one sample, zero weights and a rate of 1 the bias after a step is minus its gradient."""
    x = np.ones((1, 4), np.float32)
    targets = [np.array([i]) for i in (0, 2, 1)]
    factors = [0.1, 0.7, 0.3]

    def gradient(which: list[int]) -> Array:
        inputs = sb.Input((4,))
        z = sb.layers.Dense(3, kernel_initializer="zeros", name="d")(inputs)
        outputs = [sb.layers.Activation("softmax", name=f"s{i}")(z) for i in which]
        model = sb.Model(inputs, outputs)
        model.compile(sb.optimizers.SGD(1.0), "sparse_categorical_crossentropy", loss_weights=[factors[i] for i in which])
        model.fit(x, [targets[i] for i in which], verbose=0)
        return -model.get_weights()[1]

    g = [gradient([i]) for i in range(3)]
    from_last, from_first = (g[2] + g[1]) + g[0], (g[0] + g[1]) + g[2]
    assert (from_last != from_first).any()  # else it could not fail
    assert gradient([0, 1, 2]).tobytes() == from_last.tobytes()


@pytest.mark.parametrize(
    "ending",
    [lambda x: sb.layers.Activation("linear")(x), lambda x: sb.layers.Concatenate()([x, x])],
    ids=["linear", "concatenate"],
)
def test_probabilities_stay_probabilities(ending: Callable[[Any], Any]) -> None:
    inputs = sb.Input((4,))
    model = sb.Model(inputs, ending(sb.layers.Dense(1, activation="sigmoid")(inputs)))
    model.compile("sgd", "binary_crossentropy")
    width = model.output_shape[-1]
    model.fit(np.ones((2, 4)), np.ones((2, width)), verbose=0)
    with pytest.raises(ValueError, match="takes logits"):
        model.compile("sgd", sb.losses.BinaryCrossentropy(from_logits=True))
        model.fit(np.ones((2, 4)), np.ones((2, width)), verbose=0)


def test_a_stream_that_is_refused_changes_nothing() -> None:
    model = cnn()
    model.build((None, 6, 5, 2))
    began: list[int] = []
    watch = sb.callbacks.LambdaCallback(on_train_begin=lambda logs: began.append(1))
    for wrong in ([(np.ones((2, 3)), np.ones(2))], []):
        with pytest.raises(ValueError):
            model.fit(iter(wrong), epochs=6, initial_epoch=5, verbose=0, callbacks=[watch])
    assert not began
    x, y = blobs()
    assert model.fit(x, y, verbose=0).epoch == [0]


def test_passes_inside_an_epoch_are_numbered_on() -> None:
    """Two passes make an epoch here: their shuffles and their augmentation differ."""
    x, y = blobs(32)
    seen: list[bytes] = []

    def look(x: Array, y: Array) -> tuple[Array, Array]:
        seen.append(x.tobytes())
        return x, y

    model = cnn()
    data = sb.data.Dataset.from_tensor_slices((x, y)).shuffle(32).batch(16).map(look)
    model.fit(data, epochs=2, steps_per_epoch=4, verbose=0)
    passes = [tuple(seen[i : i + 2]) for i in range(0, 8, 2)]
    assert len(set(passes)) == 4
