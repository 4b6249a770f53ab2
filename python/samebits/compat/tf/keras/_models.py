"""Models that raise tf.errors, and that say so when the data were drawn without a seed."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from .... import models
from .. import _unseeded
from ..errors import as_tf

_P = ParamSpec("_P")
_R = TypeVar("_R")


def _at_fit(model: models.Model) -> None:
    _unseeded.tell(stacklevel=3)


def _at_first_step(model: models.Model) -> None:
    if model.optimizer is not None and model._cpp.iterations == 0:  # looking takes 0.2 ms, as long as a step may
        _unseeded.tell(stacklevel=3)


def _told(method: Callable[_P, _R], before: Callable[[Any], None] | None = None) -> Callable[_P, _R]:
    """The method with tf.errors; before(model) is called first."""

    @functools.wraps(method)
    def call(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        if before is not None:
            before(args[0])
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
    fit = _told(models.Model.fit, before=_at_fit)
    train_on_batch = _told(models.Model.train_on_batch, before=_at_first_step)
    evaluate = _told(models.Model.evaluate)
    predict = _told(models.Model.predict)
    test_on_batch = _told(models.Model.test_on_batch)
    predict_on_batch = _told(models.Model.predict_on_batch)


class Sequential(Model, models.Sequential):
    """samebits.Sequential, with tf.errors; see Model."""

    __slots__ = ()
