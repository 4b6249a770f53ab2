"""Images changed by chance while training, channels last.

What a sample gets depends on the model's seed, the layer's name, the epoch and the sample's index in the data set (a Dataset:
its place in the epoch), never on the batch, the order of samples or the number of threads.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

from ._base import DataFormat, Layer, only

Factor: TypeAlias = float | Sequence[float]


def _alike(op: str, seed: None, data_format: DataFormat) -> None:
    only(op, "seed", seed, [None])
    only(op, "data_format", data_format, [None, "channels_last"])


class RandomFlip(Layer):
    """Mirrors each image with probability 1/2 while training, else passes it on: (B, H, W, C) -> (B, H, W, C).

    Parameters
    ----------
    mode
        "horizontal" (left and right change places), "vertical", or "horizontal_and_vertical" (default), one independent of
        the other.
    seed
        Only None: the model's seed decides.
    data_format
        Only "channels_last".
    """

    __slots__ = ()

    def __init__(
        self,
        mode: Literal["horizontal_and_vertical", "horizontal", "vertical"] = "horizontal_and_vertical",
        seed: None = None,
        data_format: DataFormat = None,
        *,
        name: str | None = None,
        input_shape: Sequence[int] | None = None,
        **later: object,
    ) -> None:
        _alike("RandomFlip", seed, data_format)
        super().__init__({"mode": mode, "name": name}, later, input_shape)


class RandomTranslation(Layer):
    """Shifts each image by chance while training, else passes it on: (B, H, W, C) -> (B, H, W, C).

    The image moves down by factor * H and right by factor * W pixels, each factor drawn from [lower, upper).

    Parameters
    ----------
    height_factor, width_factor
        (lower, upper), shares from -1 to 1; f is (-f, f).
    fill_mode
        What stands outside the image: "reflect" (default; d c b a | a b c d | d c b a), "constant", "nearest" (a a | a b c d),
        "wrap" (c d | a b c d).
    interpolation
        "bilinear" (default) or "nearest".
    seed
        Only None: the model's seed decides.
    fill_value
        Of fill_mode "constant"; default 0.
    data_format
        Only "channels_last".
    """

    __slots__ = ()

    def __init__(
        self,
        height_factor: Factor,
        width_factor: Factor,
        fill_mode: Literal["reflect", "wrap", "constant", "nearest"] = "reflect",
        interpolation: Literal["bilinear", "nearest"] = "bilinear",
        seed: None = None,
        fill_value: float = 0.0,
        data_format: DataFormat = None,
        *,
        name: str | None = None,
        input_shape: Sequence[int] | None = None,
        **later: object,
    ) -> None:
        _alike("RandomTranslation", seed, data_format)
        arguments = {
            "height_factor": height_factor,
            "width_factor": width_factor,
            "fill_mode": fill_mode,
            "interpolation": interpolation,
            "fill_value": fill_value,
            "name": name,
        }
        super().__init__(arguments, later, input_shape)


class RandomCrop(Layer):
    """A piece of each image chosen by chance while training, else its middle: (B, H, W, C) -> (B, height, width, C).

    Every sample has a piece of its own; in inference it starts at floor((H - height) / 2), floor((W - width) / 2). Images
    smaller than the piece are not enlarged yet.

    Parameters
    ----------
    height, width
        From 1 to those of the image.
    seed
        Only None: the model's seed decides.
    data_format
        Only "channels_last".
    """

    __slots__ = ()

    def __init__(
        self,
        height: int,
        width: int,
        seed: None = None,
        data_format: DataFormat = None,
        name: str | None = None,
        *,
        input_shape: Sequence[int] | None = None,
        **later: object,
    ) -> None:
        _alike("RandomCrop", seed, data_format)
        super().__init__({"height": height, "width": width, "name": name}, later, input_shape)
