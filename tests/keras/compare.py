"""One case in both libraries: how far apart they come, in parts of what is allowed.

- predict: every element within 2e-5 * (1 + |Keras's|).
- evaluate: every value (loss and metrics) within 2e-5 * (1 + |Keras's|).
- step: the loss and the metrics that each of the four steps on a batch returns, within 1e-4 * (1 + |Keras's|).
- weights: after the four steps, tensor by tensor, moving values included, ||ours - Keras's|| <= 3e-3 * ||Keras's||.
- updates: likewise what the steps changed, ||ours - Keras's|| <= 3e-3 * ||Keras's|| + 2^-22 * ||weights||, the last for the
  rounding of the weights themselves. A weight of size 1 hides what a rule does to a change of 1e-3; this measure does not.
"""

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
import tensorflow as tf

import samebits as sb
from described import Case, made

tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(1)


def differences(case: Case, keras_case: Case | None = None) -> dict[str, float]:
    """Each measure's largest difference as a part of what is allowed: all must be at most 1.

    `keras_case`: what Keras gets instead, to see that a difference is found.
    """
    keras_case = keras_case or case
    ours, theirs = _ours(case), _theirs(keras_case)
    # Keras's Sequential puts its own name first.
    assert [w.path for w in ours.weights] == [w.path.removeprefix("sequential/") for w in theirs.weights]
    assert [tuple(w.shape) for w in ours.weights] == [tuple(w.shape) for w in theirs.weights]
    start = ours.get_weights()
    theirs.set_weights(start)
    found = {"predict": 0.0, "evaluate": 0.0, "step": 0.0, "weights": 0.0, "updates": 0.0}

    x = _part(case.x, slice(None))
    for a, b in zip(_list(ours.predict(x, case.batch, verbose=0)), _list(theirs.predict(x, case.batch, verbose=0))):
        found["predict"] = max(found["predict"], _elements(a, b, 2e-5))
    both = [_evaluated(model, each) for model, each in ((ours, case), (theirs, keras_case))]
    found["evaluate"] = _logs(*both, 2e-5)
    for part in case.batches():
        ours.reset_metrics()  # Keras does it by itself
        both = [_stepped(model, each, part) for model, each in ((ours, case), (theirs, keras_case))]
        found["step"] = max(found["step"], _logs(*both, 1e-4))
    for old, a, b in zip(start, ours.get_weights(), theirs.get_weights()):
        tiny = 1e-30
        found["weights"] = max(found["weights"], _norm(a, b) / (3e-3 * _norm(b, 0) + tiny))
        allowed = 3e-3 * _norm(b, old) + 2.0**-22 * _norm(b, 0) + tiny
        found["updates"] = max(found["updates"], _norm(a.astype(np.float64) - old, b.astype(np.float64) - old) / allowed)
    assert np.isfinite(list(found.values())).all(), found
    return found


def _ours(case: Case) -> sb.Model:
    model: sb.Model = case.graph.by(sb, case.seed)
    model.compile(**_compile(case, sb))
    return model


def _theirs(case: Case) -> Any:
    """Every tenth model as a graph, the others eagerly, which is faster for so few steps.

    With several outputs always eagerly: in a graph Keras does not see how large a batch is and takes the plain mean over
    batches for each output's loss, so that they do not add up to its own total.
    """
    model = case.graph.by(keras, case.seed)
    model.compile(**_compile(case, keras), jit_compile=False, run_eagerly=case.seed % 10 != 0 or len(case.losses) > 1)
    return model


def _compile(case: Case, library: Any) -> dict[str, Any]:
    one = len(case.losses) == 1
    losses, metrics = made(library, case.losses), made(library, case.metrics)
    return {
        "optimizer": case.optimizer.by(library),
        "loss": losses[0] if one else losses,
        "metrics": metrics[0] if one else metrics,
        "loss_weights": case.loss_weights,
    }


def _evaluated(model: Any, case: Case) -> dict[str, float]:
    given = {"x": _part(case.x, slice(None)), "y": _part(case.y, slice(None)), "sample_weight": case.sample_weight}
    logs: dict[str, float] = model.evaluate(**given, batch_size=case.batch, verbose=0, return_dict=True)
    return logs


def _stepped(model: Any, case: Case, part: slice) -> dict[str, float]:
    given = {"x": _part(case.x, part), "y": _part(case.y, part), "class_weight": case.class_weight}
    if case.sample_weight is not None:
        given["sample_weight"] = case.sample_weight[part]
    logs: dict[str, float] = model.train_on_batch(**given, return_dict=True)
    return logs


def _elements(a: np.ndarray, b: np.ndarray, allowed: float) -> float:
    assert a.shape == b.shape and a.dtype == b.dtype == np.float32
    return float(np.max(np.abs(a.astype(np.float64) - b) / (allowed * (1 + np.abs(b)))))


def _logs(ours: Mapping[str, float], theirs: Mapping[str, float], allowed: float) -> float:
    assert set(ours) == set(theirs)
    return max(abs(ours[name] - float(theirs[name])) / (allowed * (1 + abs(float(theirs[name])))) for name in ours)


def _norm(a: Any, b: Any) -> float:
    return float(np.linalg.norm((np.asarray(a, np.float64) - b).ravel()))


def _part(arrays: list[np.ndarray], part: slice) -> Any:
    return [array[part] for array in arrays] if len(arrays) > 1 else arrays[0][part]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
