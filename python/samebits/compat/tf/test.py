"""tf.test: what scripts ask before they start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._offered import absent
from .config import list_logical_devices

__all__ = ["gpu_device_name", "is_built_with_cuda", "is_gpu_available"]


def gpu_device_name() -> str:
    """Return the name of the first GPU that models can run on, "" without one."""
    return next((device.name for device in list_logical_devices("GPU")), "")


def is_gpu_available(cuda_only: bool = False, min_cuda_compute_capability: object = None) -> bool:
    """Tell whether there is a GPU that models can run on."""
    return bool(list_logical_devices("GPU"))


def is_built_with_cuda() -> bool:
    """Tell whether samebits was built for GPUs: not yet."""
    return False


if not TYPE_CHECKING:
    __getattr__ = absent(__name__, __all__)
