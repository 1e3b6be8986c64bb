"""What a training says while it runs, and where it listens for orders."""

import math
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import keras

from engine.callbacks import ModelCheckpoint
from engine.faults import Fault
from engine.port import Port
from engine.training import checkpoint, snapshot
from engine.training.directions import modes
from engine.training.feed import Order
from engine.training.gradients import Probe
from engine.training.pieces import Pieces

_PROGRESS_SECONDS = 0.4


class HandedOver(Exception):
    """Raised out of a fit when the training is to go on elsewhere."""


@dataclass(frozen=True)
class Course:
    """The fixed facts of a training: its length, where it writes, where it begins, its layers.

    `at_once` is how many steps one call makes, None to measure; `pieces` how a batch is cut;
    `finds_rate` whether a range test finds the learning rate, `known_rate` what one has found.
    """

    epochs: int
    steps: int
    out: Path
    checkpoint_seconds: float
    resumed: snapshot.Snapshot | None
    layers: tuple[str, ...]
    at_once: int | None = None
    pieces: Pieces = field(default_factory=Pieces)
    finds_rate: bool = False
    known_rate: float | None = None


class Reporter(keras.callbacks.Callback):  # type: ignore[misc]
    """The last callback of a fit: events, checkpoints, orders, divergence, resuming.

    It hooks the beginning of batches, not their end, so that Keras need not fetch the metrics
    of every batch; it reads them only when it reports, from `trained`, what the last call of the
    training's graph answered. What Keras counts as a batch are `each` steps at once; the
    validation part, if there is one, takes `held_out` of these.
    """

    def __init__(
        self,
        port: Port,
        course: Course,
        order: Order,
        others: list[Any],
        probe: Probe | None = None,
        each: int = 1,
        held_out: int = 0,
    ) -> None:
        super().__init__()
        self.gradients: dict[int, dict[str, float]] = {}
        self._probe, self._each, self._held_out = probe, each, held_out
        self.trained: dict[str, Any] = {}
        self.stopped_by_user = False
        self.epochs_completed = course.resumed.epoch if course.resumed else 0
        self._port, self._course, self._order, self._others = port, course, order, others
        self._first_step = course.resumed.step if course.resumed else 0
        self._epoch = 0
        self._epoch_began = self._reported = self._saved = time.monotonic()
        self._has_reported = False
        self._traced: tuple[int, float] | None = None
        self._rate: float | None = None

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Put back the state of a checkpoint, after the other callbacks have reset theirs."""
        del logs
        if self._course.resumed:
            snapshot.restore(self._course.resumed, self.model, self._others)
        self._saved = time.monotonic()

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Set the order of the rows; put back the metrics of an epoch that was begun."""
        del logs
        self._epoch, self._epoch_began = epoch, time.monotonic()
        self._order.begin(epoch)
        resumed = self._course.resumed
        if resumed and resumed.step and resumed.epoch == epoch:
            snapshot.restore_metrics(resumed, self.model)

    def on_train_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Between two batches: follow a handover, report progress."""
        del logs
        fresh = batch * self._each
        done = fresh + self._first_step
        now = time.monotonic()
        if batch and self._is_due(now):
            self._progress(done, fresh, now)
        if self._port.order == "handover":
            if not getattr(self.model.optimizer, "use_ema", False):
                self._save(self._epoch, done)
            raise HandedOver

    def on_test_begin(self, logs: dict[str, Any] | None = None) -> None:
        """The steps of the epoch are made."""
        del logs
        self._all_steps(0.0)

    def on_test_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Within the validation: report progress."""
        del logs
        self._all_steps(min(1.0, batch / max(1, self._held_out)))

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Report the epoch, then write a checkpoint, stop or hand over."""
        logs = logs or {}
        now = time.monotonic()
        self._all_steps(1.0 if self._held_out else None)
        self._first_step = 0
        self.epochs_completed = epoch + 1
        seconds = round(now - self._epoch_began, 6)
        self._port.emit(
            "epoch",
            epoch=epoch,
            logs=plain(logs),
            seconds=seconds,
            modes=modes(self.model, logs),
            **self._new_rate(),
        )
        self._look_at_gradients(epoch)
        if not math.isfinite(float(logs.get("loss", 0.0))):
            raise Fault(
                "diverged",
                f"The loss became {plain(logs)['loss']} in epoch {epoch}."
                " A smaller learning rate, clipping or scaled inputs may help.",
            )
        self._continue(epoch)

    def _new_rate(self) -> dict[str, float]:
        """The learning rate, where it is another than when it was last told."""
        try:
            rate = float(self.model.optimizer.learning_rate)
        except (AttributeError, TypeError, ValueError):  # several optimizers have several rates
            return {}
        if not math.isfinite(rate) or rate == self._rate:
            return {}
        self._rate = rate
        return {"learning_rate": rate}

    def _look_at_gradients(self, epoch: int) -> None:
        if self._probe is None or not self._probe.wanted:
            return
        try:
            self.gradients[epoch] = self._probe.measure()
        except Exception as error:
            # A measurement beside the training is not worth the training.
            self._probe = None
            detail = f"The gradients cannot be measured: {type(error).__name__}: {error}"[:500]
            self._port.emit("warning", code="gradients-unmeasured", detail=detail)
        else:
            self._port.emit("gradients", epoch=epoch, norms=plain(self.gradients[epoch]))

    def _continue(self, epoch: int) -> None:
        ending = self.model.stop_training or epoch + 1 >= self._course.epochs
        order = self._port.order
        if ending:
            return
        if order == "handover":
            self._save(epoch + 1, 0)
            raise HandedOver
        if order == "stop":
            self.stopped_by_user = True
            self.model.stop_training = True
        elif time.monotonic() - self._saved >= self._course.checkpoint_seconds:
            self._save(epoch + 1, 0)

    def _is_due(self, now: float) -> bool:
        """Whether progress is to be told: an epoch may be one call, so its end counts too."""
        return not self._has_reported or now - self._reported >= _PROGRESS_SECONDS

    def _all_steps(self, validated: float | None) -> None:
        """Report, when it is time, that an epoch lacks no step, only its validation if any."""
        now = time.monotonic()
        if self._is_due(now):
            steps = self._course.steps
            self._progress(steps, steps - self._first_step, now, validated)

    def _progress(self, done: int, fresh: int, now: float, validated: float | None = None) -> None:
        """Say how far the epoch is: `done` batches, `fresh` of them since it was begun here.

        `validated` is the share of the validation part that has been looked at.
        """
        each = self._seconds_per_step(now, fresh)
        left = (self._course.epochs - self._epoch) * self._course.steps - done
        self._reported, self._has_reported = now, True
        self._port.emit(
            "progress",
            epoch=self._epoch,
            step=done,
            steps_per_epoch=self._course.steps,
            seconds_per_step=each,
            eta_seconds=each * left,
            validated=validated,
            logs=plain(self.trained),
        )

    def _seconds_per_step(self, now: float, fresh: int) -> float:
        """Of this epoch; without the very first batch, which contains the tracing."""
        if self._traced is None:
            self._traced = (self._epoch, now)
        elif self._traced[0] == self._epoch and fresh > 1:
            return (now - self._traced[1]) / (fresh - 1)
        return (now - self._epoch_began) / max(1, fresh)

    def _save(self, epoch: int, step: int) -> None:
        """Write a checkpoint and announce it; a full disk is a warning, not the end."""
        taken = snapshot.take(self.model, self._others, epoch, step)
        try:
            folder = checkpoint.write(self._course.out, taken)
        except OSError as error:
            self._port.emit("warning", code="storage-full", detail=f"No checkpoint: {error}.")
        else:
            path = str(folder.relative_to(self._course.out))
            self._port.emit("checkpoint", epoch=epoch - 1, path=path)
        self._saved = time.monotonic()


class Callbacks(keras.callbacks.CallbackList):  # type: ignore[misc]
    """The callbacks of a training that may consist of two fits, the rest of an epoch first.

    While `joined` says so, the beginning or the end of a fit is not one of the training.
    Where no callback wants the end of a batch, Keras's bookkeeping for it is left out; the
    reporter only keeps what it says.
    """

    def __init__(self, callbacks: list[Any], network: Any, epochs: int, steps: int) -> None:
        super().__init__(
            callbacks, add_history=True, verbose=0, epochs=epochs, steps=steps, model=network
        )
        self.begins, self.ends = True, True
        default = keras.callbacks.Callback
        reporters = [one for one in self.callbacks if isinstance(one, Reporter)]
        self._reporter = reporters[0] if reporters else None
        self._batchwise = any(
            getattr(type(callback), hook) is not getattr(default, hook)
            for callback in self.callbacks
            for hook in ("on_batch_end", "on_train_batch_end")
        )

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """The training begins, unless this is its second fit."""
        if self.begins:
            super().on_train_begin(logs)

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """The training ends, unless another fit follows."""
        if self.ends:
            for callback in self.callbacks:
                if isinstance(callback, ModelCheckpoint):
                    callback.keep_last()
            super().on_train_end(logs)

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Told only to callbacks that listen."""
        if self._reporter is not None:
            self._reporter.trained = logs
        if self._batchwise:
            super().on_train_batch_end(batch, logs)


def plain(logs: dict[str, Any]) -> dict[str, float | str]:
    """Logs as JSON: floats, and NaN and the infinities as words."""
    return {name: _plain(float(value)) for name, value in logs.items()}


def _plain(value: float) -> float | str:
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
