"""Random models that samebits and Keras both can express, and random ways to train them.

Where a true gradient is zero, or jumps, two right libraries may differ without bound: Adam makes a step of full length out of
the sign of a rounding error. So these are not drawn, and nothing else is left out:

- BatchNormalization after a trainable shift of channels (a bias, a beta) with nothing but affine layers and pooling between:
  it takes the shift out again, the true gradient of the shift is 0. So it does with a scale by channels (a gamma, a
  convolution of one term). `Draft.shifted` follows that. An activation between helps only where it is curved: relu, elu and
  their like are affine for a channel whose values all have one sign, as after a Dense of positive features, or after max
  pooling. So it must be tanh, sigmoid or softmax, or come right after a BatchNormalization, whose outputs have both signs.
- LayerNormalization over fewer than four values and softmax over fewer than three: they leave next to no gradient.
- Small batches for BatchNormalization: two values always become -1 and 1. The smallest batch has five samples.
- ReLU(threshold=...), a jump of the value itself, anywhere but on the input, whose values are multiples of 1/32; thresholds
  are not.

Kinks (relu, pooling, absolute error) are drawn: a rounding error must meet one to an accuracy of about 1e-7 to change
anything, and then changes one term of a sum.

What Keras cannot do on a CPU is not drawn either: depthwise and separable convolutions with unequal strides.
"""

import random
from typing import Any

import numpy as np

import samebits as sb
from described import Call, Case, Graph, Made

CURVED = ["tanh", "sigmoid", "softmax"]
ALGORITHMS = ["auto", "direct", "winograd2", "winograd4"]
ACTIVATIONS = ["relu", "relu6", "leaky_relu", "elu", "gelu", "silu", "swish", "softplus", "tanh", "sigmoid"]
SCHEDULES: list[dict[str, Any]] = [
    {"ExponentialDecay": {"decay_steps": 2, "decay_rate": 0.7}},
    {"ExponentialDecay": {"decay_steps": 2, "decay_rate": 0.7, "staircase": True}},
    {"CosineDecay": {"decay_steps": 5, "alpha": 0.1}},
    {"PolynomialDecay": {"decay_steps": 3, "end_learning_rate": 0.001, "power": 2.0}},
    {"PolynomialDecay": {"decay_steps": 2, "end_learning_rate": 0.001, "power": 0.5, "cycle": True}},
    {"InverseTimeDecay": {"decay_steps": 2, "decay_rate": 0.8}},
    {"PiecewiseConstantDecay": {}},
    {"CosineDecay": {"decay_steps": 4, "warmup_steps": 2}},
]
# Kind, arguments, learning rates.
OPTIMIZERS: list[tuple[str, dict[str, Any], list[float]]] = [
    ("SGD", {}, [0.03, 0.1]),
    ("SGD", {"momentum": 0.9}, [0.02, 0.05]),
    ("SGD", {"momentum": 0.8, "nesterov": True}, [0.02, 0.05]),
    ("Adam", {}, [0.002, 0.01]),
    ("Adam", {"beta_1": 0.8, "beta_2": 0.95, "epsilon": 1e-4}, [0.002, 0.01]),
    ("AdamW", {"weight_decay": 0.05}, [0.002, 0.01]),
    ("RMSprop", {}, [0.001, 0.004]),
    ("RMSprop", {"momentum": 0.7, "rho": 0.8, "epsilon": 1e-5}, [0.001, 0.004]),
]
# Kind, arguments, what the model gives: "p" an activation's output, "z" logits, "q" other probabilities, "y" numbers.
LOSSES: list[tuple[str, dict[str, Any], str]] = [
    ("CategoricalCrossentropy", {}, "p"),
    ("SparseCategoricalCrossentropy", {"from_logits": True}, "z"),
    ("BinaryCrossentropy", {}, "p"),
    ("MeanSquaredError", {}, "y"),
    ("CategoricalCrossentropy", {"from_logits": True, "label_smoothing": 0.1}, "z"),
    ("MeanAbsoluteError", {}, "y"),
    ("SparseCategoricalCrossentropy", {}, "p"),
    ("BinaryCrossentropy", {"from_logits": True}, "z"),
    ("Huber", {"delta": 0.7}, "y"),
    ("CategoricalCrossentropy", {"label_smoothing": 0.2}, "q"),
    ("BinaryCrossentropy", {"label_smoothing": 0.1}, "q"),
]  # as many as have no divisor in common with the optimizers: every pair comes within 88 seeds


