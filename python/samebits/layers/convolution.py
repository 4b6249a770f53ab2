"""Convolutions, channels last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

from ._base import BASE, KERNEL, DataFormat, InitializerLike, Layer, Padding, Pair, RegularizerLike, only


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
    dilation_rate
        One number or (height, width): the distance of neighbouring taps; default 1. Above 1 only with strides 1.
    activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer
        As in Dense.
    algorithm
        "auto" (default): what the profile says for this shape. "direct": one sum over the window. "winograd2", "winograd4", for
        3x3 windows with strides and dilation_rate 1: minimal filtering F(2x2, 3x3) and F(4x4, 3x3) in all passes.
        Each gives bits of its own, the same everywhere, and is part of a recipe's identity.
    data_format, groups
        Only "channels_last" and 1.
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
        algorithm: Literal["auto", "direct", "winograd2", "winograd4"] = "auto",
        name: str | None = None,
        input_shape: Sequence[int] | None = None,
        **later: object,
    ) -> None:
        only("Conv2D", "data_format", data_format, [None, "channels_last"])
        only("Conv2D", "groups", groups, [1])
        arguments = {
            "filters": filters,
            "kernel_size": kernel_size,
            "strides": strides,
            "padding": padding,
            "dilation_rate": dilation_rate,
            "activation": activation,
            "use_bias": use_bias,
            "kernel_initializer": kernel_initializer,
            "bias_initializer": bias_initializer,
            "kernel_regularizer": kernel_regularizer,
            "bias_regularizer": bias_regularizer,
            "algorithm": algorithm,
            "name": name,
        }
        super().__init__(arguments, later, input_shape)


class DepthwiseConv2D(Layer):
    """2-D convolution of every channel by itself, channels last: (B, H, W, C) -> (B, P, Q, C * depth_multiplier).

    Output channel c * depth_multiplier + m is channel c convolved with window m. Weights: kernel (R, S, C, depth_multiplier),
    bias (C * depth_multiplier,).

    Parameters
    ----------
    kernel_size, strides
        One number or (height, width), at least 1; strides default to 1.
    padding
        "valid" (default) or "same", with Keras's meaning.
    depth_multiplier
        Windows of each channel, at least 1; default 1.
    data_format
        Only "channels_last".
    dilation_rate
        As in Conv2D.
    activation, use_bias, depthwise_initializer, bias_initializer, depthwise_regularizer, bias_regularizer
        As in Dense.
    """

    __slots__ = ()
    _later: ClassVar[Mapping[str, object]] = {**BASE, "depthwise_constraint": None, "bias_constraint": None}

    def __init__(
        self,
        kernel_size: Pair,
        strides: Pair = (1, 1),
        padding: Padding = "valid",
        depth_multiplier: int = 1,
        data_format: DataFormat = None,
        dilation_rate: Pair = (1, 1),
        activation: str | None = None,
        use_bias: bool = True,
        depthwise_initializer: InitializerLike = "glorot_uniform",
        bias_initializer: InitializerLike = "zeros",
        depthwise_regularizer: RegularizerLike = None,
        bias_regularizer: RegularizerLike = None,
        *,
        name: str | None = None,
        input_shape: Sequence[int] | None = None,
        **later: object,
    ) -> None:
        only("DepthwiseConv2D", "data_format", data_format, [None, "channels_last"])
        arguments = {
            "kernel_size": kernel_size,
            "strides": strides,
            "padding": padding,
            "depth_multiplier": depth_multiplier,
            "dilation_rate": dilation_rate,
            "activation": activation,
            "use_bias": use_bias,
            "depthwise_initializer": depthwise_initializer,
            "bias_initializer": bias_initializer,
            "depthwise_regularizer": depthwise_regularizer,
            "bias_regularizer": bias_regularizer,
            "name": name,
        }
        super().__init__(arguments, later, input_shape)


class SeparableConv2D(Layer):
    """A depthwise convolution followed by a 1 x 1 convolution, channels last: (B, H, W, C) -> (B, P, Q, filters).

    Weights: depthwise_kernel (R, S, C, depth_multiplier), pointwise_kernel (1, 1, C * depth_multiplier, filters), bias
    (filters,). Bias and activation come after the second convolution.

    Parameters
    ----------
    filters
        At least 1.
    kernel_size, strides, padding, dilation_rate, depth_multiplier
        Of the depthwise convolution, as in DepthwiseConv2D.
    data_format
        Only "channels_last".
    activation, use_bias
        As in Dense.
    depthwise_initializer, pointwise_initializer, bias_initializer
        Names or objects of `samebits.initializers`; default "glorot_uniform", "glorot_uniform" and "zeros".
    depthwise_regularizer, pointwise_regularizer, bias_regularizer
        Names or objects of `samebits.regularizers`; default None.
    """

    __slots__ = ()
    _later: ClassVar[Mapping[str, object]] = {
        **BASE,
        "depthwise_constraint": None,
        "pointwise_constraint": None,
        "bias_constraint": None,
    }

    def __init__(
        self,
        filters: int,
        kernel_size: Pair,
        strides: Pair = (1, 1),
        padding: Padding = "valid",
        data_format: DataFormat = None,
        dilation_rate: Pair = (1, 1),
        depth_multiplier: int = 1,
        activation: str | None = None,
        use_bias: bool = True,
        depthwise_initializer: InitializerLike = "glorot_uniform",
        pointwise_initializer: InitializerLike = "glorot_uniform",
        bias_initializer: InitializerLike = "zeros",
        depthwise_regularizer: RegularizerLike = None,
        pointwise_regularizer: RegularizerLike = None,
        bias_regularizer: RegularizerLike = None,
        *,
        name: str | None = None,
        input_shape: Sequence[int] | None = None,
        **later: object,
    ) -> None:
        only("SeparableConv2D", "data_format", data_format, [None, "channels_last"])
        arguments = {
            "filters": filters,
            "kernel_size": kernel_size,
            "strides": strides,
            "padding": padding,
            "dilation_rate": dilation_rate,
            "depth_multiplier": depth_multiplier,
            "activation": activation,
            "use_bias": use_bias,
            "depthwise_initializer": depthwise_initializer,
            "pointwise_initializer": pointwise_initializer,
            "bias_initializer": bias_initializer,
            "depthwise_regularizer": depthwise_regularizer,
            "pointwise_regularizer": pointwise_regularizer,
            "bias_regularizer": bias_regularizer,
            "name": name,
        }
        super().__init__(arguments, later, input_shape)
