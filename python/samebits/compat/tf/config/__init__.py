"""tf.config: devices, memory, threads. They change time and memory, never bits.

Everything may be called at any time: nothing is "initialized" by the first model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._offered import absent
from . import experimental, threading
from ._devices import (
    LogicalDevice,
    LogicalDeviceConfiguration,
    PhysicalDevice,
    get_visible_devices,
    list_logical_devices,
    list_physical_devices,
    set_logical_device_configuration,
    set_visible_devices,
)

__all__ = [
    "LogicalDevice",
    "LogicalDeviceConfiguration",
    "PhysicalDevice",
    "experimental",
    "get_visible_devices",
    "list_logical_devices",
    "list_physical_devices",
    "set_logical_device_configuration",
    "set_visible_devices",
    "threading",
]

if not TYPE_CHECKING:
    __getattr__ = absent(
        __name__,
        __all__,
        {
            "experimental_run_functions_eagerly": "leave it out: nothing is compiled",
            "get_memory_info": "use tf.config.experimental.get_memory_info",
            "run_functions_eagerly": "leave it out: nothing is compiled",
            "set_soft_device_placement": "leave it out",
        },
    )