class Draft:
    """A graph that grows. Shapes come from the symbolic tensors of samebits; Keras must then find the same."""

    def __init__(self, draw: random.Random, shapes: list[tuple[int, ...]], wide: bool = False) -> None:
        self.draw = draw
        self.wide = wide
        self.inputs = shapes
        self.layers: list[Made] = []
        self.calls: list[Call] = []
        self.tensors: list[Any] = [sb.Input(shape) for shape in shapes]
        self.shifted = [False] * len(shapes)  # whether a BatchNormalization of it would undo a weight
        self._live: list[Any] = []

    def shape(self, tensor: int) -> tuple[int, ...]:
        return tuple(self.tensors[tensor].shape[1:])

    def layer(self, kind: str, **arguments: Any) -> int:
        if kind == "Conv2D" and arguments["kernel_size"] == 3 and not {"strides", "dilation_rate"} & arguments.keys():
            arguments.setdefault("algorithm", ALGORITHMS[len(self.layers) % len(ALGORITHMS)])
        layer = Made(f"layers.{kind}", {**arguments, "name": f"{kind.lower()}_{len(self.layers)}"})
        self.layers.append(layer)
        self._live.append(layer.by(sb))
        return len(self.layers) - 1

    def call(self, layer: int, *inputs: int, shifted: bool | None = None) -> int:
        """Use a layer; shifted None: as the inputs are."""
        given = [self.tensors[i] for i in inputs]
        self.tensors.append(self._live[layer](given if len(given) > 1 else given[0]))
        self.calls.append(Call(layer, inputs))
        self.shifted.append(any(self.shifted[i] for i in inputs) if shifted is None else shifted)
        return len(self.tensors) - 1

    def add(self, kind: str, *inputs: int, shifted: bool | None = None, **arguments: Any) -> int:
        return self.call(self.layer(kind, **arguments), *inputs, shifted=shifted)

    def chance(self, probability: float) -> bool:
        return self.draw.random() < probability

    # Arguments.

    def regularizer(self) -> Made | None:
        if not self.chance(0.15):
            return None
        kind = self.draw.choice(["L1", "L2", "L1L2"])
        return Made(f"regularizers.{kind}", {"L1": {"l1": 0.01}, "L2": {"l2": 0.02}, "L1L2": {"l1": 0.003, "l2": 0.01}}[kind])

    def initializer(self) -> Made | str:
        kinds = ["GlorotUniform", "GlorotNormal", "HeUniform", "HeNormal", "LecunUniform", "LecunNormal"]
        return Made(f"initializers.{self.draw.choice(kinds)}") if self.chance(0.5) else "glorot_uniform"

    def activation(self) -> str | None:
        return self.draw.choice(ACTIVATIONS) if self.chance(0.6) else None

    def weights(self, *kernels: str, bias: bool) -> dict[str, Any]:
        """Initializers and regularizers. Biases start at other values than 0, so that all that uses them counts."""
        given: dict[str, Any] = {"use_bias": bias}
        for kernel in kernels:
            given[f"{kernel}_initializer"] = self.initializer()
            given[f"{kernel}_regularizer"] = self.regularizer()
        if bias:
            given["bias_initializer"] = Made("initializers.RandomNormal", {"stddev": 0.2})
            given["bias_regularizer"] = self.regularizer()
        return given

    def window(self, tensor: int, *, equal_strides: bool = False, sizes: list[Any] | None = None) -> dict[str, Any]:
        """Kernel, strides or dilation, padding that fit into the image."""
        height, width, _ = self.shape(tensor)
        size = self.draw.choice(sizes or [1, 2, 3, 3, (2, 3), (1, 3), 5])
        given: dict[str, Any] = {"kernel_size": size, "padding": self.draw.choice(["valid", "same"])}
        strides = [2] if equal_strides else [2, (1, 2), (2, 1), 3]
        choice = self.draw.random()
        if choice < 0.3:
            given["strides"] = self.draw.choice(strides)
        elif choice < 0.5:
            given["dilation_rate"] = 2 if equal_strides else self.draw.choice([2, (1, 2), (2, 1)])
        rows, columns = size if isinstance(size, tuple) else (size, size)
        dilation = given.get("dilation_rate", 1)
        down, right = dilation if isinstance(dilation, tuple) else (dilation, dilation)
        if (rows - 1) * down + 2 > height or (columns - 1) * right + 2 > width:
            given["padding"] = "same"  # at least 2 x 2 pixels are left of one without
        return given

    # Layers on any tensor.

    def nonlinear(self, t: int, normalized: bool = False) -> int:
        """An activation as a layer of its own; `normalized`: right after a BatchNormalization."""
        kind = self.draw.choice(["ReLU", "LeakyReLU", "ELU", "GELU", "SiLU", "Softmax", "Activation", "Activation"])
        given: dict[str, Any] = {}
        if kind == "Softmax" and self.shape(t)[-1] < 3:
            kind = "Activation"
        if kind == "ReLU":
            given = self.draw.choice(
                [{}, {"max_value": 1.3}, {"negative_slope": 0.2}, {"max_value": 2.0, "negative_slope": 0.1}]
            )
        elif kind == "LeakyReLU" and self.chance(0.5):
            given = {"negative_slope": 0.1}
        elif kind == "ELU" and self.chance(0.5):
            given = {"alpha": 0.6}
        elif kind == "Activation":
            given = {"activation": self.draw.choice(ACTIVATIONS)}
        curved = kind == "Softmax" or given.get("activation") in CURVED
        return self.add(kind, t, shifted=False if curved or normalized else None, **given)

    def scales(self) -> dict[str, Any]:
        """Arguments of a normalization."""
        given: dict[str, Any] = {"epsilon": self.draw.choice([1e-3, 1e-2])}
        given["gamma_initializer"] = Made("initializers.RandomUniform", {"minval": 0.5, "maxval": 1.5})
        given["beta_initializer"] = Made("initializers.RandomNormal", {"stddev": 0.3})
        given["gamma_regularizer"], given["beta_regularizer"] = self.regularizer(), self.regularizer()
        return given | self.draw.choice([{}, {}, {"center": False}, {"scale": False}])

    def batch_norm(self, t: int) -> int:
        t = self.unshifted(t)
        given = self.scales() | {"momentum": self.draw.choice([0.99, 0.9, 0.5])}
        given["moving_mean_initializer"] = Made("initializers.RandomNormal", {"stddev": 0.2})
        given["moving_variance_initializer"] = Made("initializers.RandomUniform", {"minval": 0.5, "maxval": 1.5})
        y = self.add("BatchNormalization", t, shifted=True, **given)
        return self.nonlinear(y, normalized=True) if self.chance(0.7) else y

    def unshifted(self, t: int) -> int:
        return self.add("Activation", t, shifted=False, activation=self.draw.choice(CURVED[:2])) if self.shifted[t] else t

    def layer_norm(self, t: int) -> int:
        if self.shape(t)[-1] < 4:
            return self.nonlinear(t)
        return self.add("LayerNormalization", t, shifted=True, **self.scales())

    def dense(self, t: int, units: int) -> int:
        activation = self.activation()
        given = {"units": units, "activation": activation, **self.weights("kernel", bias=self.chance(0.8))}
        return self.add("Dense", t, shifted=self.shifts(t, given), **given)

    def rescaling(self, t: int) -> int:
        return self.add("Rescaling", t, scale=self.draw.choice([0.5, 1.5, -0.75]), offset=self.draw.choice([0.0, 0.1]))

    def dropout(self, t: int) -> int:
        return self.add("Dropout", t, rate=0.0)  # more is drawn from generators that differ

    def shifts(self, t: int, given: dict[str, Any]) -> bool:
        terms = self.shape(t)[-1] if given.get("kernel_size", 1) == 1 else 2
        return given["activation"] not in CURVED and (given["use_bias"] or self.shifted[t] or terms == 1)

    # Layers on images.

    def conv(self, t: int, filters: int, **fixed: Any) -> int:
        given = {"filters": filters, **(fixed or self.window(t)), "activation": self.activation()}
        given |= self.weights("kernel", bias=self.chance(0.7))
        return self.add("Conv2D", t, shifted=self.shifts(t, given), **given)

    def depthwise(self, t: int) -> int:
        given = {**self.window(t, equal_strides=True, sizes=[2, 3, (3, 2)]), "activation": self.activation()}
        given |= {"depth_multiplier": self.draw.choice([1, 1, 2]), **self.weights("depthwise", bias=self.chance(0.7))}
        return self.add("DepthwiseConv2D", t, shifted=self.shifts(t, given), **given)

    def separable(self, t: int) -> int:
        given = {"filters": self.draw.choice([3, 5]), **self.window(t, equal_strides=True, sizes=[2, 3, (2, 3)])}
        given |= {"activation": self.activation(), "depth_multiplier": self.draw.choice([1, 2])}
        given |= self.weights("depthwise", "pointwise", bias=self.chance(0.7))
        return self.add("SeparableConv2D", t, shifted=self.shifts(t, given), **given)

    def conv_norm(self, t: int) -> int:
        """Convolution, BatchNormalization, mostly an activation: the block of most networks."""
        given = {"filters": self.draw.choice([3, 4, 6]), "kernel_size": self.draw.choice([2, 3]), "padding": "same"}
        return self.batch_norm(self.add("Conv2D", self.unshifted(t), **given, **self.weights("kernel", bias=False)))

    def wide_conv(self, t: int) -> int:
        """As many channels as it takes for "auto" to compute by Winograd; the image is still large enough."""
        t = self.conv(t, 16, kernel_size=1)
        return self.conv(t, self.draw.choice([16, 17, 20]), kernel_size=3, padding="same", algorithm="auto")

    def pool(self, t: int) -> int:
        kind = self.draw.choice(["MaxPooling2D", "AveragePooling2D"])
        height, width, _ = self.shape(t)
        given = {"pool_size": self.draw.choice([2, 3, (2, 1), (1, 3)]), "padding": self.draw.choice(["valid", "same"])}
        if self.chance(0.5):
            given["strides"] = self.draw.choice([1, 2, (2, 1)])
        if min(height, width) < 4:
            given |= {"padding": "same", "strides": 1}
        return self.add(kind, t, **given)

    def pad(self, t: int) -> int:
        return self.add("ZeroPadding2D", t, padding=self.draw.choice([1, (1, 0), ((0, 2), (1, 0))]))

    def reshape(self, t: int) -> int:
        height, width, channels = self.shape(t)
        if height * width > 80 or min(height, width) < 3:
            return self.pool(t)
        return self.add("Reshape", t, target_shape=(-1, height, channels))

    def residual(self, t: int) -> int:
        channels = self.shape(t)[-1]
        y = self.conv(t, channels, kernel_size=3, padding="same")
        if self.chance(0.5):
            y = self.conv(y, channels, kernel_size=1)
        return self.add("Add", *self.draw.sample([t, y], 2))

    def branches(self, t: int) -> int:
        y = self.conv(t, self.draw.choice([2, 3]), kernel_size=(3, 1), padding="same")
        z = self.conv(t, self.draw.choice([1, 2]), kernel_size=1)
        if self.chance(0.3):
            return self.add("Concatenate", t, t, axis=self.draw.choice([1, 2]))
        return self.add("Concatenate", *self.draw.sample([t, y, z], 3), axis=-1)

    def shared(self, t: int) -> int:
        """One convolution used twice, one after the other or side by side."""
        channels = self.shape(t)[-1]
        given = {"filters": channels, "kernel_size": 3, "padding": "same", "activation": self.activation()}
        given |= self.weights("kernel", bias=True)
        layer, shifted = self.layer("Conv2D", **given), given["activation"] not in CURVED
        y = self.call(layer, t, shifted=shifted)
        if self.chance(0.5):
            return self.call(layer, y, shifted=shifted)
        z = self.call(layer, self.nonlinear(t), shifted=shifted)
        return self.add("Add", y, z)

    def image_block(self, t: int, chain: bool) -> int:
        filters = self.draw.choice([2, 3, 4, 6])
        blocks: list[Any] = [lambda t: self.conv(t, filters)] * 3 + [self.depthwise, self.separable, self.conv_norm] * 2
        blocks += [self.pool, self.pool, self.batch_norm, self.layer_norm, self.nonlinear, self.pad, self.reshape]
        blocks += [self.dropout, self.rescaling, lambda t: self.dense(t, filters)]
        if not chain:
            blocks += [self.residual, self.branches, self.shared] * 3
        return self.draw.choice(blocks)(t)

    def flat_block(self, t: int, chain: bool) -> int:
        units = self.draw.choice([4, 5, 7, 9])
        blocks: list[Any] = [lambda t: self.dense(t, units)] * 3
        blocks += [self.batch_norm, self.layer_norm, self.nonlinear, self.dropout, self.rescaling]
        if not chain:
            blocks += [lambda t: self.add("Add", t, self.dense(t, self.shape(t)[-1]))]
            blocks += [lambda t: self.add("Concatenate", self.dense(t, units), t)]
        return self.draw.choice(blocks)(t)

    def body(self, t: int, chain: bool) -> int:
        """From an input to a row of features."""
        if self.chance(0.1):
            t = self.add("ReLU", t, threshold=0.21, negative_slope=self.draw.choice([0.0, 0.3]))
        if len(self.shape(t)) == 3:
            if self.wide:
                t = self.wide_conv(t)
            for _ in range(self.draw.randint(2, 4)):
                t = self.image_block(t, chain)
            t = self.flat(t)
        for _ in range(self.draw.randint(0, 2)):
            t = self.flat_block(t, chain)
        return t

    def flat(self, t: int) -> int:
        kind = self.draw.choice(["Flatten", "Flatten", "GlobalAveragePooling2D", "GlobalMaxPooling2D"])
        if kind != "Flatten" and self.chance(0.3):
            t, kind = self.add(kind, t, keepdims=True), "Flatten"
        return self.add(kind, t)

    def head(self, t: int, loss: Made, gives: str) -> int:
        """The last layers: as many outputs as the loss's targets have values, each as the loss wants it."""
        categorical = "Categorical" in loss.kind
        units = self.draw.choice([3, 4, 5]) if categorical else self.draw.choice([1, 1, 2, 3])
        given: dict[str, Any] = {"units": units, **self.weights("kernel", bias=True)}
        if gives == "q" and categorical:  # not negative, and rows whose sum is not 1
            return self.add("Dense", t, activation="softplus", **given)
        own = "softmax" if categorical else "sigmoid"
        if gives == "q" or (gives == "p" and self.chance(0.6)):
            y = self.add("Dense", t, activation=own, **given)
            return self.add("Reshape", y, target_shape=(-1,)) if gives == "q" else y  # Keras forgets what it was made of
        y = self.add("Dense", t, **given)
        if gives == "p":
            y = self.add("Softmax", y) if categorical and self.chance(0.5) else self.add("Activation", y, activation=own)
        return y


