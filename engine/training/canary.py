"""The canary: a few real batches through everything that the training will do, before it begins.

It runs the very functions that the training then reuses, so that nothing is traced twice, and
puts all variables back afterwards: the numbers of the training do not know of it.
"""

import math
import re
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import keras

from engine.faults import Fault, Item
from engine.port import Port
from engine.training import checkpoint, snapshot

_BATCHES = 5
_SECONDS = 0.2
_PATIENCE = 5.0
_FOLDER = "canary"
_MOST_TEXT = 500


class _Watch(keras.callbacks.Callback):  # type: ignore[misc]
    """Looks at loss and weights after the first batch; ends the fit early where steps are slow.

    `seconds` is what the quickest of the later batches took: the first contains the tracing.
    """

    def __init__(self) -> None:
        super().__init__()
        self.loss = 0.0
        self.spoilt: list[str] = []
        self.seconds: float | None = None
        self._began = self._last = time.monotonic()

    def on_train_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Note the time."""
        del batch, logs
        self._last = time.monotonic()

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Later batches may diverge, which the training tells after its epoch."""
        now = time.monotonic()
        if batch:
            self.seconds = min(now - self._last, self.seconds or math.inf)
            self.model.stop_training = now - self._began > _SECONDS
        else:
            self.model.stop_training = now - self._began > _PATIENCE
            self._began = now
            self.loss = float((logs or {}).get("loss", 0.0))
            self.spoilt = [
                variable.path
                for variable in self.model.trainable_variables
                if not _is_finite(variable)
            ]


def _is_finite(variable: Any) -> bool:
    return bool(keras.ops.all(keras.ops.isfinite(variable)))


def rehearse(
    network: Any, training: Any, watched: Any, layers: Sequence[str], out: Path, port: Port
) -> float | None:
    """Train on some batches, evaluate one, write and read a checkpoint; restore all.

    Answers the seconds that a step takes, None where a second one was not waited for.

    `training` and `watched` (or None) are the datasets that the fit will be given, `layers` the
    names of the stack's layers in their order. A full disk is a warning. Raises
    Fault("canary-failed") for what no training would survive, Fault("data-error") for a value
    that an operation refuses; other exceptions pass.
    """
    with set_aside(network, out, port) as before:
        seconds = _try(network, training, watched, layers)
        snapshot.restore(before, network, [])
    return seconds


def pace(network: Any, training: Any) -> float | None:
    """The seconds that a step takes; leaves weights and metrics as some steps have made them."""
    watch = _Watch()
    network.fit(training.take(_BATCHES), callbacks=[watch], shuffle=False, verbose=0)
    return watch.seconds


def _try(network: Any, training: Any, watched: Any, layers: Sequence[str]) -> float | None:
    watch = _Watch()
    try:
        network.fit(training.take(_BATCHES), callbacks=[watch], shuffle=False, verbose=0)
        _check_first_step(watch, layers)
        if watched is not None:
            network.evaluate(watched.take(1), verbose=0)
    except Exception as error:
        fault = _explained(error, layers)
        if fault is None:
            raise
        raise fault from error
    return watch.seconds


def _check_first_step(watch: _Watch, layers: Sequence[str]) -> None:
    if not math.isfinite(watch.loss):
        word = "NaN" if math.isnan(watch.loss) else "infinite"
        detail = (
            f"The loss of the first batch is {word} before anything was learned: inputs, targets"
            " or initial weights are too large, or outside of what the loss is defined for."
        )
        raise Fault("canary-failed", detail, [Item("/compile/loss", "bad-value", detail)])
    if watch.spoilt:
        parts = watch.spoilt[0].split("/")
        name = next((part for part in parts if part in layers), parts[0])
        detail = f"The first step made weights of the layer {name!r} NaN or infinite."
        raise Fault("canary-failed", detail, [Item(_pointer(name, layers), "bad-value", detail)])


def _explained(error: Exception, layers: Sequence[str]) -> Fault | None:
    """The fault that an exception amounts to, at the layer it names; None for the system's own."""
    import tensorflow as tf

    refused = (tf.errors.InvalidArgumentError, tf.errors.OutOfRangeError)
    if isinstance(error, refused):
        code, item = "data-error", "bad-value"
    elif isinstance(error, ValueError | TypeError | tf.errors.UnimplementedError):
        code, item = "canary-failed", "build-error"
    else:
        return None
    message = getattr(error, "message", None) or str(error)
    text = " ".join(re.sub(r"\x1b\[[0-9;]*m", "", message).partition("\n\nArguments")[0].split())
    detail = text if len(text) <= _MOST_TEXT else text[:_MOST_TEXT] + "…"
    return Fault(code, detail, [Item(_pointer(_named(message, layers), layers), item, detail)])


def _named(message: str, layers: Sequence[str]) -> str | None:
    """The layer that a message is about: Keras quotes its name, TensorFlow has it in paths."""
    words = re.findall(r"[\"'/]([\w.-]+)(?=[\"'/])", message)
    plain = [re.sub(r"_\d+$", "", word) for word in words]
    return next((word for word in [*words, *plain] if word in layers), None)


def _pointer(name: str | None, layers: Sequence[str]) -> str:
    return f"/stack/layers/{layers.index(name)}" if name in layers else "/stack"


@contextmanager
def set_aside(network: Any, out: Path, port: Port) -> Iterator[snapshot.Snapshot]:
    """The state of the network, on disk meanwhile; in memory where the disk is full."""
    folder = out / _FOLDER
    try:
        try:
            kept = checkpoint.read(checkpoint.write(folder, snapshot.take(network, [], 0, 0)))
        except OSError as error:
            detail = f"No checkpoint can be written: {error}."
            port.emit("warning", code="storage-full", detail=detail)
            kept = snapshot.take(network, [], 0, 0)
        yield kept
    finally:
        shutil.rmtree(folder, ignore_errors=True)
