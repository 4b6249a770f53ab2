"""tf.device."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ._offered import once
from .config._devices import list_logical_devices, parsed


@contextmanager
def device(device_name: object) -> Iterator[None]:
    """Run what is in the block on a device: `with tf.device("/CPU:0"):`.

    A device that is not here is told by a warning, once, and the CPU is used, as TensorFlow does: it changes time, never bits.
    None: the default.

    Raises
    ------
    TypeError, ValueError
        For what is no name of a device.
    """
    if device_name is not None:
        name = parsed("tf.device", device_name)
        if name not in {one.name for one in list_logical_devices()}:
            once(
                f"[tf.device] models run on what is here; got {device_name!r}, which is not; the CPU is used: the same bits", 3
            )
    yield