def random_model(seed: int) -> Case:
    """The case of a seed. Optimizers and losses go round, everything else is drawn."""
    # Its methods used here are the same in every version of Python; with these words (and those of `wide`) the seeds of CI
    # have everything.
    draw = random.Random(f"differential p {seed}")
    inputs = 2 if draw.random() < 0.2 else 1
    outputs = 2 if draw.random() < 0.15 else 1
    chain = inputs == outputs == 1 and draw.random() < 0.4
    shapes = [_input(draw) for _ in range(inputs)]
    draft = Draft(draw, shapes, wide=random.Random(f"wide w {seed}").random() < 0.2)
    rows = [draft.body(i, chain) for i in range(inputs)]
    row = draft.add("Concatenate", *rows) if inputs > 1 else rows[0]
    chosen = [LOSSES[(seed + 4 * k) % len(LOSSES)] for k in range(outputs)]
    losses = [Made(f"losses.{kind}", arguments) for kind, arguments, _ in chosen]
    heads = [draft.head(row, loss, gives) for loss, (_, _, gives) in zip(losses, chosen)]
    graph = Graph(shapes, draft.layers, draft.calls, heads, chain)

    batch = draw.randint(6, 11)
    count = 3 * batch + draw.randint(5, batch - 1)  # four batches, the last one smaller
    numbers = np.random.RandomState(seed)  # NumPy promises never to change what it draws
    x = [(numbers.randint(-64, 65, (count, *shape)) / 32).astype(np.float32) for shape in shapes]
    y = [_targets(numbers, loss, draft.shape(head), count) for loss, head in zip(losses, heads)]
    weighting = draw.random() if outputs == 1 else 1.0
    labels = "Categorical" in losses[0].kind
    return Case(
        seed=seed,
        graph=graph,
        optimizer=_optimizer(draw, seed),
        losses=losses,
        metrics=[_metrics(draw, loss) for loss in losses],
        loss_weights=[1.0, 0.3] if outputs > 1 and draw.random() < 0.7 else None,
        x=x,
        y=y,
        batch=batch,
        sample_weight=numbers.uniform(0.2, 2, count).astype(np.float32) if weighting < 0.25 else None,
        class_weight={0: 0.5, 2: 1.7} if labels and 0.25 <= weighting < 0.5 else None,
    )


