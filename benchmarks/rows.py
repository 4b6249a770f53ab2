"""What is measured: one row of work each, its kind, and its goal. Adding work is adding a line."""

from typing import Any, NamedTuple


class Row(NamedTuple):
    name: str  # what ROWS= looks into
    kind: str  # "train", "predict", "gemm", "conv", "program", "memory", "scaling", "kernel"
    work: str  # for people
    options: dict[str, Any]  # of the kind
    goal: float = 0.0  # our speed over the best peer's is to be at least this; of "memory": at most this part
    of_peak: float | None = None  # our part of the FMA peak is to be at least this


class Group(NamedTuple):
    """A goal for the geometric mean of all ratios of a kind."""

    kind: str
    work: str
    goal: float


GROUPS = (Group("gemm", "GEMM, geometric mean", 1.05), Group("conv", "conv, geometric mean", 2.0))

# Name, network, batch, goal.
TRAINING = (
    ("MLP 10-10-2", "mlp_10", 32, 100.0),
    ("MLP 64-32-10", "mlp_64", 32, 50.0),
    ("MLP 784-128-10", "mlp_784", 32, 6.0),
    ("MLP 784-128-10", "mlp_784", 128, 3.0),
    ("MLP 100-1024-1024-10", "mlp_1024", 128, 1.3),
    ("Conv2D(32)-Flatten-Dense(10), 28x28x3", "images", 32, 3.0),
    ("MNIST CNN 32-pool-64-pool-dropout-10", "mnist_cnn", 32, 4.0),
    ("MNIST CNN 32-pool-64-pool-dropout-10", "mnist_cnn", 128, 3.5),
    ("ResNet-20, 32x32x3", "resnet20", 32, 2.5),
)
PREDICTIONS = (("MLP 784-128-10", "mlp_784", 20.0), ("MNIST CNN", "mnist_cnn", 5.0))
PROGRAMS = (("dense", 8.0), ("images", 8.0), ("loop", 5.0))
# m, n, k: (m, k) times (k, n).
PRODUCTS = (
    (128, 1024, 1024),
    (1024, 128, 1024),
    (128, 1024, 100),
    (128, 128, 784),
    (784, 128, 128),
    (512, 512, 512),
    (1024, 1024, 1024),
    (2048, 2048, 2048),
    (8192, 64, 576),
    (32, 10, 10),
)
NEAR_PEAK = {(1024, 1024, 1024), (2048, 2048, 2048)}
PASSES = ("forward", "input_gradient", "weight_gradient")
# Batch (32, or 8 where a call of the peers would take more than 50 ms), size, channels, filters, window, stride, padding.
LAYERS = (
    (32, 13, 32, 64, 3, 1, 0),
    (32, 32, 16, 16, 3, 1, 1),
    (32, 16, 32, 32, 3, 1, 1),
    (32, 8, 64, 64, 3, 1, 1),
    (8, 56, 64, 64, 3, 1, 1),
    (8, 14, 256, 256, 3, 1, 1),
    (32, 28, 3, 32, 3, 1, 0),
    (32, 28, 1, 32, 3, 1, 0),
    (32, 56, 64, 64, 1, 1, 0),
    (8, 224, 3, 64, 7, 2, 3),
)
# Programs of cpp/, a case of each, and what the time is where neither flops nor bytes are near their limits.
KERNELS = (
    ("gemm", "nn,1024,1024,1024", ""),
    ("gemm", "nn,32,10,10", "the call itself: 6,400 flops"),
    ("conv2d", "auto,forward,32,16,32,32,3,1,1", ""),
    ("conv2d", "auto,input_gradient,32,16,32,32,3,1,1", ""),
    ("conv2d", "auto,weight_gradient,32,16,32,32,3,1,1", ""),
    ("depthwise_conv2d", "forward,8,32,64,3", "loads: two for each multiply-add"),
    ("depthwise_conv2d", "input_gradient,8,32,64,3", "loads: two for each multiply-add"),
    ("depthwise_conv2d", "weight_gradient,8,32,64,3", "loads: two for each multiply-add"),
    ("activation", "relu,forward,65536", ""),
    ("activation", "relu,forward,8388608", ""),
    ("activation", "relu,gradient,8388608", ""),
    ("activation", "tanh,forward,65536", "arithmetic of a correctly rounded tanh"),
    ("activation", "sigmoid,forward,65536", "arithmetic of a correctly rounded sigmoid"),
    ("elementwise", "rectified,forward,65536", ""),
    ("elementwise", "gelu,forward,65536", "arithmetic of erf"),
    ("elementwise", "silu,forward,65536", "arithmetic of a correctly rounded sigmoid"),
    ("softmax", "forward,8192,10", "arithmetic of exp, and short rows"),
    ("softmax", "forward,64,1000", "arithmetic of exp"),
    ("loss", "softmax_crossentropy,128,10", "arithmetic of exp and log, and short rows"),
    ("loss", "softmax_crossentropy,64,1000", "arithmetic of exp"),
    ("dropout", "128,1024", "arithmetic of Philox: ten rounds for four numbers"),
    ("optimizer", "adam,16384", "divisions and roots"),
    ("optimizer", "adam,4194304", ""),
    ("optimizer", "sgd,4194304", ""),
    ("batch_norm", "statistics,32,32,16", "the additions' latency along each chain of rows"),
    ("batch_norm", "forward,32,32,16", ""),
    ("batch_norm", "weight_gradient,32,32,16", "the additions' latency along each chain of rows"),
    ("batch_norm", "input_gradient,32,32,16", ""),
    ("layer_norm", "forward,512,128", "folds of 64 lanes for each row"),
    ("layer_norm", "input_gradient,512,128", "folds of 64 lanes for each row"),
    ("max_pool2d", "forward,32,26,32,2", "comparisons, and the winners' narrowing"),
    ("max_pool2d", "gradient,32,26,32,2", "comparisons, and the winners' widening"),
    ("avg_pool2d", "forward,32,26,32,2", "divisions"),
    ("avg_pool2d", "gradient,32,26,32,2", "divisions"),
    ("reduce", "column_sum,4096,16", "the additions' latency along each chain of rows"),
    ("reduce", "lane_sum,131072", ""),
    ("reduce", "add,8388608", ""),
)


