"""Models that raise tf.errors."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from .... import models
from ..errors import as_tf

_P = ParamSpec("_P")
_R = TypeVar("_R")


def _told(method: Callable[_P, _R]) -> Callable[_P, _R]:
    """The method with tf.errors."""

    @functools.wraps(method)
    def call(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return method(*args, **kwargs)
        except Exception as error:
            told = as_tf(error)
            if told is error:
                raise
            raise told from None

    return call


class Model(models.Model):
    """samebits.Model; training, evaluating and predicting raise tf.errors, which are samebits's errors besides."""

    __slots__ = ()

    compile = _told(models.Model.compile)
    fit = _told(models.Model.fit)
    train_on_batch = _told(models.Model.train_on_batch)
    evaluate = _told(models.Model.evaluate)
    predict = _told(models.Model.predict)
    test_on_batch = _told(models.Model.test_on_batch)
    predict_on_batch = _told(models.Model.predict_on_batch)


class Sequential(Model, models.Sequential):
    """samebits.Sequential, with tf.errors; see Model."""

    __slots__ = ()
