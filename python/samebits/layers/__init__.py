"""Layers: Keras's constructors, checked by C++ when they are made.

Every constructor takes `name` (default: chosen by the model, "dense", "dense_1", ...) and, for the first layer of a
Sequential, `input_shape` (of one sample). It raises ValueError for a value that breaks a rule, TypeError for a wrong type or
an unknown argument, and NotImplementedError for an argument that Keras has and samebits has not yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .._checks import not_yet
from .._keras import LAYERS
from ._base import Input, InputLayer, Layer
from .activations import ELU, GELU, LeakyReLU, ReLU, SiLU, Softmax
from .augmentation import RandomCrop, RandomFlip, RandomTranslation
from .convolution import Conv2D, DepthwiseConv2D, SeparableConv2D
from .core import Activation, Dense, Dropout, Flatten, Rescaling, Reshape
from .merging import Add, Concatenate, add, concatenate
from .normalization import BatchNormalization, LayerNormalization
from .pooling import AveragePooling2D, GlobalAveragePooling2D, GlobalMaxPooling2D, MaxPooling2D
from .reshaping import ZeroPadding2D

__all__ = [
    "ELU",
    "GELU",
    "Activation",
    "Add",
    "AveragePooling2D",
    "AvgPool2D",
    "BatchNormalization",
    "Concatenate",
    "Conv2D",
    "Convolution2D",
    "Dense",
    "DepthwiseConv2D",
    "Dropout",
    "Flatten",
    "GlobalAveragePooling2D",
    "GlobalAvgPool2D",
    "GlobalMaxPool2D",
    "GlobalMaxPooling2D",
    "Input",
    "InputLayer",
    "Layer",
    "LayerNormalization",
    "LeakyReLU",
    "MaxPool2D",
    "MaxPooling2D",
    "RandomCrop",
    "RandomFlip",
    "RandomTranslation",
    "ReLU",
    "Rescaling",
    "Reshape",
    "SeparableConv2D",
    "SeparableConvolution2D",
    "SiLU",
    "Softmax",
    "ZeroPadding2D",
    "add",
    "concatenate",
]

Convolution2D = Conv2D
MaxPool2D = MaxPooling2D
AvgPool2D = AveragePooling2D
GlobalAvgPool2D = GlobalAveragePooling2D
GlobalMaxPool2D = GlobalMaxPooling2D
SeparableConvolution2D = SeparableConv2D

_KINDS: Mapping[str, type[Layer]] = {
    kind.__name__: kind
    for kind in (
        Activation,
        Add,
        AveragePooling2D,
        BatchNormalization,
        Concatenate,
        Conv2D,
        Dense,
        DepthwiseConv2D,
        Dropout,
        ELU,
        Flatten,
        GELU,
        GlobalAveragePooling2D,
        GlobalMaxPooling2D,
        InputLayer,
        LayerNormalization,
        LeakyReLU,
        MaxPooling2D,
        RandomCrop,
        RandomFlip,
        RandomTranslation,
        ReLU,
        Rescaling,
        Reshape,
        SeparableConv2D,
        SiLU,
        Softmax,
        ZeroPadding2D,
    )
}


def from_json(config: Mapping[str, Any]) -> Layer:
    """Make a layer from C++'s description of it."""
    arguments = dict(config)
    if arguments.get("strides") == [0, 0]:
        del arguments["strides"]
    return _KINDS[arguments.pop("type")].from_config(arguments)


if not TYPE_CHECKING:
    __getattr__ = not_yet("layers", LAYERS, __all__)
