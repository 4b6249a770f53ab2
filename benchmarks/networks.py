"""The networks that are measured, described once, and built in samebits, Keras and PyTorch.

A layer is a tuple of its name and arguments; sizes of images are (height, width, channels). The last layer gives logits.
"""

from typing import Any, NamedTuple

import numpy as np

Layer = tuple[Any, ...]


class Network(NamedTuple):
    input_shape: tuple[int, ...]
    classes: int
    layers: tuple[Layer, ...]


def mlp(*sizes: int) -> Network:
    """Dense layers from sizes[0] inputs to sizes[-1] classes, ReLU between them."""
    *hidden, classes = sizes[1:]
    return Network((sizes[0],), classes, (*(("dense", units, "relu") for units in hidden), ("dense", classes, None)))


def cnn(size: int, channels: int, *filters: int) -> Network:
    """3x3 convolutions with ReLU, each followed by a pooling of 2x2; dropout; 10 classes."""
    convolutions = [layer for count in filters for layer in (("conv", count, 3, "relu"), ("max_pool", 2))]
    return Network((size, size, channels), 10, (*convolutions, ("flatten",), ("dropout", 0.5), ("dense", 10, None)))


def resnet(blocks: int) -> Network:
    """The residual network for CIFAR of He and others 2015, section 4.2: 6 * blocks + 2 layers."""
    stages = [("residual", filters, 2 if filters > 16 and i == 0 else 1) for filters in (16, 32, 64) for i in range(blocks)]
    head = [("conv_norm", 16, 3, 1), ("relu",)]
    return Network((32, 32, 3), 10, (*head, *stages, ("global_average",), ("dense", 10, None)))


NETWORKS = {
    "mlp_10": mlp(10, 10, 2),
    "mlp_64": mlp(64, 32, 10),
    "mlp_784": mlp(784, 128, 10),
    "mlp_1024": mlp(100, 1024, 1024, 10),
    "images": Network((28, 28, 3), 10, (("conv", 32, 3, "relu"), ("flatten",), ("dense", 10, None))),
    "mnist_cnn": cnn(28, 1, 32, 64),
    "resnet20": resnet(3),
}


def keras_model(k: Any, network: Network) -> Any:
    """The model in a library with Keras's names: samebits or keras."""

    def conv_norm(x: Any, filters: int, window: int, strides: int) -> Any:
        x = k.layers.Conv2D(filters, window, strides=strides, padding="same", use_bias=False)(x)
        return k.layers.BatchNormalization()(x)

    def residual(x: Any, filters: int, strides: int) -> Any:
        y = k.layers.ReLU()(conv_norm(x, filters, 3, strides))
        y = conv_norm(y, filters, 3, 1)
        shortcut = x if strides == 1 else conv_norm(x, filters, 1, strides)
        return k.layers.ReLU()(k.layers.Add()([y, shortcut]))

    build: dict[str, Any] = {
        "dense": lambda x, units, activation: k.layers.Dense(units, activation=activation)(x),
        "conv": lambda x, filters, window, activation: k.layers.Conv2D(filters, window, activation=activation)(x),
        "max_pool": lambda x, window: k.layers.MaxPooling2D(window)(x),
        "flatten": lambda x: k.layers.Flatten()(x),
        "dropout": lambda x, rate: k.layers.Dropout(rate)(x),
        "relu": lambda x: k.layers.ReLU()(x),
        "global_average": lambda x: k.layers.GlobalAveragePooling2D()(x),
        "conv_norm": conv_norm,
        "residual": residual,
    }
    x = inputs = k.Input(shape=network.input_shape)
    for name, *arguments in network.layers:
        x = build[name](x, *arguments)
    model = k.Model(inputs, x)
    model.compile(optimizer="adam", loss=k.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


def torch_model(torch: Any, network: Network) -> Any:
    """The same model in PyTorch; images are (channels, height, width) there."""
    nn = torch.nn

    def conv_norm(c: int, filters: int, window: int, stride: int) -> Any:
        conv = nn.Conv2d(c, filters, window, stride, padding=window // 2, bias=False)
        return nn.Sequential(conv, nn.BatchNorm2d(filters, eps=1e-3, momentum=0.01))  # Keras's numbers

    class Residual(nn.Module):  # type: ignore[name-defined,misc]
        def __init__(self, c: int, filters: int, stride: int) -> None:
            super().__init__()
            self.one, self.two = conv_norm(c, filters, 3, stride), conv_norm(filters, filters, 3, 1)
            self.shortcut = nn.Identity() if stride == 1 else conv_norm(c, filters, 1, stride)

        def forward(self, x: Any) -> Any:
            return torch.relu(self.two(torch.relu(self.one(x))) + self.shortcut(x))

    class GlobalAverage(nn.Module):  # type: ignore[name-defined,misc]
        def forward(self, x: Any) -> Any:
            return x.mean((2, 3))

    # Each gives modules for c inputs or channels and s pixels a side, and the c and s behind them.
    build: dict[str, Any] = {
        "dense": lambda c, s, units, activation: ([nn.Linear(c, units)] + [nn.ReLU()] * (activation == "relu"), units, s),
        "conv": lambda c, s, filters, window, _: ([nn.Conv2d(c, filters, window), nn.ReLU()], filters, s - window + 1),
        "max_pool": lambda c, s, window: ([nn.MaxPool2d(window)], c, s // window),
        "flatten": lambda c, s: ([nn.Flatten()], c * s * s, 1),
        "dropout": lambda c, s, rate: ([nn.Dropout(rate)], c, s),
        "relu": lambda c, s: ([nn.ReLU()], c, s),
        "global_average": lambda c, s: ([GlobalAverage()], c, 1),
        "conv_norm": lambda c, s, filters, window, stride: ([conv_norm(c, filters, window, stride)], filters, s // stride),
        "residual": lambda c, s, filters, stride: ([Residual(c, filters, stride)], filters, s // stride),
    }
    modules: list[Any] = []
    c, s = network.input_shape[-1], network.input_shape[0]
    for name, *arguments in network.layers:
        more, c, s = build[name](c, s, *arguments)
        modules += more
    return nn.Sequential(*modules)


def batches_of(network: Network, batch: int) -> int:
    """How many batches the data have: about 16 MB of them, at least 16 and at most 512; epochs go over them again."""
    floats = batch
    for extent in network.input_shape:
        floats *= extent
    return max(16, min(512, 16_000_000 // (4 * floats)))


def data_of(network: Network, batch: int, batches: int) -> tuple[np.ndarray, np.ndarray]:
    """Random samples, NHWC or (N, C), and their classes: the same for every contender."""
    random = np.random.default_rng(1)
    x = random.standard_normal((batch * batches, *network.input_shape), dtype=np.float32)
    return x, random.integers(0, network.classes, batch * batches).astype(np.int32)
