"""Padding images, channels last."""

from __future__ import annotations

from collections.abc import Sequence

from ._base import DataFormat, Layer, Pair, only


class ZeroPadding2D(Layer):
    """Zeros around every image, channels last: (B, H, W, C) -> (B, top + H + bottom, left + W + right, C).

    Parameters
    ----------
    padding
        One number for all sides, (rows, columns), or ((top, bottom), (left, right)); from 0; default 1.
    data_format
        Only "channels_last".
    """

    __slots__ = ()

    def __init__(
        self,
        padding: Pair | Sequence[Sequence[int]] = (1, 1),
        data_format: DataFormat = None,
        *,
        name: str | None = None,
        input_shape: Sequence[int] | None = None,
        **later: object,
    ) -> None:
        only("ZeroPadding2D", "data_format", data_format, [None, "channels_last"])
        super().__init__({"padding": padding, "name": name}, later, input_shape)
