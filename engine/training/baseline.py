"""What can be had without a network: the best trivial prediction, on the rows of the evaluation.

The trivial predictors learn from the training part alone: the most frequent class; the mean
target; for a series as the only input, its last value. Of those that fit a target of numbers,
the one with the smallest mean absolute error on the training part is the baseline.
"""

import math
from typing import Any

import numpy as np

from engine.dataset.content import Array
from engine.dataset.encoder import Encoder
from engine.training.tensors import Tensors

_ACCURACIES = (
    "accuracy",
    "acc",
    "sparse_categorical_accuracy",
    "categorical_accuracy",
    "binary_accuracy",
)
_ERRORS = ("mae", "mean_absolute_error")
_MOST_CHANNELS = 64


def compare(evaluation: dict[str, Any], encoder: Encoder, parts: dict[str, Tensors]) -> None:
    """Add `baseline` and `lift_over_baseline` to the evaluation of a part.

    `baseline` is `{"predictor": "majority", "accuracy"}` for classes, else `{"predictor": "mean"
    or "last-value", "mae", "rmse"}`. `lift_over_baseline` is the network's accuracy less the
    baseline's, or 1 - mae / (the baseline's mae); None where the network's was not measured.
    With several outputs both are objects by output name. Without an evaluated part both are None.
    """
    evaluation |= {"baseline": None, "lift_over_baseline": None}
    held = parts.get(evaluation["part"] or "")
    if held is None:
        return
    found, lifts = {}, {}
    for name in encoder.targets:
        prefix = f"{name}_" if len(encoder.targets) > 1 else ""
        accuracy = _measured(evaluation["metrics"], prefix, _ACCURACIES)
        error = _measured(evaluation["metrics"], prefix, _ERRORS)
        if _holds_classes(encoder, name, parts["training"].y[name], accuracy):
            found[name] = _majority(encoder, name, parts["training"].y[name], held.y[name])
            lifts[name] = None if accuracy is None else accuracy - found[name]["accuracy"]
        else:
            found[name] = _numbers(encoder, name, parts["training"], held)
            lifts[name] = _reduction(error, found[name]["mae"])
    single = next(iter(found)) if len(found) == 1 else None
    evaluation["baseline"] = found[single] if single else found
    evaluation["lift_over_baseline"] = lifts[single] if single else lifts


def _measured(metrics: dict[str, Any], prefix: str, names: tuple[str, ...]) -> float | None:
    for name in names:
        value = metrics.get(prefix + name)
        if isinstance(value, float) and math.isfinite(value):
            return value
    return None


def _reduction(error: float | None, baseline: float | None) -> float | None:
    return None if error is None or not baseline else 1 - error / baseline


def _holds_classes(encoder: Encoder, name: str, y: Array, accuracy: float | None) -> bool:
    """Whether a target holds classes; arrays of whole numbers do when accuracy was measured."""
    form = encoder.targets[name].form
    return form != "raw" or (y.dtype.kind == "i" and accuracy is not None)


def _each(training: Array, held: Array) -> dict[str, Any]:
    """Of several yes or no, the more frequent of each."""
    return {
        "predictor": "majority",
        "accuracy": float((held == (training.mean(axis=0) > 0.5)).mean()),
    }


def _majority(encoder: Encoder, name: str, training: Array, held: Array) -> dict[str, Any]:
    if encoder.targets[name].form in ("multi_label", "ordinal"):
        return _each(training, held)
    if encoder.targets[name].form == "one_hot":
        training, held = training.argmax(axis=-1), held.argmax(axis=-1)
    values, counts = np.unique(training, return_counts=True)
    return {
        "predictor": "majority",
        "accuracy": float((held == values[counts.argmax()]).mean()),
    }


def _numbers(encoder: Encoder, name: str, training: Tensors, held: Tensors) -> dict[str, Any]:
    """The mean (of each position of an array), or the last value of a series where it is nearer."""
    target = encoder.targets[name]
    y, true = target.truth(training.y[name]), target.truth(held.y[name])
    mean = y.mean(axis=0, dtype=np.float64)
    predictor, guess = "mean", mean
    channel = _nearest_channel(encoder, training, y, mean)
    if name in held.last:
        if _mae(y, training.last[name]) < _mae(y, mean):
            predictor, guess = "last-value", held.last[name]
    elif channel is not None:
        predictor, guess = "last-value", _last(encoder, held)[:, [channel]]
    wrong = true - guess
    errors = {"mae": np.abs(wrong).mean(), "rmse": np.sqrt(np.square(wrong).mean())}
    plain = {key: float(value) if np.isfinite(value) else None for key, value in errors.items()}
    return {"predictor": predictor, **plain}


def _mae(y: Array, guess: Array) -> float:
    return float(np.abs(y - guess).mean())


def _nearest_channel(encoder: Encoder, training: Tensors, y: Array, mean: Array) -> int | None:
    """The channel whose last value is nearer to the target than the mean target is, if any."""
    last = _last(encoder, training)
    if last.shape[1] == 0 or y.ndim != 2 or not np.issubdtype(last.dtype, np.number):
        return None
    errors = [float(np.abs(y - last[:, [channel]]).mean()) for channel in range(last.shape[1])]
    best = int(np.argmin(errors))
    return best if errors[best] < float(np.abs(y - mean).mean()) else None


def _last(encoder: Encoder, tensors: Tensors) -> Array:
    """`[rows, channels]`: the end of the series that is the only input; no channels otherwise."""
    feeds = list(encoder.feeds.values())
    values = next(iter(tensors.x.values()))
    alone = len(feeds) == 1 and len(feeds[0].columns) == 1
    if not alone or feeds[0].columns[0].kind != "tensor" or values.ndim not in (2, 3):
        return np.empty((len(values), 0), np.float32)
    last = values[:, -1:] if values.ndim == 2 else values[:, -1, :_MOST_CHANNELS]
    return np.asarray(last)
