"""Pooling, channels last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .._checks import plain
from ._base import DataFormat, Layer, Padding, Pair, only


class MaxPooling2D(Layer):
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
        *,
        name: str | None = None,
        input_shape: Sequence[int] | None = None,
        **later: object,
    ) -> None:
        only("MaxPooling2D", "data_format", data_format, [None, "channels_last"])
        if plain("MaxPooling2D", "strides", strides) in (0, [0, 0]):  # C++'s word for "not given"
            raise ValueError(f"[MaxPooling2D] strides must be at least 1; got strides={strides!r}; leave it out for pool_size")
        arguments = {"pool_size": pool_size, "strides": strides, "padding": padding, "name": name}
        super().__init__(arguments, later, input_shape)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments with defaults filled in, as the constructor takes them."""
        config = super().get_config()
        if config["strides"] == [0, 0]:
            config["strides"] = config["pool_size"]
        return config
