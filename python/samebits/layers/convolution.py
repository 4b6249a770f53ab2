"""Convolutions, channels last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from ._base import KERNEL, DataFormat, InitializerLike, Layer, Padding, Pair, RegularizerLike, only


class Conv2D(Layer):
    """2-D convolution, channels last: (B, H, W, C) -> (B, P, Q, filters).

    Weights: kernel (R, S, C, filters), bias (filters,).

    Parameters
    ----------
    filters
        At least 1.
    kernel_size, strides
        One number or (height, width), at least 1; strides default to 1.
    padding
        "valid" (default) or "same", with Keras's meaning.
    activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer
        As in Dense.
    algorithm
        "auto" (default) or "direct". Both compute by the direct sum today; "winograd2" and "winograd4" are not here yet.
    data_format, dilation_rate, groups
        Only "channels_last", 1 and 1.
    """

    __slots__ = ()
    _later = KERNEL

    def __init__(
        self,
        filters: int,
        kernel_size: Pair,
        strides: Pair = (1, 1),
        padding: Padding = "valid",
        data_format: DataFormat = None,
        dilation_rate: Pair = (1, 1),
        groups: int = 1,
        activation: str | None = None,
        use_bias: bool = True,
        kernel_initializer: InitializerLike = "glorot_uniform",
        bias_initializer: InitializerLike = "zeros",
        kernel_regularizer: RegularizerLike = None,
        bias_regularizer: RegularizerLike = None,
        *,
        algorithm: Literal["auto", "direct"] = "auto",
        name: str | None = None,
        input_shape: Sequence[int] | None = None,
        **later: object,
    ) -> None:
        only("Conv2D", "data_format", data_format, [None, "channels_last"])
        only("Conv2D", "dilation_rate", dilation_rate, [1, [1, 1]])
        only("Conv2D", "groups", groups, [1])
        only("Conv2D", "algorithm", algorithm, ["auto", "direct"], later=["winograd2", "winograd4"])
        arguments = {
            "filters": filters,
            "kernel_size": kernel_size,
            "strides": strides,
            "padding": padding,
            "activation": activation,
            "use_bias": use_bias,
            "kernel_initializer": kernel_initializer,
            "bias_initializer": bias_initializer,
            "kernel_regularizer": kernel_regularizer,
            "bias_regularizer": bias_regularizer,
            "name": name,
        }
        super().__init__(arguments, later, input_shape)
