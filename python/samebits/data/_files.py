"""Readers of other people's data sets."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from .. import _core
from .._checks import path as checked_path
from .._checks import text

_KINDS = {("cifar10", "fine"): 0, ("cifar100", "fine"): 1, ("cifar100", "coarse"): 2}


def read_idx(path: str | os.PathLike[str]) -> npt.NDArray[Any]:
    """Read an IDX file, the format of MNIST (train-images-idx3-ubyte), unpacked.

    Returns
    -------
    ndarray
        uint8, int8, int16, int32, float32 or float64, as the file says. MNIST's images: uint8 (N, 28, 28).

    Raises
    ------
    OSError
        When the file is missing, packed with gzip, no IDX file, or shorter or longer than its header says.
    """
    return _core.read_idx(checked_path("read_idx", path))


def read_cifar(
    paths: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    variant: Literal["cifar10", "cifar100"] = "cifar10",
    label: Literal["fine", "coarse"] = "fine",
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """Read binary files of CIFAR-10 or CIFAR-100, one after the other.

    Parameters
    ----------
    paths
        Files, as in ["data_batch_1.bin", "data_batch_2.bin"], or one.
    variant, label
        CIFAR-100 has a coarse label (20 classes) and a fine one (100) for each image; CIFAR-10 has one.

    Returns
    -------
    x, y
        uint8 (N, 32, 32, 3), red, green, blue; uint8 (N,).

    Raises
    ------
    OSError
        When a file is missing, packed, not a whole number of records, or has a label of another variant.
    ValueError
        For an unknown variant or label, and without paths.
    """
    kind = _KINDS.get((text("read_cifar", "variant", variant), text("read_cifar", "label", label)))
    if kind is None:
        known = ", ".join(f'variant="{a}" with label="{b}"' for a, b in _KINDS)
        raise ValueError(f"[read_cifar] known are {known}; got variant={variant!r}, label={label!r}; choose one of these")
    if not isinstance(paths, (str, bytes, os.PathLike, Sequence)):
        raise TypeError(f"[read_cifar] paths must be file names; got paths={paths!r}; give a list of them")
    several = [paths] if isinstance(paths, (str, bytes, os.PathLike)) else paths
    return _core.read_cifar([checked_path("read_cifar", path) for path in several], kind)
