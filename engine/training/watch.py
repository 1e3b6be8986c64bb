"""Looking at a training while it runs: the rules of `engine.findings`, told as they find."""

import math
import time
from typing import Any

import keras

from engine.findings import Record, look
from engine.port import Port
from engine.training.activity import Activity
from engine.training.directions import modes
from engine.training.tensors import Tensors

_SHARE = 0.01
"""Of the time of the training this much at most goes into looking at it."""

_SLOW = 1.0
"""Seconds that a training takes at least before units are looked at."""


class Watch(keras.callbacks.Callback):  # type: ignore[misc]
    """Remembers the logs, looks for findings after epochs, ends the training where one is told to.

    `stop_on` are names of rules. Looking is left out while it has cost more than its share. What
    was found is sent as an event of the kind `advice`, each finding once.
    """

    def __init__(self, record: Record, stop_on: list[str], port: Port) -> None:
        super().__init__()
        self.record, self.stop_on = record, frozenset(stop_on)
        self.reached, self.reason = False, ""
        self._port = port
        self._activity: Activity | None = None
        self._told: set[tuple[str, str]] = set()
        self._began, self._spent = time.monotonic(), 0.0

    def begin(self, network: Any, training: Tensors, most: int | None = None) -> None:
        """The training begins: with this network, on these rows, `most` of them at a time."""
        self._activity = Activity(network, training, most)
        self._began = time.monotonic()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Remember, look if there is time, stop where that was asked for."""
        del epoch
        values = {name: float(value) for name, value in (logs or {}).items()}
        kept = {name: value if math.isfinite(value) else None for name, value in values.items()}
        self.record.epochs.append(kept)
        lost = kept.get("loss", 0.0) is None
        if self._spent > _SHARE * (time.monotonic() - self._began) and not lost:
            return
        began = time.monotonic()
        self._measure()
        for found in self._tell():
            if found["rule"] in self.stop_on and not self.model.stop_training:
                self.reached = self.model.stop_training = True
                self.reason = f"finding:{found['rule']}"
        self._spent += time.monotonic() - began

    def conclude(
        self,
        network: Any,
        stop_reason: str | None,
        evaluation: dict[str, Any],
        outputs: dict[str, dict[str, Any]],
    ) -> list[dict[str, Any]]:
        """All findings, now that the training is over."""
        record = self.record
        record.modes = dict(modes(network, record.epochs[-1] if record.epochs else []))
        record.over, record.stop_reason = True, stop_reason
        record.evaluation, record.outputs = evaluation, outputs
        self._measure()
        return self._tell()

    def _measure(self) -> None:
        """Look at the units, on so few rows that it is little beside what was trained on."""
        record = self.record
        slow = time.monotonic() - self._began >= _SLOW
        if self._activity is None or not slow or not record.epochs:
            return
        passes = len(record.epochs) * record.rows.get("training", 0)
        rows = self._activity.rows(_SHARE * passes)
        if not rows:
            return
        try:
            found = self._activity.measure(rows)
        except Exception as error:
            # A measurement beside the training is not worth the training.
            self._activity = None
            detail = f"The units cannot be looked at: {type(error).__name__}: {error}"[:500]
            self._port.emit("warning", code="units-unmeasured", detail=detail)
        else:
            record.silent[record.first + len(record.epochs) - 1] = found

    def _tell(self) -> list[dict[str, Any]]:
        """What is found now; what was not told before is told."""
        try:
            found = look(self.record)
        except Exception as error:
            # No finding is worth the training either.
            detail = f"The training cannot be judged: {type(error).__name__}: {error}"[:500]
            self._port.emit("warning", code="unjudged", detail=detail)
            return []
        for one in found:
            if (one["rule"], one["pointer"]) not in self._told:
                self._told.add((one["rule"], one["pointer"]))
                self._port.emit("advice", **one)
        return found
