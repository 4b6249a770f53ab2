"""samebits.compat.tf: what scripts written for TensorFlow touch does what they expect, or is refused by name."""

import importlib
import operator
import pkgutil
import re
import types
from typing import Any

import numpy as np
import pytest

import samebits as sb
import samebits.compat.tf as tf
from compat_support import X, Y, as_at_the_start, classifier  # noqa: F401
from support import ROOT, python


def modules() -> list[types.ModuleType]:
    """tf and every public module below it."""
    found = pkgutil.walk_packages(tf.__path__, tf.__name__ + ".")
    names = [info.name for info in found if not info.name.rpartition(".")[2].startswith("_")]
    return [tf, *(importlib.import_module(name) for name in names)]


# Modules and names.


def test_nothing_is_imported_that_was_not_asked_for() -> None:
    assert "samebits.compat" not in python("import sys, samebits; print(*sys.modules)").stdout
    imported = python("import sys, samebits.compat.tf; print(*sys.modules)").stdout.split()
    assert "samebits.compat.tf.keras.layers" in imported
    assert not {"tensorflow", "keras", "torch", "unittest", "asyncio"} & set(imported)


def test_every_way_to_import() -> None:
    code = """
import samebits.compat.tf as tf
import samebits.compat.tf.keras as keras
from samebits.compat.tf import keras as same
from samebits.compat.tf.keras import layers
from samebits.compat.tf.keras.layers import Dense
from samebits.compat.tf.keras.models import Sequential
from samebits.compat.tf.keras.optimizers import Adam
from samebits.compat.tf.keras.optimizers.schedules import ExponentialDecay
from samebits.compat.tf.keras.utils import to_categorical
from samebits.compat.tf.errors import InternalError
assert tf.keras is keras is same and layers.Dense is Dense is tf.keras.layers.Dense and keras.Sequential is Sequential
"""
    exec(code, {})


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.__name__)
def test_a_module_offers_its_names_and_refuses_others(module: types.ModuleType) -> None:
    assert module.__all__
    for name in module.__all__:
        getattr(module, name)
    path = module.__name__.removeprefix("samebits.compat.")
    assert not hasattr(module, "no_such_name_here")
    with pytest.raises(AttributeError, match=rf"\[{re.escape(path)}\] .*; got {re.escape(path)}.no_such_name_here; .+"):
        _ = module.no_such_name_here
    first = module.__all__[0]
    with pytest.raises(AttributeError, match=f'did you mean "{first}"'):
        getattr(module, first + "x")


@pytest.mark.parametrize(
    ("module", "name", "nearest"),
    [
        (tf, "constan", '"constant"'),
        (tf, "reduce_mean", "use numpy.mean"),
        (tf, "reshape", "use numpy.reshape"),
        (tf, "function", "leave the decorator out"),
        (tf, "GradientTape", "train_on_batch"),
        (tf, "nn", 'activation="relu"'),
        (tf, "Tensor", "numpy.ndarray"),
        (tf, "sysconfig", "samebits.runtime.info()"),
        (tf, "losses", "use tf.keras.losses"),
        (tf, "optimizers", "use tf.keras.optimizers"),
        (tf, "metrics", "use tf.keras.metrics"),
        (tf, "initializers", "use tf.keras.initializers"),
        (tf, "one_hot", "use tf.keras.utils.to_categorical"),
        (tf, "range", "use numpy.arange"),
        (tf, "concat", "use numpy.concatenate"),
        (tf, "identity", "use numpy.copy"),
        (tf, "version", "use tf.__version__"),
        (tf, "print", "use Python's print"),
        (tf, "get_logger", "use Python's logging"),
        (tf, "executing_eagerly", "leave it out"),
        (tf, "io", "read the files into arrays"),
        (tf, "Session", "use TensorFlow 2's names"),
        (tf.config, "get_memory_info", "use tf.config.experimental.get_memory_info"),
        (tf.keras.losses, "get", 'compile(loss="mse") takes the name'),
        (tf.keras.metrics, "get", 'compile(metrics=["accuracy"]) takes the name'),
        (tf.keras.optimizers, "get", 'compile(optimizer="adam") takes the name'),
        (tf.keras.utils, "Sequence", "give fit a generator"),
        (tf.keras.utils, "plot_model", "use model.summary()"),
        (tf.keras.utils, "image_dataset_from_directory", "read the files into arrays"),
        (tf.random, "normal", "numpy.random.default_rng"),
        (tf.keras, "Sequental", '"Sequential"'),
        (tf.keras.layers, "LSTM", "use one of Activation, "),
        (tf.keras.layers, "Convolution1D", '"Convolution2D"'),
        (tf.keras.datasets, "mnist", "use one of load_digits"),
        (tf.config, "list_physical_device", '"list_physical_devices"'),
        (tf.data, "Datset", '"Dataset"'),
    ],
)
def test_the_nearest_is_named(module: types.ModuleType, name: str, nearest: str) -> None:
    with pytest.raises(AttributeError, match=re.escape(nearest)) as caught:
        getattr(module, name)
    assert caught.value.name == name


