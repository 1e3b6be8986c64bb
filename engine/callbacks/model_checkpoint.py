"""Weights of single epochs, kept beside those at the end."""

from pathlib import Path
from typing import Any
from uuid import uuid4

from keras.src.callbacks.monitor_callback import MonitorCallback

from engine.port import Port

FOLDER = "kept"
ENDING = ".weights.h5"
_MOST = 100


class ModelCheckpoint(MonitorCallback):  # type: ignore[misc]
    """Keeps the weights of the best epoch, of the last one, and of every so many epochs.

    Keras's callback of this name without a path: the files come with the model, as
    `/v1/models/{id}/content?format=weights&checkpoint=best` (or `last`, or the number of an epoch,
    counted from 0). Checkpoints to go on from after a failure are written in any case.

    Args:
        monitor: the metric by which an epoch is the best.
        save_best_only: whether nothing but the best epoch is kept.
        mode: "min", "max" or "auto", which goes by the metric.
        initial_value_threshold: what an epoch must be better than to be kept as the best at all.
        every: keep the weights after every so many epochs.
        keep: how many of these are kept, the newest.
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        save_best_only: bool = False,
        mode: str = "auto",
        initial_value_threshold: float | None = None,
        every: int = 1,
        keep: int = 10,
    ) -> None:
        if mode not in ("auto", "min", "max"):
            raise ValueError("`mode` is auto, min or max.")
        super().__init__(monitor, mode, initial_value_threshold)
        if every < 1 or not 1 <= keep <= _MOST:
            raise ValueError(f"`every` is at least 1, and `keep` 1 to {_MOST}.")
        self.save_best_only, self.every, self.keep = save_best_only, every, keep
        self.last_epoch: int | None = None
        self.best: Any
        self._folder: Path | None = None
        self._port: Port | None = None

    def keep_in(self, folder: Path, port: Port) -> None:
        """Where the files go, and who is told when there is no room for one."""
        self._folder, self._port = folder, port
        folder.mkdir(parents=True, exist_ok=True)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Keep what this epoch is, and let go of what it replaces."""
        self.last_epoch = epoch
        if self.monitor_op is None:
            self._set_monitor_op()
        current = (logs or {}).get(self.monitor)
        if current is not None and self._is_improvement(current, self.best):
            self.best = current
            self._save("best", epoch, 1)
        if not self.save_best_only and (epoch + 1) % self.every == 0:
            self._save("epoch", epoch, self.keep)

    def keep_last(self) -> None:
        """Keep what the last epoch has left, before others put back the best."""
        if not self.save_best_only and self.last_epoch is not None:
            self._save("last", self.last_epoch, 1)

    def _save(self, kind: str, epoch: int, most: int) -> None:
        if self._folder is None:
            return
        draft = self._folder / f"tmp-{uuid4().hex}{ENDING}"
        try:
            self.model.save_weights(draft)
            draft.rename(self._folder / f"{kind}-{epoch:06d}{ENDING}")
        except OSError as error:
            draft.unlink(missing_ok=True)
            if self._port is not None:
                detail = f"The weights of epoch {epoch} are not kept: {error}."
                self._port.emit("warning", code="storage-full", detail=detail)
            return
        for old in sorted(self._folder.glob(f"{kind}-*{ENDING}"))[:-most]:
            old.unlink()
