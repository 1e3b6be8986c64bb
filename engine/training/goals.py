"""Ends of a training that has done enough: a metric as good as wanted, or its time spent."""

import time
from typing import Any

import keras

from engine.training.directions import modes


class Until(keras.callbacks.Callback):  # type: ignore[misc]
    """Stops after the first epoch in which `monitor` is at least as good as `value`.

    What is better the metric itself says: a loss is to fall, an accuracy is to rise.
    """

    reason = "target-reached"

    def __init__(self, monitor: str, value: float) -> None:
        super().__init__()
        self.monitor, self.value = monitor, value
        self.reached = False

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Compare."""
        del epoch
        found = (logs or {}).get(self.monitor)
        if found is None:
            return
        rising = modes(self.model, [self.monitor]).get(self.monitor) == "max"
        if found >= self.value if rising else found <= self.value:
            self.reached = self.model.stop_training = True


class _Laps:
    """A clock of this process; no plain value, so that no checkpoint carries it to another."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def next(self) -> float:
        """The seconds since the last call."""
        began, self._began = self._began, time.monotonic()
        return self._began - began


class Budget(keras.callbacks.Callback):  # type: ignore[misc]
    """Stops when the training has taken `seconds`, those before a resume included.

    It looks between steps, so an epoch may remain unfinished; it is reported as far as it went.
    """

    reason = "time-budget"

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds
        self.spent = 0.0
        self.reached = False
        self._laps = _Laps()

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """The time runs from here."""
        del logs
        self._laps.next()

    def on_train_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Look before every call of the graph."""
        del batch, logs
        self._look()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Look after every epoch."""
        del epoch, logs
        self._look()

    def _look(self) -> None:
        self.spent += self._laps.next()
        if self.spent >= self.seconds:
            self.reached = self.model.stop_training = True


def goals(fit: dict[str, Any]) -> list[Until | Budget]:
    """The callbacks that `fit.until` and `fit.max_seconds` of a request ask for."""
    found: list[Until | Budget] = []
    if fit.get("until"):
        found.append(Until(**fit["until"]))
    if fit.get("max_seconds"):
        found.append(Budget(float(fit["max_seconds"])))
    return found