def test_advice_is_true() -> None:
    """What it names is there."""
    for module in modules():
        for text in vars(module).get("_ADVICE", {}).values():
            if found := re.fullmatch(r"use (numpy|tf)\.([\w.]+)", text):
                operator.attrgetter(found[2])({"numpy": np, "tf": tf}[found[1]])


def test_versions_say_both() -> None:
    assert re.fullmatch(r"2\.\d+\.\d+\+samebits\." + re.escape(sb.__version__), tf.__version__)
    assert re.fullmatch(r"3\.\d+\.\d+\+samebits\." + re.escape(sb.__version__), tf.keras.__version__)


# Devices, memory, threads.


def test_devices_of_a_machine_without_gpu() -> None:
    cpu = tf.config.PhysicalDevice(name="/physical_device:CPU:0", device_type="CPU")
    assert tf.config.list_physical_devices() == tf.config.list_physical_devices("cpu") == [cpu]
    assert tf.config.list_physical_devices("GPU") == tf.config.experimental.list_physical_devices("GPU") == []
    assert tf.config.list_logical_devices() == [tf.config.LogicalDevice("/device:CPU:0", "CPU")]
    assert tf.test.gpu_device_name() == ""
    assert not tf.test.is_gpu_available()
    assert not tf.test.is_built_with_cuda()
    tf.config.set_visible_devices([], "GPU")
    tf.config.set_visible_devices(cpu)
    assert tf.config.get_visible_devices() == [cpu]
    for call in (
        lambda: tf.config.experimental.set_memory_growth("GPU:0", True),  # type: ignore[arg-type]
        lambda: tf.config.experimental.set_memory_growth(tf.config.PhysicalDevice("/physical_device:GPU:0", "GPU"), True),
        lambda: tf.config.experimental.set_memory_growth(cpu, True),  # as TensorFlow
        lambda: tf.config.experimental.get_memory_growth(cpu),
        lambda: tf.config.experimental.get_memory_info("GPU:0"),
        lambda: tf.config.experimental.get_memory_info("nonsense"),
        lambda: tf.config.experimental.reset_memory_stats("GPU:0"),
        lambda: tf.config.set_visible_devices([], "CPU"),
        lambda: tf.config.set_visible_devices([cpu], "GPU"),
        lambda: tf.config.set_visible_devices("GPU:0"),
        lambda: tf.config.set_logical_device_configuration("GPU:0", []),  # type: ignore[arg-type]
    ):
        with pytest.raises(ValueError, match=r"\[tf\.config\..+\] .+; got .+; .+"):
            call()


def test_devices_of_a_machine_with_gpus(monkeypatch: pytest.MonkeyPatch) -> None:
    here = [sb.runtime.Device(name, "") for name in ("cpu", "cuda:0", "cuda:1")]
    monkeypatch.setattr(sb.runtime, "devices", lambda: here)
    gpus = tf.config.list_physical_devices("GPU")
    assert [gpu.name for gpu in gpus] == ["/physical_device:GPU:0", "/physical_device:GPU:1"]
    for gpu in gpus:
        tf.config.experimental.set_memory_growth(gpu, True)
        assert tf.config.experimental.get_memory_growth(gpu)
        with pytest.raises(NotImplementedError, match="preallocate"):
            tf.config.experimental.set_memory_growth(gpu, False)
    tf.config.set_visible_devices(gpus[1], "GPU")
    assert tf.config.list_logical_devices("GPU") == [tf.config.LogicalDevice("/device:GPU:1", "GPU")]
    assert tf.test.gpu_device_name() == "/device:GPU:1"
    tf.config.set_visible_devices([], "GPU")
    assert [device.device_type for device in tf.config.get_visible_devices()] == ["CPU"]
    tf.config.set_visible_devices(gpus, "GPU")
    assert tf.config.get_visible_devices("GPU") == gpus


