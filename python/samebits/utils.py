"""Seeds, one-hot labels, and the check that every kind of layer must pass."""

from __future__ import annotations

from collections import abc
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from . import _core
from ._arrays import ArrayLike, as_array
from ._checks import not_yet, shape, whole
from ._keras import UTILS
from .layers import Layer

__all__ = ["check_layer", "set_random_seed", "to_categorical"]


def set_random_seed(seed: int) -> None:
    """Set the seed of models that are made without one; 0 when never called.

    It does not touch the generators of Python and NumPy: nothing in samebits draws from them.

    Parameters
    ----------
    seed
        From 0 to 2^64 - 1.

    Raises
    ------
    TypeError, ValueError
        For another type, for a number outside.
    """
    _core.set_random_seed(whole("set_random_seed", "seed", seed, unsigned=True))


def to_categorical(x: ArrayLike, num_classes: int | None = None) -> npt.NDArray[np.float64]:
    """Turn class numbers into one-hot rows.

    Parameters
    ----------
    x
        Whole numbers from 0 to num_classes - 1, of any shape; a last axis of length 1 is dropped, as in Keras.
    num_classes
        Default: the largest number + 1.

    Returns
    -------
    ndarray of float64
        Shape of x + (num_classes,).

    Raises
    ------
    TypeError, ValueError
        When x holds anything but whole numbers, or one outside.
    """
    labels = as_array("to_categorical", "x", x)
    with np.errstate(invalid="ignore"):
        numbers = labels.astype(np.int64)
    if not np.array_equal(numbers, labels):
        raise ValueError("[to_categorical] x must hold whole numbers; got fractions; round or cast them first")
    if numbers.ndim > 1 and numbers.shape[-1] == 1:
        numbers = numbers[..., 0]
    largest = int(numbers.max(initial=-1))
    classes = largest + 1 if num_classes is None else whole("to_categorical", "num_classes", num_classes)
    if numbers.min(initial=0) < 0 or largest >= classes:
        raise ValueError(
            f"[to_categorical] x must be from 0 to num_classes - 1; got {numbers.min()} to {largest} for num_classes={classes};"
            " give num_classes above the largest"
        )
    one_hot = np.zeros((*numbers.shape, classes))
    np.put_along_axis(one_hot, numbers[..., np.newaxis], 1.0, axis=-1)
    return one_hot


def check_layer(layer: Layer, input_shape: abc.Sequence[int], batch: int = 3, seed: int = 1) -> None:
    """Check a layer: shapes, poisoned buffers, batch independence, instruction sets, threads, gradients, save and load.

    Parameters
    ----------
    layer
        Any layer of samebits.layers.
    input_shape
        Shape of one sample, without the batch.
    batch
        Number of random samples; default 3.
    seed
        Of the samples and weights; default 1.

    Raises
    ------
    RunFailedError
        When a check fails; the text says which and where.
    ValueError
        When the layer does not take the shape.
    """
    if not isinstance(layer, Layer):
        raise TypeError(f"[check_layer] layer must be a layer of samebits.layers; got {layer!r}; make one of these")
    _core.check_layer(
        layer._spec,
        shape("check_layer", "input_shape", input_shape),
        whole("check_layer", "batch", batch),
        whole("check_layer", "seed", seed, unsigned=True),
    )


if not TYPE_CHECKING:
    __getattr__ = not_yet("utils", UTILS, __all__)
