"""Taking what a training child says into the database, and orders from there to the child."""

import contextlib
import math
import time
from pathlib import Path
from typing import Any

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from core import traces
from core.host import EngineProcess
from models.attempt import Attempt
from models.metric import Logs
from worker.context import Context
from worker.heartbeat import Hold
from worker.meter import Meter
from worker.persistence import persist

_PROGRESS_SECONDS = 0.3
_POINT_SECONDS = 1.0
_FLUSH_SECONDS = 1.0
_LOOK_SECONDS = 0.5
_HANDOVER_SECONDS = 45.0
_KEPT_CHECKPOINTS = 2


class Abandoned(Exception):
    """The attempt was ended from outside: `cancel`, or `handover` to another worker."""


class Reporter:
    """The listener of one training child. Every write it makes names the attempt."""

    def __init__(self, context: Context, attempt: Attempt, hold: Hold, out: Path) -> None:
        self._context = context
        self._attempt = attempt
        self._hold = hold
        self._out = out
        self._meter = Meter(context, attempt)
        self._sizes: dict[str, int] = {"epochs": 0, "steps_per_epoch": 0}
        self._lines: list[tuple[str, str]] = []
        self._line_count = 0
        self._checkpoints: list[str] = []
        self._kept: dict[str, str] = {}
        self._checkpoint_count = 0
        self._began = time.time()
        now = time.monotonic()
        self._look_at = now
        self._progress_at = self._point_at = 0.0
        self._point_step = -1
        self._flush_at = now
        self._leave_by: float | None = None
        self._stop_sent = False

    def on_event(self, name: str, fields: dict[str, Any]) -> None:
        """Record an event; unknown ones go to the job's log as they are."""
        handler = getattr(self, f"_on_{name.replace('-', '_')}", None)
        if handler is not None:
            handler(fields)
        else:
            self._persist(lambda session: self._attempt.report(session, name, fields))

    def on_line(self, stream: str, text: str) -> None:
        """Keep a line until the next flush; too many are dropped with a word about it."""
        most = self._context.settings.log_lines
        kept = self._line_count + len(self._lines)
        if kept < most:
            self._lines.append((stream, text.replace("\0", "\ufffd")))
        elif kept == most:
            self._lines.append(("service", f"further lines are not kept, {most} is the limit"))

    def on_tick(self, process: EngineProcess) -> None:
        """Pass orders on, write what was printed; leave when the lease is lost."""
        self._hold.demand()
        moment = time.monotonic()
        if self._context.leaving.is_set():
            self._hand_over(process, moment)
        if moment >= self._look_at:
            self._look_at = moment + _LOOK_SECONDS
            self._look(process)
        if moment >= self._flush_at:
            self._flush_at = moment + _FLUSH_SECONDS
            self.flush()
        self._meter.tick(process, moment)

    def flush(self) -> None:
        """Write the lines that were printed since the last time."""
        lines, self._lines = self._lines, []
        if lines:
            first, self._line_count = self._line_count, self._line_count + len(lines)
            self._persist(lambda session: self._attempt.report_lines(session, first, lines))

    def _look(self, process: EngineProcess) -> None:
        """See whether the client wants the job to end."""
        try:
            with self._context.database.reading() as session:
                orders = self._attempt.orders(session)
        except (OperationalError, InterfaceError):
            return  # the fence makes it safe to go on; the next look tries again
        if orders.cancel:
            raise Abandoned("cancel")
        if orders.stop and not self._stop_sent:
            self._stop_sent = True
            process.send({"order": "stop"})

    def _hand_over(self, process: EngineProcess, moment: float) -> None:
        if self._leave_by is None:
            self._leave_by = moment + _HANDOVER_SECONDS
            process.send({"order": "handover"})
        elif moment > self._leave_by:
            raise Abandoned("handover")

    def _tell(self, name: str, began: float, epoch: int | None = None) -> None:
        """Send a span that ends now."""
        at = self._attempt.place
        traces.record(
            name, at.below() if at else None, at, began, attributes={"lamina.epoch": epoch}
        )

    def _on_started(self, fields: dict[str, Any]) -> None:
        self._tell("start engine", self._began)
        self._sizes = {name: fields[name] for name in self._sizes}
        device = fields["device"] | {"worker": self._context.worker_id}
        split = self._out / "split.parquet"
        self._context.storage.put(f"{self._attempt.prefix}/{split.name}", split)
        self._persist(lambda session: self._attempt.report_start(session, device, fields))

    def _on_begun(self, fields: dict[str, Any]) -> None:
        """A prediction has begun; its rows count as the steps of one epoch."""
        self._tell("start engine", self._began)
        self._sizes = {"epochs": 1, "steps_per_epoch": fields["rows"]}
        device = fields["device"] | {"worker": self._context.worker_id}

        def write(session: Session) -> None:
            self._attempt.fence(session, device=device)
            self._attempt.report(session, "started", fields)

        self._persist(write)

    def _on_execution(self, fields: dict[str, Any]) -> None:
        steps = fields["steps_per_execution"]
        self._persist(
            lambda session: self._attempt.report_choice(
                session, "execution", fields, steps_per_execution=steps
            )
        )

    def _on_range_test(self, fields: dict[str, Any]) -> None:
        rate = fields["learning_rate"]
        self._persist(
            lambda session: self._attempt.report_choice(
                session, "range-test", fields, learning_rate=rate
            )
        )

    def _on_epoch(self, fields: dict[str, Any]) -> None:
        name, began = f"epoch {fields['epoch']}", time.time() - fields["seconds"]
        self._tell(name, began, fields["epoch"])
        self._persist(
            lambda session: self._attempt.report_epoch(
                *(session, fields["epoch"], fields["logs"], fields["seconds"], fields["modes"]),
                learning_rate=fields.get("learning_rate"),
            )
        )

    def _on_gradients(self, fields: dict[str, Any]) -> None:
        self._persist(
            lambda session: self._attempt.report_gradients(
                session, fields["epoch"], fields["norms"]
            )
        )

    def _on_advice(self, fields: dict[str, Any]) -> None:
        self._persist(lambda session: self._attempt.report_advice(session, fields))

    def _on_progress(self, fields: dict[str, Any]) -> None:
        moment = time.monotonic()
        if moment < self._progress_at:
            return
        self._progress_at = moment + _PROGRESS_SECONDS
        epoch, steps = fields["epoch"], max(1, self._sizes["steps_per_epoch"])
        step = epoch * steps + fields["step"]
        total = max(1, self._sizes["epochs"] * steps)
        payload = {
            **self._sizes,
            "epoch": epoch,
            "step": fields["step"],
            "fraction": round(min(1.0, step / total), 4),
            "eta_seconds": fields.get("eta_seconds"),
            "validated": fields.get("validated"),
            "logs": _finite(fields["logs"]),
        }
        logs = self._points(moment, step, fields["logs"])
        self._persist(lambda session: self._attempt.report_progress(session, payload, step, logs))

    def _points(self, moment: float, step: int, logs: Logs) -> Logs:
        """What of the progress becomes points of curves: they are kept, so they come less often."""
        if moment < self._point_at or step <= self._point_step:
            return {}
        self._point_at, self._point_step = moment + _POINT_SECONDS, step
        return logs

    def _on_checkpoint(self, fields: dict[str, Any]) -> None:
        """Store a checkpoint, then name it as the one to start from; forget the older ones."""
        # Two may be of one epoch: at its end, and when the attempt is handed over in the next one.
        began = time.time()
        self._checkpoint_count += 1
        key = f"{self._attempt.prefix}/checkpoints/{self._checkpoint_count}"
        try:
            names = self._store(self._out / fields["path"], key)
        except FileNotFoundError:
            # The child keeps two; while we were slow it wrote newer ones, which it announces next.
            self._context.storage.delete(key)
            return
        self._tell("checkpoint", began, fields["epoch"])
        replaced = self._store_kept()
        kept = dict(self._kept)
        checkpoint = {"epoch": fields["epoch"], "key": key, "files": names, "kept": kept}
        self._persist(lambda session: self._attempt.record_checkpoint(session, checkpoint))
        # Only now: whoever goes on from the checkpoint before this one needs them.
        for old in replaced:
            self._context.storage.delete(old)
        self._checkpoints.append(key)
        for old in self._checkpoints[:-_KEPT_CHECKPOINTS]:
            self._context.storage.delete(old)
        self._checkpoints = self._checkpoints[-_KEPT_CHECKPOINTS:]

    def _store_kept(self) -> list[str]:
        """Put weights of epochs that the job keeps beside its checkpoints, for the next attempt.

        The keys of those that were replaced, which nothing will name after the next checkpoint.
        """
        names = {path.name for path in (self._out / "kept").glob("*-*.weights.h5")}
        replaced = [self._kept.pop(name) for name in set(self._kept) - names]
        for name in names - set(self._kept):
            if name.startswith("tmp-"):
                continue
            key = f"{self._attempt.prefix}/checkpoints/kept/{name}"
            # It may be replaced meanwhile; the next checkpoint tells.
            with contextlib.suppress(FileNotFoundError):
                self._context.storage.put(key, self._out / "kept" / name)
                self._kept[name] = key
        return replaced

    def _store(self, folder: Path, key: str) -> list[str]:
        """Put the files of a checkpoint under a key; their names."""
        names = sorted(path.name for path in folder.iterdir())
        for name in names:
            self._context.storage.put(f"{key}/{name}", folder / name)
        return names

    def _persist(self, write: Any) -> None:
        persist(self._context.database, self._context.settings, write, repeated=True)


def _finite(logs: Logs) -> dict[str, float | None]:
    return {
        key: value if isinstance(value, (int, float)) and math.isfinite(value) else None
        for key, value in logs.items()
    }
