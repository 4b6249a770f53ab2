"""tf.config.experimental: memory growth, memory in use, determinism; older names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .... import runtime
from .._offered import absent
from ._devices import LogicalDeviceConfiguration as VirtualDeviceConfiguration
from ._devices import (
    PhysicalDevice,
    device_of,
    get_visible_devices,
    here,
    list_logical_devices,
    list_physical_devices,
    set_visible_devices,
)
from ._devices import set_logical_device_configuration as set_virtual_device_configuration

__all__ = [
    "VirtualDeviceConfiguration",
    "enable_op_determinism",
    "enable_tensor_float_32_execution",
    "get_memory_growth",
    "get_memory_info",
    "get_visible_devices",
    "list_logical_devices",
    "list_physical_devices",
    "reset_memory_stats",
    "set_memory_growth",
    "set_virtual_device_configuration",
    "set_visible_devices",
    "tensor_float_32_execution_enabled",
]


def set_memory_growth(device: PhysicalDevice, enable: bool) -> None:
    """Take a GPU's memory when it is needed: what samebits does from the start.

    Raises
    ------
    ValueError
        For a device that is not here, and for a CPU, as in TensorFlow.
    NotImplementedError
        For enable=False.
    """
    _gpu("tf.config.experimental.set_memory_growth", device)
    if not enable:
        raise NotImplementedError(
            "[tf.config.experimental.set_memory_growth] memory is not taken at once by itself; got enable=False;"
            ' use samebits.runtime.configure(memory="preallocate", memory_limit=...)'
        )
    runtime.configure(memory="grow")


def get_memory_growth(device: PhysicalDevice) -> bool:
    """Tell whether a GPU's memory is taken when it is needed. ValueError as in set_memory_growth."""
    _gpu("tf.config.experimental.get_memory_growth", device)
    return runtime.info()["memory"] == "grow"


def get_memory_info(device: str) -> dict[str, int]:
    """Return {"current": bytes, "peak": bytes} that the library holds; device: "CPU:0". ValueError for one that is not here."""
    device_of("tf.config.experimental.get_memory_info", device)
    memory = runtime.memory()
    return {"current": memory.used, "peak": memory.peak}


def reset_memory_stats(device: str) -> None:
    """Start anew to watch for the peak; device: "CPU:0". ValueError for one that is not here."""
    device_of("tf.config.experimental.reset_memory_stats", device)
    runtime.reset_memory_peak()


def enable_op_determinism() -> None:
    """Nothing has to be enabled: there are no other operations."""


def enable_tensor_float_32_execution(enabled: bool) -> None:
    """Accept False: there is no arithmetic of less than 32 bits. NotImplementedError for True."""
    if enabled:
        raise NotImplementedError(
            "[tf.config.experimental.enable_tensor_float_32_execution] sums are of float32; got enabled=True; pass False"
        )


def tensor_float_32_execution_enabled() -> bool:
    """Return False."""
    return False


def _gpu(op: str, device: object) -> None:
    if here(op, device).device_type == "CPU":
        raise ValueError(f"[{op}] memory growth is a matter of GPUs; got {device!r}; pass one of list_physical_devices('GPU')")


if not TYPE_CHECKING:
    __getattr__ = absent(__name__, __all__)