def test_a_memory_limit_is_kept() -> None:
    (cpu,) = tf.config.list_physical_devices("CPU")
    Limit = tf.config.LogicalDeviceConfiguration  # noqa: N806
    tf.config.set_logical_device_configuration(cpu, [Limit(memory_limit=64)])
    assert sb.runtime.memory().limit == 64 * 2**20
    tf.config.experimental.set_virtual_device_configuration(
        cpu, [tf.config.experimental.VirtualDeviceConfiguration(memory_limit=32)]
    )
    assert sb.runtime.memory().limit == 32 * 2**20
    for several in ([], [Limit(1), Limit(1)], [Limit(1, experimental_priority=1)]):
        with pytest.raises(NotImplementedError, match="one logical device"):
            tf.config.set_logical_device_configuration(cpu, several)
    tf.config.set_logical_device_configuration(cpu, [Limit()])
    assert sb.runtime.memory().limit == 0


def test_memory_in_use() -> None:
    model = classifier(units=100)
    model.fit(X, Y, verbose=0)
    memory = sb.runtime.memory()
    assert tf.config.experimental.get_memory_info("CPU:0") == {"current": memory.used, "peak": memory.peak}
    tf.config.experimental.reset_memory_stats("/device:CPU:0")
    memory = sb.runtime.memory()
    assert tf.config.experimental.get_memory_info("cpu:0")["peak"] == memory.peak == memory.used > 0


def test_threads() -> None:
    code = """
import samebits as sb, samebits.compat.tf as tf
threads = tf.config.threading
start = threads.get_intra_op_parallelism_threads()
threads.set_intra_op_parallelism_threads(start + 1)
print(threads.get_intra_op_parallelism_threads() - start, int(sb.runtime.info()["threads"]) - start)
threads.set_intra_op_parallelism_threads(0)
print(threads.get_intra_op_parallelism_threads() - start)
"""
    assert python(code).stdout.split() == ["1", "1", "0"]
    with pytest.raises(ValueError):
        tf.config.threading.set_intra_op_parallelism_threads(-1)


def test_threads_between_operations_are_said_to_change_nothing_once() -> None:
    tf.config.threading.set_inter_op_parallelism_threads(0)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    with pytest.warns(UserWarning, match="one after the other") as told:
        tf.config.threading.set_inter_op_parallelism_threads(2)
    tf.config.threading.set_inter_op_parallelism_threads(2)  # a second warning would be an error here
    assert told[0].filename == __file__
    assert tf.config.threading.get_inter_op_parallelism_threads() == 1


def test_determinism_is_there() -> None:
    tf.config.experimental.enable_op_determinism()
    tf.config.experimental.enable_tensor_float_32_execution(False)
    assert not tf.config.experimental.tensor_float_32_execution_enabled()
    with pytest.raises(NotImplementedError):
        tf.config.experimental.enable_tensor_float_32_execution(True)
    tf.keras.backend.clear_session()
    assert tf.keras.backend.floatx() == "float32"


def test_a_device_that_is_not_here_is_told_once() -> None:
    for name in ("/CPU:0", "cpu:0", "/device:CPU:0", "/job:localhost/replica:0/task:0/device:CPU:0", None):
        with tf.device(name):
            pass
    with pytest.warns(UserWarning, match=r"got '/GPU:0', which is not") as told, tf.device("/GPU:0"):
        model = classifier()
    with tf.device("/GPU:0"):  # a second warning would be an error here
        pass
    assert told[0].filename == __file__
    assert model.digest() == classifier().digest()
    with pytest.raises(ValueError, match="nonsense"), tf.device("nonsense"):
        pass
    with pytest.raises(TypeError), tf.device(0):
        pass


