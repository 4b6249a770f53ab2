"""Normalization of the last axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from ._base import BASE, InitializerLike, Layer, RegularizerLike

_CONSTRAINTS: Mapping[str, object] = {**BASE, "beta_constraint": None, "gamma_constraint": None}


class BatchNormalization(Layer):
    """Each channel brought to mean 0 and variance 1 over the batch, then scaled and shifted; the shape stays
    (Ioffe, Szegedy 2015).

    Training: y = (x - mean) / sqrt(variance + epsilon) * gamma + beta, with the batch's mean and biased variance of each
    channel; once a step moving = moving * momentum + value * (1 - momentum). Else the moving values take their place.

    Weights, each (C,): gamma, beta, moving_mean, moving_variance.

    Parameters
    ----------
    axis
        Only the last one: -1, or its number.
    momentum
        In [0, 1]; default 0.99.
    epsilon
        Above 0; default 0.001.
    center, scale
        False: without beta, without gamma. Default True.
    beta_initializer, gamma_initializer, moving_mean_initializer, moving_variance_initializer
        Names or objects of `samebits.initializers`; default "zeros", "ones", "zeros", "ones".
    beta_regularizer, gamma_regularizer
        Names or objects of `samebits.regularizers`; default None.
    """

    __slots__ = ()
    _later: ClassVar[Mapping[str, object]] = {
        **_CONSTRAINTS,
        "renorm": False,
        "renorm_clipping": None,
        "renorm_momentum": 0.99,
        "synchronized": False,
    }

    def __init__(
        self,
        axis: int = -1,
        momentum: float = 0.99,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: InitializerLike = "zeros",
        gamma_initializer: InitializerLike = "ones",
        moving_mean_initializer: InitializerLike = "zeros",
        moving_variance_initializer: InitializerLike = "ones",
        beta_regularizer: RegularizerLike = None,
        gamma_regularizer: RegularizerLike = None,
        *,
        name: str | None = None,
        input_shape: Sequence[int] | None = None,
        **later: object,
    ) -> None:
        arguments = {
            "axis": axis,
            "momentum": momentum,
            "epsilon": epsilon,
            "center": center,
            "scale": scale,
            "beta_initializer": beta_initializer,
            "gamma_initializer": gamma_initializer,
            "moving_mean_initializer": moving_mean_initializer,
            "moving_variance_initializer": moving_variance_initializer,
            "beta_regularizer": beta_regularizer,
            "gamma_regularizer": gamma_regularizer,
            "name": name,
        }
        super().__init__(arguments, later, input_shape)


class LayerNormalization(Layer):
    """Each row of channels brought to mean 0 and variance 1, then scaled and shifted; the shape stays
    (Ba, Kiros, Hinton 2016).

    y = (x - mean) / sqrt(variance + epsilon) * gamma + beta, with the mean and biased variance over the last axis.

    Weights, each (C,): gamma, beta.

    Parameters
    ----------
    axis
        Only the last one: -1, or its number.
    epsilon
        Above 0; default 0.001.
    center, scale
        False: without beta, without gamma. Default True.
    beta_initializer, gamma_initializer
        Names or objects of `samebits.initializers`; default "zeros" and "ones".
    beta_regularizer, gamma_regularizer
        Names or objects of `samebits.regularizers`; default None.
    """

    __slots__ = ()
    _later: ClassVar[Mapping[str, object]] = {**_CONSTRAINTS, "rms_scaling": False}

    def __init__(
        self,
        axis: int = -1,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: InitializerLike = "zeros",
        gamma_initializer: InitializerLike = "ones",
        beta_regularizer: RegularizerLike = None,
        gamma_regularizer: RegularizerLike = None,
        *,
        name: str | None = None,
        input_shape: Sequence[int] | None = None,
        **later: object,
    ) -> None:
        arguments = {
            "axis": axis,
            "epsilon": epsilon,
            "center": center,
            "scale": scale,
            "beta_initializer": beta_initializer,
            "gamma_initializer": gamma_initializer,
            "beta_regularizer": beta_regularizer,
            "gamma_regularizer": gamma_regularizer,
            "name": name,
        }
        super().__init__(arguments, later, input_shape)