def _input(draw: random.Random) -> tuple[int, ...]:
    if draw.random() < 0.25:
        return (draw.choice([4, 7, 13, 17]),)
    return draw.randint(5, 10), draw.randint(5, 10), draw.randint(1, 4)


def _optimizer(draw: random.Random, seed: int) -> Made:
    kind, arguments, rates = OPTIMIZERS[seed % len(OPTIMIZERS)]
    rate: Any = draw.choice(rates)
    if draw.random() < 0.35:
        rate = _schedule(draw, rate)
    given = {"learning_rate": rate, **arguments}
    choice = draw.random()
    if choice < 0.4:
        given |= draw.choice([{"clipnorm": 0.05}, {"clipvalue": 0.01}, {"global_clipnorm": 0.1}])
    if kind != "AdamW" and draw.random() < 0.25:
        given["weight_decay"] = 0.05
    return Made(f"optimizers.{kind}", given)


def _schedule(draw: random.Random, rate: float) -> Made:
    ((kind, arguments),) = draw.choice(SCHEDULES).items()
    given = {"initial_learning_rate": rate, **arguments}
    if kind == "PiecewiseConstantDecay":
        given = {"boundaries": [1, 2], "values": [rate, rate / 2, rate / 10]}
    elif "warmup_steps" in arguments:
        given |= {"initial_learning_rate": rate / 10, "warmup_target": rate}
    return Made(f"optimizers.schedules.{kind}", given)


