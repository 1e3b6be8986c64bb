"""Attempts: a worker's runs of a job, and every write that they make.

Each write names the attempt and finds zero rows once the job was given to another one. It then
raises `Superseded`, upon which the worker kills its training and leaves without a trace.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from core import traces
from models import usage
from models.base import now
from models.event import Event
from models.job import Job
from models.log import LogLine
from models.metric import Logs, MetricPoint, MetricSummary
from models.model import TrainedModel
from models.progress import Progress
from models.removal import Removal
from models.slot import Slot
from models.trace import place_of_attempt

MOST_READINGS = 600
"""Points of a curve of what a job uses, over all its attempts."""


class Superseded(Exception):
    """Another attempt has the job now, or the job has ended."""


@dataclass(frozen=True)
class Orders:
    """What clients asked of a running job, as seen at a heartbeat."""

    cancel: bool
    stop: bool


@dataclass(frozen=True)
class Attempt:
    """The `number`-th run of a job, with the slots it holds."""

    job: Job
    number: int
    slots: tuple[Slot, ...]

    @property
    def holder(self) -> tuple[str, int]:
        """Job id and number, as slots name their holder."""
        return self.job.id, self.number

    @property
    def prefix(self) -> str:
        """Where the objects of this attempt lie."""
        return f"{self.job.prefix}/{self.number}"

    @property
    def place(self) -> traces.Place | None:
        """Where this attempt stands in the trace of its job."""
        return place_of_attempt(self.job, self.number)

    @property
    def first_epoch(self) -> int:
        """The epoch with which this attempt goes on: the one after the last checkpoint."""
        return self.job.checkpoint["epoch"] + 1 if self.job.checkpoint else 0

    def begin(self, session: Session) -> None:
        """Tell of the start; rewind the curves to the checkpoint that the attempt starts from."""
        steps = self.job.history_params["steps"] if self.job.history_params else 0
        self._rewind(session, self.first_epoch, steps)
        self._append(session, "state", {"state": "running", "from_epoch": self.first_epoch})

    def _rewind(self, session: Session, epoch: int, steps: int) -> None:
        """Forget the curves from this epoch on, at `steps` an epoch, and tell of it."""
        if MetricPoint.rewind(session, self.job.id, epoch, epoch * steps + 1):
            self._append(session, "rewound", {"epoch": epoch})

    def _append(self, session: Session, kind: str, payload: dict[str, Any]) -> None:
        Job.append(session, self.job.id, kind, payload, self.number)

    def fence(self, session: Session, *states: str, **values: Any) -> Job:
        """Write to the job's row if it is still ours and in one of these states."""
        job = session.scalar(
            update(Job)
            .where(
                Job.id == self.job.id,
                Job.attempt == self.number,
                Job.state.in_(states or usage.HOLDING),
            )
            .values(**(values or {"attempt": Job.attempt}))
            .returning(Job)
            .execution_options(populate_existing=True)
        )
        if job is None:
            raise Superseded(f"{self.job.id} attempt {self.number}")
        return job

    def renew(self, session: Session, lease: float) -> None:
        """Keep the job, and with it its slots."""
        self.fence(session, lease_until=now(lease))

    def told(self, session: Session, kind: str) -> dict[str, Any] | None:
        """What this attempt's last event of this kind said."""
        said = select(Event.payload).where(
            Event.job_id == self.job.id, Event.attempt == self.number, Event.kind == kind
        )
        return session.scalar(said.order_by(Event.seq.desc()).limit(1))

    def orders(self, session: Session) -> Orders:
        """What clients have asked for; writes nothing."""
        job = session.scalar(
            select(Job)
            .where(Job.id == self.job.id, Job.attempt == self.number, Job.state.in_(usage.HOLDING))
            .execution_options(populate_existing=True)
        )
        if job is None:
            raise Superseded(f"{self.job.id} attempt {self.number}")
        return Orders(cancel=job.state == "cancelling", stop=job.stop_requested)

    def report(self, session: Session, kind: str, payload: dict[str, Any]) -> None:
        """Add an event to the job's log."""
        self.fence(session, version=Job.version + 1, updated_at=now())
        self._append(session, kind, payload)

    def report_start(
        self, session: Session, device: dict[str, Any], payload: dict[str, Any]
    ) -> None:
        """Record the device and the size of the work when training begins."""
        params = {"verbose": 0, "epochs": payload["epochs"], "steps": payload["steps_per_epoch"]}
        self.fence(session, device=device, history_params=params, findings=self._kept(payload))
        if payload["from_epoch"] < self.first_epoch:  # the checkpoint turned out to be damaged
            self._rewind(session, payload["from_epoch"], payload["steps_per_epoch"])
        self.report(session, "started", payload)

    def _kept(self, payload: dict[str, Any]) -> list[dict[str, Any]]:
        """Of what was found before a resume all but what is found again: that of the training."""
        known = self.job.findings or [] if payload["from_epoch"] else []
        return [one for one in known if one.get("source") != "training"]

    def report_epoch(
        self,
        session: Session,
        epoch: int,
        logs: Logs,
        seconds: float,
        modes: Mapping[str, str] | None = None,
        learning_rate: float | None = None,
    ) -> None:
        """Record the values of an epoch: points, summaries and the event, in one transaction.

        `modes` says of metrics whether more (`max`) or less (`min`) is better; `learning_rate`
        is told where it has changed, and kept on an axis of its own.
        """
        self.fence(session, version=Job.version + 1, updated_at=now())
        MetricPoint.record(session, self.job.id, "epoch", epoch, logs)
        MetricSummary.update(session, self.job.id, epoch, logs, modes or {})
        if learning_rate is not None:
            MetricPoint.record(
                session, self.job.id, "rate", epoch, {"learning_rate": learning_rate}
            )
        self._append(session, "epoch", {"epoch": epoch, "logs": logs, "seconds": seconds})

    def report_choice(
        self, session: Session, kind: str, payload: dict[str, Any], **chosen: Any
    ) -> None:
        """Keep what the training has chosen for itself, with an event."""
        job = self.fence(session, version=Job.version + 1, updated_at=now())
        self.fence(session, chosen={**(job.chosen or {}), **chosen})
        self._append(session, kind, payload)

    def report_advice(self, session: Session, finding: dict[str, Any]) -> None:
        """Keep a finding of the running training, with an event."""
        job = self.fence(session, version=Job.version + 1, updated_at=now())
        self.fence(session, findings=[*(job.findings or []), finding])
        self._append(session, "advice", finding)

    def report_gradients(self, session: Session, epoch: int, norms: Logs) -> None:
        """Record the norms of gradients after an epoch, on an axis of their own."""
        self.fence(session)
        MetricPoint.record(session, self.job.id, "gradient", epoch, norms)

    def report_progress(
        self, session: Session, payload: dict[str, Any], step: int, logs: Logs
    ) -> None:
        """Overwrite the live progress; add a point on the step axis for each metric in `logs`."""
        self.fence(session)
        row = session.get(Progress, self.job.id)
        if row is None:
            row = Progress(job_id=self.job.id, serial=0)
            session.add(row)
        row.attempt, row.payload, row.serial = self.number, payload, row.serial + 1
        row.at = now()
        MetricPoint.record(session, self.job.id, "step", step, logs)

    def report_readings(self, session: Session, second: int, logs: Logs) -> bool:
        """Keep what the attempt uses, `second` whole seconds after the job's first start.

        True when every second reading was dropped, so that the job keeps `MOST_READINGS` at most.
        """
        self.fence(session)
        places = MetricPoint.places(session, self.job.id, "system")
        if places and second <= places[-1]:  # of the attempt before, or stored already
            return False
        MetricPoint.record(session, self.job.id, "system", second, logs)
        if len(places) + 1 < MOST_READINGS:
            return False
        MetricPoint.thin(session, self.job.id, "system", [*places, second])
        return True

    def report_lines(self, session: Session, first: int, lines: list[tuple[str, str]]) -> None:
        """Keep what the attempt printed: pairs of stream and text."""
        self.fence(session)
        rows = [
            {
                "job_id": self.job.id,
                "attempt": self.number,
                "number": first + place,
                "stream": stream,
                "text": text,
            }
            for place, (stream, text) in enumerate(lines)
        ]
        session.execute(insert(LogLine), rows)

    def record_checkpoint(self, session: Session, checkpoint: dict[str, Any]) -> None:
        """Make a stored checkpoint the one that the next attempt starts from."""
        self.fence(session, checkpoint=checkpoint, version=Job.version + 1, updated_at=now())
        self._append(session, "checkpoint", {"epoch": checkpoint["epoch"]})

    def succeed(self, session: Session, model: TrainedModel, **found: Any) -> None:
        """End well: job, model and event in one transaction. A cancelled job stays cancelled.

        Said again, because the answer to the commit was lost, it changes nothing.
        """
        known = select(TrainedModel.attempt).where(TrainedModel.job_id == self.job.id)
        ended = session.scalar(known)
        if ended == self.number:
            return
        if ended is not None:
            raise Superseded(f"{self.job.id} attempt {self.number}")
        session.add(model)
        session.flush()
        self._settle(session, "running", "succeeded", {"model": model.id}, **found)
        self._leave_nothing(session)

    def finish(self, session: Session, payload: dict[str, Any], **found: Any) -> None:
        """End well without a model. A cancelled job stays cancelled."""
        self._settle(session, "running", "succeeded", payload, **found)
        self._leave_nothing(session)

    def _leave_nothing(self, session: Session) -> None:
        """Have the checkpoints deleted, and all that earlier attempts have stored."""
        for prefix in self.fence(session, "succeeded", checkpoint=None).leftovers:
            Removal.note(session, prefix)

    def fail(self, session: Session, error: dict[str, Any]) -> None:
        """End with the reason."""
        self._settle(session, "running", "failed", {"error": error}, error=error)

    def cancel(self, session: Session) -> None:
        """End because the client asked for it."""
        self._settle(session, "cancelling", "cancelled", {})

    def give_back(self, session: Session, reason: str, failures: int, **values: Any) -> None:
        """Return the job to the queue: after a platform fault (1 failure) or handed over (0)."""
        self._settle(
            session,
            "running",
            "queued",
            {"reason": reason},
            worker_id=None,
            lease_until=None,
            device=None,
            failures=Job.failures + failures,
            not_before=now(float(2**failures)) if failures else None,
            **values,
        )

    def repair(self, session: Session, repair: dict[str, Any]) -> None:
        """Return the job to the queue, to go on in another way; counts as no failure."""
        self.report(session, "repair", repair)
        self.give_back(session, repair["cause"], failures=0, repairs=[*self.repairs, repair])

    @property
    def repairs(self) -> list[dict[str, Any]]:
        """What earlier attempts were repaired with."""
        return self.job.repairs or []

    def _settle(
        self, session: Session, leave: str, state: str, payload: dict[str, Any], **values: Any
    ) -> None:
        if not self.job.move(session, leave, state, payload, **values):
            raise Superseded(f"{self.job.id} attempt {self.number}")
        usage.release(session, *self.holder)
