"""The learning rate of every epoch, as data."""

import math
from typing import Any

import keras

Rates = list[float] | dict[str, float]


class LearningRateScheduler(keras.callbacks.LearningRateScheduler):  # type: ignore[misc]
    """Sets the learning rate at the beginning of every epoch.

    Keras's callback of this name with the schedule as data instead of a function. Logs
    `learning_rate` with the epoch.

    Args:
        schedule: a learning rate schedule such as `{"class_name": "CosineDecay", …}`, which is
            given the number of the epoch (so its steps are epochs); a list with the rate of each
            epoch, the last of which stays; or an object with the rate from an epoch on, such as
            `{"0": 0.01, "10": 0.001}`. Epochs count from 0.
    """

    def __init__(self, schedule: Any) -> None:
        super().__init__(rates(schedule))


def rates(schedule: Any) -> Any:
    """A function of epoch and present rate, as Keras wants it. Raises ValueError."""
    if isinstance(schedule, list):
        steps = {epoch: _rate(value) for epoch, value in enumerate(schedule)}
    elif isinstance(schedule, dict):
        steps = {_epoch(key): _rate(value) for key, value in schedule.items()}
    else:
        return lambda epoch, _rate: float(keras.ops.convert_to_numpy(schedule(epoch)))
    if not steps:
        raise ValueError("`schedule` is empty; it needs a rate for at least one epoch.")
    begins = sorted(steps)

    def at(epoch: int, rate: float) -> float:
        begun = [first for first in begins if first <= epoch]
        return steps[begun[-1]] if begun else rate

    return at


def _epoch(key: str) -> int:
    if not (key.isascii() and key.isdecimal() and len(key) < 10):
        raise ValueError(f"`schedule` has {key[:20]!r} where the number of an epoch belongs.")
    return int(key)


def _rate(value: Any) -> float:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not math.isfinite(value) or value < 0:
        raise ValueError(f"`schedule` has {str(value)[:20]!r} where a learning rate belongs.")
    return float(value)
