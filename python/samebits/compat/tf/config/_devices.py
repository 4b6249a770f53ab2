"""What there is to run on, under TensorFlow's names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from .... import runtime


class PhysicalDevice(NamedTuple):
    """Hardware: '/physical_device:CPU:0'."""

    name: str
    device_type: str


class LogicalDevice(NamedTuple):
    """What programs name: '/device:CPU:0'."""

    name: str
    device_type: str


class LogicalDeviceConfiguration(NamedTuple):
    """How much of a device may be used."""

    memory_limit: float | None = None
    """In units of 2^20 bytes; None: no limit."""
    experimental_priority: int | None = None
    """Not implemented."""
    experimental_device_ordinal: int | None = None
    """Not implemented."""


_hidden: set[PhysicalDevice] = set()
# "/GPU:0", "/device:CPU:0", "cpu:0".
_NAME = re.compile(r"(?:/?job:\w+/replica:\d+/task:\d+)?/?(?:device:)?([a-zA-Z]+):(\d+|\*)")


def list_physical_devices(device_type: str | None = None) -> list[PhysicalDevice]:
    """List the devices that models can run on: the CPU. device_type: "CPU" or "GPU"; default all."""
    found: list[PhysicalDevice] = []
    for device in runtime.devices():
        kind = "CPU" if device.name == "cpu" else "GPU"
        number = sum(other.device_type == kind for other in found)
        found.append(PhysicalDevice(f"/physical_device:{kind}:{number}", kind))
    return [device for device in found if device_type is None or device.device_type == device_type.upper()]


def list_logical_devices(device_type: str | None = None) -> list[LogicalDevice]:
    """List the visible devices by the names that programs use."""
    visible = get_visible_devices(device_type)
    return [LogicalDevice(device.name.replace("physical_", ""), device.device_type) for device in visible]


def get_visible_devices(device_type: str | None = None) -> list[PhysicalDevice]:
    """List the devices that set_visible_devices left."""
    return [device for device in list_physical_devices(device_type) if device not in _hidden]


def set_visible_devices(devices: Any, device_type: str | None = None) -> None:
    """Hide the other devices (of the type, when given) from this process.

    Raises
    ------
    ValueError
        For a device that is not here, or when the CPU would be hidden: batches are made there.
    """
    op = "tf.config.set_visible_devices"
    asked = [devices] if isinstance(devices, (PhysicalDevice, str)) or not isinstance(devices, Iterable) else list(devices)
    for device in asked:
        here(op, device, device_type)
    hidden = {device for device in list_physical_devices(device_type) if device not in asked}
    if any(device.device_type == "CPU" for device in hidden):
        raise ValueError(f"[{op}] the CPU must stay visible; got {asked!r}; add it, or say device_type='GPU'")
    _hidden.difference_update(list_physical_devices(device_type))
    _hidden.update(hidden)
    if not get_visible_devices("GPU"):
        runtime.configure(device="cpu")


def set_logical_device_configuration(device: PhysicalDevice, logical_devices: Iterable[LogicalDeviceConfiguration]) -> None:
    """Limit how much memory the library takes: samebits.runtime.configure(memory_limit=...), for the CPU too.

    Raises
    ------
    ValueError
        For a device that is not here, or a limit below what is in use.
    NotImplementedError
        For several logical devices, and for what is not a memory limit.
    """
    op = "tf.config.set_logical_device_configuration"
    here(op, device)
    each = list(logical_devices)
    if len(each) != 1 or each[0][1:] != (None, None):
        raise NotImplementedError(f"[{op}] a device is one logical device with a memory limit; got {each}; give one of them")
    limit = each[0].memory_limit
    runtime.configure(memory_limit=0 if limit is None else int(limit * 2**20))


def here(op: str, device: object, device_type: str | None = None) -> PhysicalDevice:
    """The device, if it is one that list_physical_devices gives: else ValueError."""
    found = list_physical_devices(device_type)
    if not isinstance(device, PhysicalDevice) or device not in found:
        raise ValueError(
            f"[{op}] device must be one of list_physical_devices(); got {device!r} among {found}; pass one of these"
        )
    return device


def parsed(op: str, device: object) -> str:
    """The name as list_logical_devices writes it. TypeError, ValueError for what is no name of a device."""
    if not isinstance(device, str):
        raise TypeError(f'[{op}] device must be a name; got {device!r}; write for example "CPU:0"')
    found = _NAME.fullmatch(device)
    if not found:
        raise ValueError(f'[{op}] device must be a name such as "CPU:0" or "/GPU:0"; got {device!r}; write it so')
    return f"/device:{found[1].upper()}:{found[2].replace('*', '0')}"


def device_of(op: str, device: object) -> LogicalDevice:
    """The device of a name. ValueError for one that is not here."""
    name = parsed(op, device)
    here = list_logical_devices()
    for one in here:
        if one.name == name:
            return one
    raise ValueError(f"[{op}] device must be here; got {device!r} among {[one.name for one in here]}; use one of these")
