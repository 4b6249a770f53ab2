"""Learning rates that follow the optimizer's steps: Keras's names, arguments and defaults, checked and evaluated by C++.

A schedule is given as the learning_rate of an optimizer. Called with a number of steps t, counted from 0, it returns the rate
of the next one, a float64 whose bits docs/numerics.md fixes (section 5).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .. import _core
from .._checks import Closed, not_yet, plain, refuse, whole
from .._keras import SCHEDULES

__all__ = [
    "CosineDecay",
    "ExponentialDecay",
    "InverseTimeDecay",
    "LearningRateSchedule",
    "PiecewiseConstantDecay",
    "PolynomialDecay",
]


_NAMES = {"PiecewiseConstantDecay": "PiecewiseConstant"}  # Keras's defaults of name= that are not the class's own


class LearningRateSchedule(Closed, many="schedules"):
    """What all schedules share."""

    __slots__ = ("_spec",)

    _spec: _core.LearningRate

    def __init__(self, arguments: Mapping[str, object], later: Mapping[str, object]) -> None:
        op = type(self).__name__
        refuse(op, type(self).__init__, later, {"name": _NAMES.get(op, op)})
        given = {name: plain(op, name, value) for name, value in arguments.items()}
        self._spec = _core.LearningRate(json.dumps({"type": op, **given}))

    def __call__(self, step: int) -> float:
        """The learning rate after `step` steps."""
        return self._spec.at(whole(type(self).__name__, "step", step))

    def get_config(self) -> dict[str, Any]:
        """Return the arguments with defaults filled in, as the constructor takes them."""
        config = self._description()
        del config["type"]
        return config

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> LearningRateSchedule:
        """Make a schedule from what get_config() returned."""
        return cls(**config)

    def _description(self) -> dict[str, Any]:
        config: dict[str, Any] = json.loads(self._spec.to_json())
        return config

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LearningRateSchedule) and self._description() == other._description()

    def __hash__(self) -> int:
        return hash(self._spec.to_json())

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.get_config().items())})"


class ExponentialDecay(LearningRateSchedule):
    """initial_learning_rate * decay_rate^(t / decay_steps).

    Parameters
    ----------
    initial_learning_rate
        Finite and not negative.
    decay_steps, decay_rate
        More than 0.
    staircase
        Whether t / decay_steps is rounded down; default False.
    """

    __slots__ = ()

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: float,
        decay_rate: float,
        staircase: bool = False,
        **later: object,
    ) -> None:
        super().__init__(
            {
                "initial_learning_rate": initial_learning_rate,
                "decay_steps": decay_steps,
                "decay_rate": decay_rate,
                "staircase": staircase,
            },
            later,
        )


class CosineDecay(LearningRateSchedule):
    """rate * ((1 - alpha) * (1 + cos(pi * min(t, decay_steps) / decay_steps)) / 2 + alpha).

    Parameters
    ----------
    initial_learning_rate
        Finite and not negative.
    decay_steps
        More than 0.
    alpha
        What is left at the end, as a part of the rate; default 0.
    warmup_target
        When given, the first warmup_steps steps go from initial_learning_rate to it in a straight line, and the cosine starts
        from it after them; default none.
    warmup_steps
        Default 0.
    """

    __slots__ = ()

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: float,
        alpha: float = 0.0,
        name: str | None = None,
        warmup_target: float | None = None,
        warmup_steps: float = 0,
        **later: object,
    ) -> None:
        super().__init__(
            {
                "initial_learning_rate": initial_learning_rate,
                "decay_steps": decay_steps,
                "alpha": alpha,
                "warmup_target": warmup_target,
                "warmup_steps": warmup_steps,
            },
            {"name": name, **later},
        )


class PiecewiseConstantDecay(LearningRateSchedule):
    """values[i], i the number of boundaries that are less than t.

    Parameters
    ----------
    boundaries
        Ascending.
    values
        Rates, one more than boundaries.
    """

    __slots__ = ()

    def __init__(self, boundaries: Sequence[float], values: Sequence[float], **later: object) -> None:
        super().__init__({"boundaries": boundaries, "values": values}, later)


class PolynomialDecay(LearningRateSchedule):
    """(initial_learning_rate - end_learning_rate) * (1 - min(t, decay_steps) / decay_steps)^power + end_learning_rate.

    Parameters
    ----------
    initial_learning_rate
        Finite and not negative.
    decay_steps
        More than 0.
    end_learning_rate
        Default 0.0001.
    power
        Not negative; default 1.
    cycle
        Whether decay_steps is taken times ceil(t / decay_steps), so that the rate starts again; default False.
    """

    __slots__ = ()

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: float,
        end_learning_rate: float = 0.0001,
        power: float = 1.0,
        cycle: bool = False,
        **later: object,
    ) -> None:
        super().__init__(
            {
                "initial_learning_rate": initial_learning_rate,
                "decay_steps": decay_steps,
                "end_learning_rate": end_learning_rate,
                "power": power,
                "cycle": cycle,
            },
            later,
        )


class InverseTimeDecay(LearningRateSchedule):
    """initial_learning_rate / (1 + decay_rate * t / decay_steps).

    Parameters
    ----------
    initial_learning_rate, decay_rate
        Finite and not negative.
    decay_steps
        More than 0.
    staircase
        Whether t / decay_steps is rounded down; default False.
    """

    __slots__ = ()

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: float,
        decay_rate: float,
        staircase: bool = False,
        **later: object,
    ) -> None:
        super().__init__(
            {
                "initial_learning_rate": initial_learning_rate,
                "decay_steps": decay_steps,
                "decay_rate": decay_rate,
                "staircase": staircase,
            },
            later,
        )


if not TYPE_CHECKING:
    __getattr__ = not_yet("optimizers.schedules", SCHEDULES, __all__)