def training() -> list[Row]:
    return [
        Row(f"{network}_b{batch}", "train", f"{work}, batch {batch}", {"network": network, "batch": batch}, goal)
        for work, network, batch, goal in TRAINING
    ]


def predictions() -> list[Row]:
    return [
        Row(f"predict_{network}", "predict", f"predict {work}, batch 1", {"network": network, "batch": 1}, goal)
        for work, network, goal in PREDICTIONS
    ]


def programs() -> list[Row]:
    return [
        Row(f"program_{name}", "program", f"the question's {name}, whole process", {"program": name}, goal)
        for name, goal in PROGRAMS
    ]


def products() -> list[Row]:
    rows = []
    for m, n, k in PRODUCTS:
        of_peak = 0.92 if (m, n, k) in NEAR_PEAK else None
        rows.append(Row(f"gemm_{m}_{n}_{k}", "gemm", f"GEMM {m}, {n}, {k}", {"m": m, "n": n, "k": k}, 0.9, of_peak))
    return rows


def convolutions() -> list[Row]:
    rows = []
    for n, size, c, k, window, stride, padding in LAYERS:
        layer = {"n": n, "size": size, "c": c, "k": k, "window": window, "stride": stride, "padding": padding}
        for direction in PASSES:
            wide = window == 3 and c >= 32 and direction != "weight_gradient"
            strided = f"/{stride}" if stride > 1 else ""
            work = f"conv {size}x{size} {c}->{k} {window}x{window}{strided}, batch {n}, {direction.replace('_', ' ')}"
            name = f"conv_{size}_{c}_{k}_{window}_{direction}"
            rows.append(Row(name, "conv", work, {"direction": direction, **layer}, 2.0 if wide else 1.1))
    return rows


def kernels() -> list[Row]:
    return [
        Row(f"kernel_{op}_{case.replace(',', '_')}", "kernel", f"{op} {case}", {"op": op, "case": case, "otherwise": why})
        for op, case, why in KERNELS
    ]


MEMORY = Row(
    "memory",
    "memory",
    "peak memory of training the MNIST CNN, batch 32",
    {"network": "mnist_cnn", "batch": 32, "steps": 200},
    0.4,
)
SCALING = Row("scaling", "scaling", "ResNet-20, threads 1 to 2", {"network": "resnet20", "batch": 32}, 1.85)

ROWS = (*training(), *predictions(), *products(), *convolutions(), *programs(), MEMORY, SCALING, *kernels())


def chosen(words: list[str]) -> list[Row]:
    """The rows whose name contains one of the words; all without words. ValueError for a word that is in none."""
    for word in words:
        if not any(word in row.name for row in ROWS):
            names = " ".join(row.name for row in ROWS)
            raise ValueError(f"[bench] ROWS are parts of the names of rows; got {word!r}; do one of: {names}")
    return [row for row in ROWS if not words or any(word in row.name for word in words)]
