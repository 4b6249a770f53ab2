"""Pooling, channels last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .._checks import plain
from ._base import DataFormat, Layer, Padding, Pair, only


class _Pooling2D(Layer):
    """The arguments of windows that pool."""

    __slots__ = ()

    def __init__(
        self,
        pool_size: Pair,
        strides: Pair | None,
        padding: Padding,
        data_format: DataFormat,
        name: str | None,
        input_shape: Sequence[int] | None,
        later: Mapping[str, object],
    ) -> None:
        op = type(self).__name__
        only(op, "data_format", data_format, [None, "channels_last"])
        if plain(op, "strides", strides) in (0, [0, 0]):  # C++'s word for "not given"
            raise ValueError(f"[{op}] strides must be at least 1; got strides={strides!r}; leave it out for pool_size")
        arguments = {"pool_size": pool_size, "strides": strides, "padding": padding, "name": name}
        super().__init__(arguments, later, input_shape)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments with defaults filled in, as the constructor takes them."""
        config = super().get_config()
        if config["strides"] == [0, 0]:
            config["strides"] = config["pool_size"]
        return config


class MaxPooling2D(_Pooling2D):
    """The largest value of each window, channels last: (B, H, W, C) -> (B, P, Q, C).

    Parameters
    ----------
    pool_size
        One number or (height, width), at least 1; default 2.
    strides
        Likewise; default: pool_size.
    padding
        "valid" (default) or "same"; padded cells never win.
    data_format
        Only "channels_last".
    """

    __slots__ = ()

    def __init__(
        self,
        pool_size: Pair = (2, 2),
        strides: Pair | None = None,
        padding: Padding = "valid",
        data_format: DataFormat = None,
        name: str | None = None,
        *,
        input_shape: Sequence[int] | None = None,
        **later: object,
    ) -> None:
        super().__init__(pool_size, strides, padding, data_format, name, input_shape, later)


class AveragePooling2D(_Pooling2D):
    """The mean of each window, channels last: (B, H, W, C) -> (B, P, Q, C).

    The mean is that of the cells inside the input: padding is not counted.

    Parameters
    ----------
    pool_size
        One number or (height, width), at least 1.
    strides
        Likewise; default: pool_size.
    padding
        "valid" (default) or "same".
    data_format
        Only "channels_last".
    """

    __slots__ = ()

    def __init__(
        self,
        pool_size: Pair,
        strides: Pair | None = None,
        padding: Padding = "valid",
        data_format: DataFormat = None,
        name: str | None = None,
        *,
        input_shape: Sequence[int] | None = None,
        **later: object,
    ) -> None:
        super().__init__(pool_size, strides, padding, data_format, name, input_shape, later)


class GlobalAveragePooling2D(Layer):
    """The mean of each channel, channels last: (B, H, W, C) -> (B, C).

    Parameters
    ----------
    data_format
        Only "channels_last".
    keepdims
        True: (B, 1, 1, C). Default False.
    """

    __slots__ = ()

    def __init__(
        self,
        data_format: DataFormat = None,
        keepdims: bool = False,
        *,
        name: str | None = None,
        input_shape: Sequence[int] | None = None,
        **later: object,
    ) -> None:
        only("GlobalAveragePooling2D", "data_format", data_format, [None, "channels_last"])
        super().__init__({"keepdims": keepdims, "name": name}, later, input_shape)


class GlobalMaxPooling2D(Layer):
    """The largest value of each channel, channels last: (B, H, W, C) -> (B, C).

    Of equal values the first, row by row, takes the gradient. H * W is at most 65535.

    Parameters
    ----------
    data_format
        Only "channels_last".
    keepdims
        True: (B, 1, 1, C). Default False.
    """

    __slots__ = ()

    def __init__(
        self,
        data_format: DataFormat = None,
        keepdims: bool = False,
        *,
        name: str | None = None,
        input_shape: Sequence[int] | None = None,
        **later: object,
    ) -> None:
        only("GlobalMaxPooling2D", "data_format", data_format, [None, "channels_last"])
        super().__init__({"keepdims": keepdims, "name": name}, later, input_shape)