def _metrics(draw: random.Random, loss: Made) -> list[Any]:
    sparse = "Sparse" if loss.kind.startswith("Sparse") else ""
    if "Categorical" in loss.kind:
        top = Made(f"metrics.{sparse}TopKCategoricalAccuracy", {"k": 2})
        return draw.choice([[], ["accuracy"], ["accuracy", top], [Made(f"metrics.{sparse}CategoricalAccuracy")]])
    if loss.kind == "BinaryCrossentropy":
        return draw.choice([[], ["accuracy"], [Made("metrics.BinaryAccuracy", {"threshold": 0.4}), "mse"]])
    return draw.choice([[], ["mse"], ["mae", "mse"], [Made("metrics.MeanAbsoluteError"), Made("metrics.MeanSquaredError")]])


def _targets(numbers: np.random.RandomState, loss: Made, shape: tuple[int, ...], count: int) -> np.ndarray:
    (units,) = shape
    if loss.kind == "SparseCategoricalCrossentropy":
        return numbers.randint(0, units, count if count % 2 else (count, 1))
    if loss.kind == "CategoricalCrossentropy":
        return np.eye(units, dtype=np.float32)[numbers.randint(0, units, count)]
    if loss.kind == "BinaryCrossentropy":
        return numbers.randint(0, 2, (count, units)).astype(np.float32)
    return numbers.normal(size=(count, units)).astype(np.float32)