# Tensors.


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (lambda: tf.constant([1.5, 2]), np.array([1.5, 2], np.float32)),
        (lambda: tf.constant([1, 2]), np.array([1, 2], np.int32)),
        (lambda: tf.constant(2**40), np.array(2**40, np.int64)),
        (lambda: tf.constant(True), np.array(True)),
        (lambda: tf.constant(np.arange(3.0)), np.arange(3.0)),
        (lambda: tf.constant([np.float64(2)]), np.array([2.0])),
        (lambda: tf.constant(0, shape=(2, 2)), np.zeros((2, 2), np.int32)),
        (lambda: tf.constant([1, 2, 3, 4], shape=[2, 2]), np.array([[1, 2], [3, 4]], np.int32)),
        (lambda: tf.constant([1, 2], dtype=tf.float32), np.array([1, 2], np.float32)),
        (lambda: tf.convert_to_tensor([[1.0], [2.0]], dtype=tf.float64), np.array([[1.0], [2.0]])),
        (lambda: tf.convert_to_tensor([1, 2], dtype_hint=tf.float32), np.array([1, 2], np.float32)),
        (lambda: tf.convert_to_tensor([1.5], dtype_hint=tf.int32), np.array([1.5], np.float32)),
        (lambda: tf.cast(np.array([1.7, -1.7]), tf.int32), np.array([1, -1], np.int32)),
        (lambda: tf.cast(np.array([7], np.uint8), tf.float32), np.array([7], np.float32)),
    ],
)
def test_tensors_are_arrays_with_tensorflows_types(made: Any, expected: Any) -> None:
    got = made()
    assert type(got) is np.ndarray
    assert got.dtype == expected.dtype
    assert got.shape == expected.shape
    assert (got == expected).all()


def test_tensors_are_copies() -> None:
    source = np.zeros(3)
    tf.constant(source)[0] = 1
    tf.convert_to_tensor(source)[0] = 1
    assert source[0] == 0


@pytest.mark.parametrize(
    "made",
    [
        lambda: tf.constant("text"),
        lambda: tf.constant([1, 2], shape=(2, 2)),
        lambda: tf.constant(1.5, dtype=tf.int32),
        lambda: tf.constant(300, tf.uint8),
        lambda: tf.convert_to_tensor([[1], [2, 3]]),
        lambda: tf.constant(1j),
    ],
)
def test_what_is_no_tensor(made: Any) -> None:
    with pytest.raises((TypeError, ValueError), match=r"\[tf\..+\] .+; got .+; .+"):
        made()


def test_a_dataset_like_tensorflows() -> None:
    spec = (tf.TensorSpec(shape=(4,), dtype=tf.float32), tf.TensorSpec(shape=(), dtype=tf.int64))
    data = tf.data.Dataset.from_generator(lambda: zip(X, Y), output_signature=spec)
    data = data.map(lambda x, y: (tf.cast(x, tf.float32) / np.float32(2), y), num_parallel_calls=tf.data.AUTOTUNE)
    data = data.batch(4).prefetch(tf.data.experimental.AUTOTUNE)
    assert tf.data.experimental.cardinality(data) == tf.data.UNKNOWN_CARDINALITY
    (first, labels), _ = data
    assert (first == X[:4] / 2).all()
    assert (labels == Y[:4]).all()


# The page.

PAGE = (ROOT / "docs" / "tensorflow.md").read_text()


def test_the_page_lists_what_there_is() -> None:
    offered, missing = (
        PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0] for title in ("What there is", "What there is not, and why")
    )
    rows = re.findall(r"^\| (`tf[^|]*|tensors) \| (.*) \|$", offered.split("Any other name")[0], re.MULTILINE)
    assert len(rows) > 10
    for place, names in rows:
        for path in re.findall(r"`(tf[.\w]*)`", place + names):
            assert named(path) is not None, path
        module = named(place.strip("`")) if place.startswith("`") else tf
        for name in re.findall(r"`([a-zA-Z_][.\w]*)[`(]", names):
            if not name.startswith(("tf", "samebits", "np.", "random", "from_generator")):
                assert named(name, module) is not None, f"{place}: {name}"
    for path in re.findall(r"`(tf\.[.\w]*)`", missing):
        with pytest.raises(AttributeError):
            named(path)


def named(path: str, start: Any = tf) -> Any:
    found = start
    for name in path.removeprefix("tf.").split("."):
        found = found if name == "tf" else getattr(found, name)
    return found
