"""Jobs: training requests, their states and the moves between them that clients cause."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Double,
    ForeignKey,
    Index,
    Integer,
    String,
    exists,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, make_transient_to_detached, mapped_column

from core import traces
from lamina import ids
from lamina.schemas.job import TERMINAL_STATES
from models import audit, trace
from models.base import Base, Json, Moment, now
from models.defaults import columns_of, with_defaults
from models.event import Event
from models.insertion import insert_later
from models.keeping import Deletable, Pinnable
from models.layer_count import LayerCount

STATES = ("queued", "running", "cancelling", "succeeded", "failed", "cancelled")


class Job(Deletable, Pinnable, Base):
    """One request: of kind `train`, `evaluate`, or `predict`, whose `result` names its tables.

    Legal moves: queued → running, cancelled, failed; running → queued (lost or handed over),
    cancelling, succeeded, failed; cancelling → cancelled. Every UPDATE names the state it leaves.
    Moves made for an attempt stand in `models.attempt`, moves of the lost in `models.reaper`.
    """

    __tablename__ = "jobs"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id"))
    kind: Mapped[str] = mapped_column(String(16), default="train")
    state: Mapped[str] = mapped_column(String(16), default="queued")
    display_name: Mapped[str | None] = mapped_column(String(200))
    tags: Mapped[list[str]] = mapped_column(Json, default=list)
    labels: Mapped[dict[str, str]] = mapped_column("metadata", Json, default=dict)
    dataset_id: Mapped[str] = mapped_column(ForeignKey("datasets.id"), index=True)
    validation_id: Mapped[str | None] = mapped_column(ForeignKey("datasets.id"), index=True)
    test_id: Mapped[str | None] = mapped_column(ForeignKey("datasets.id"), index=True)
    sources: Mapped[list[str]] = mapped_column(Json, default=list)
    request: Mapped[dict[str, Any]] = mapped_column(Json)
    plan: Mapped[dict[str, Any]] = mapped_column(Json)
    architecture: Mapped[str | None] = mapped_column(String(40))
    parameters: Mapped[int | None] = mapped_column(BigInteger)
    gpus: Mapped[int | None] = mapped_column(Integer)
    max_seconds: Mapped[int] = mapped_column(Integer)
    priority: Mapped[int] = mapped_column(Integer, default=0)
    not_before: Mapped[datetime | None] = mapped_column(Moment)
    start_by: Mapped[datetime | None] = mapped_column(Moment)

    attempt: Mapped[int] = mapped_column(Integer, default=0)
    failures: Mapped[int] = mapped_column(Integer, default=0)
    max_failures: Mapped[int] = mapped_column(Integer, default=3)
    worker_id: Mapped[str | None] = mapped_column(String(40))
    device: Mapped[dict[str, Any] | None] = mapped_column(Json)
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    stop_requested: Mapped[bool] = mapped_column(default=False)
    checkpoint: Mapped[dict[str, Any] | None] = mapped_column(Json)
    retry_of: Mapped[str | None] = mapped_column(String(40))
    gpu_seconds: Mapped[float] = mapped_column(Double, default=0.0, server_default="0")
    cloned_from: Mapped[str | None] = mapped_column(String(40))
    work_digest: Mapped[str | None] = mapped_column(String(64))
    traceparent: Mapped[str | None] = mapped_column(String(55))
    account: Mapped[str | None] = mapped_column(String(40))

    stop_reason: Mapped[str | None] = mapped_column(String(40))
    error: Mapped[dict[str, Any] | None] = mapped_column(Json)
    evaluation: Mapped[dict[str, Any] | None] = mapped_column(Json)
    findings: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)
    memory: Mapped[dict[str, Any] | None] = mapped_column(Json)
    repairs: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)
    result: Mapped[dict[str, Any] | None] = mapped_column(Json)
    chosen: Mapped[dict[str, Any] | None] = mapped_column(Json)
    history_params: Mapped[dict[str, Any] | None] = mapped_column(Json)
    version: Mapped[int] = mapped_column(Integer, default=1)
    event_seq: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=now())
    started_at: Mapped[datetime | None] = mapped_column(Moment)
    finished_at: Mapped[datetime | None] = mapped_column(Moment)
    pruned_at: Mapped[datetime | None] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment, server_default=now())

    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(
            "(finished_at IS NOT NULL) = (state IN ('succeeded', 'failed', 'cancelled'))",
            name="finished_at",
        ),
        Index("ix_jobs_project_id_id", "project_id", "id"),
        Index("ix_jobs_state_priority_id", "state", "priority", "id"),
        # The first of a project's queue, whatever waits behind it.
        Index("ix_jobs_project_id_state_priority_id", "project_id", "state", "priority", "id"),
        Index("ix_jobs_project_id_work_digest", "project_id", "work_digest"),
        Index("ix_jobs_state_lease_until", "state", "lease_until"),
        Index("ix_jobs_finished_at", "finished_at"),
        Index("ix_jobs_account_state", "account", "state"),
    )

    @property
    def is_terminal(self) -> bool:
        """Whether the job has ended for good."""
        return self.state in TERMINAL_STATES

    @property
    def trace_id(self) -> str | None:
        """The trace of the request that made the job."""
        place = traces.Place.read(self.traceparent)
        return place.trace_id if place else None

    @property
    def prefix(self) -> str:
        """Where all objects of this job lie."""
        return f"{self.project_id}/jobs/{self.id}"

    @property
    def leftovers(self) -> list[str]:
        """Where objects lie that nobody needs any more when it has succeeded.

        The checkpoints of the last attempt, and all that earlier ones have stored.
        """
        earlier = (f"{self.prefix}/{number}" for number in range(1, self.attempt))
        return [*earlier, f"{self.prefix}/{self.attempt}/checkpoints"]

    @classmethod
    def submit(
        cls,
        session: Session,
        project_id: str,
        max_wait: float | None = None,
        *,
        moment: datetime | None = None,
        is_watched: bool = True,
        **values: Any,
    ) -> "Job":
        """Enter a job into the queue, with its first event; it is to start within these seconds.

        It belongs to the trace of the request at work. `moment` is the database's now, where it is
        known already; a project that is not watched has no webhooks to be told.
        """
        place = traces.current.get() or traces.Place.begin()
        if moment is None:
            moment = session.scalars(select(now())).one()
        given = {
            "id": ids.new("job"),
            "start_by": None if max_wait is None else moment + timedelta(seconds=max_wait),
            **values,
            "project_id": project_id,
            "event_seq": 1,
            "traceparent": place.traceparent,
            "created_at": moment,
            "updated_at": moment,
        }
        session.flush()
        row, columns = with_defaults(cls, given), columns_of(cls)
        # Not as a pending object: of all its columns most are empty.
        insert_later(session, cls.__table__, {columns[name]: row[name] for name in row})
        job = cls()
        # As a row that was read: to set one column after the other costs more than all the rest.
        vars(job).update({**dict.fromkeys(columns), **row})
        make_transient_to_detached(job)
        session.add(job)
        audit.note(session, job.id)
        LayerCount.record(session, job.id, job.plan)
        Event.begin(session, job.id, moment)
        if is_watched:
            _tell(session, job.id, "state")
        return job

    @classmethod
    def find(cls, session: Session, project_id: str, job_id: str) -> "Job | None":
        """The project's job of this id."""
        owned = select(cls).where(cls.id == job_id, cls.project_id == project_id)
        return session.scalar(owned.where(cls.deleted_at.is_(None)))

    @classmethod
    def owned(cls, session: Session, project_id: str, job_ids: list[str]) -> set[str]:
        """Which of these jobs are the project's."""
        query = select(cls.id).where(cls.id.in_(job_ids), cls.project_id == project_id)
        return set(session.scalars(query.where(cls.deleted_at.is_(None))))

    @classmethod
    def append(
        cls, session: Session, job_id: str, kind: str, payload: dict[str, Any], attempt: int
    ) -> int:
        """Add an event under the job's row lock; returns its number."""
        seq = session.scalar(
            update(cls)
            .where(cls.id == job_id)
            .values(event_seq=cls.event_seq + 1)
            .returning(cls.event_seq)
            .execution_options(synchronize_session=False)
        )
        if seq is None:
            raise LookupError(job_id)
        session.add(Event(job_id=job_id, seq=seq, attempt=attempt, kind=kind, payload=payload))
        session.flush()
        if kind in ("state", "epoch"):
            _tell(session, job_id, kind)
        return seq

    def move(
        self,
        session: Session,
        leave: str,
        state: str,
        payload: dict[str, Any] | None = None,
        **values: Any,
    ) -> bool:
        """Go from one state to another, with an event; False when it was in another by then.

        It also names the attempt that this row was read with, so a superseded one moves nothing.
        """
        if state in TERMINAL_STATES:
            values |= {"finished_at": now(), "lease_until": None}
        changed = session.execute(
            update(Job)
            .where(Job.id == self.id, Job.state == leave, Job.attempt == self.attempt)
            .values(state=state, version=Job.version + 1, updated_at=now(), **values)
            .execution_options(synchronize_session=False)
        )
        if not changed.rowcount:  # type: ignore[attr-defined]
            return False
        Job.append(session, self.id, "state", {"state": state, **(payload or {})}, self.attempt)
        trace.tell(session, self, state, payload or {}, leave != "queued" and state != "cancelling")
        return True

    def request_cancel(self, session: Session) -> bool:
        """Cancel: at once when queued, soon when running. False when it has already ended."""
        for leave, state in (("queued", "cancelled"), ("running", "cancelling")):
            if self.move(session, leave, state):
                session.refresh(self)
                return True
        session.refresh(self)
        return self.state == "cancelling"

    def request_stop(self, session: Session) -> bool:
        """Ask a running job to end after its epoch and keep the model. False when not running."""
        changed = session.execute(
            update(Job)
            .where(Job.id == self.id, Job.state == "running")
            .values(stop_requested=True, version=Job.version + 1, updated_at=now())
            .execution_options(synchronize_session=False)
        )
        session.refresh(self)
        return bool(changed.rowcount)  # type: ignore[attr-defined]

    @classmethod
    def claimable(cls) -> Any:
        """Condition: queued and due, and not too late."""
        due = cls.not_before.is_(None) | (cls.not_before <= now())
        return (cls.state == "queued") & due & (cls.start_by.is_(None) | (cls.start_by > now()))

    @classmethod
    def waits_for(cls, session: Session, kind: str) -> bool:
        """Whether a due job could run on a slot of this kind (`cpu` or `gpu`)."""
        wanted = (cls.gpus == 0) if kind == "cpu" else (cls.gpus > 0)
        return bool(
            session.scalar(select(exists().where(cls.claimable(), wanted | cls.gpus.is_(None))))
        )


def _tell(session: Session, job_id: str, kind: str) -> None:
    from models.outbox import tell_of_job  # it asks jobs by the fields of filters

    tell_of_job(session, job_id, kind)
