"""The trace of a job: its request, the job itself from its making to its end, its attempts.

A job's row keeps the place of the request that made it; all further places follow from ids, so
whoever ends an attempt or a job, be it the reaper of another process, tells its span.
"""

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import traces
from models.after_commit import after_commit
from models.event import Event

if TYPE_CHECKING:
    from models.job import Job


def place_of_job(job_id: str, traceparent: str | None) -> traces.Place | None:
    """Where the job stands; None for one that was made before traces were kept."""
    request = traces.Place.read(traceparent)
    return request.below(job_id) if request else None


def place_of(session: Session, subject: str) -> traces.Place | None:
    """Where a job of this id stands; None for anything else."""
    from models.job import Job  # it tells of itself by this module

    found = session.scalar(select(Job.traceparent).where(Job.id == subject))
    return place_of_job(subject, found)


def place_of_attempt(job: "Job", number: int) -> traces.Place | None:
    """Where an attempt at the job stands."""
    request = traces.Place.read(job.traceparent)
    return request.below(job.id, number) if request else None


def tell(
    session: Session, job: "Job", state: str, payload: dict[str, Any], attempted: bool
) -> None:
    """Once this transaction commits, send the spans of what has ended with the move to `state`."""
    if not traces.are_sent() or job.traceparent is None:
        return
    if attempted:
        began = session.scalar(_began(job.id, job.attempt))
        since = began or job.created_at
        after_commit(session, partial(_attempt_ended, job, state, payload, since))
    if state in ("succeeded", "failed", "cancelled"):
        after_commit(session, partial(_job_ended, job, state, payload))


def _began(job_id: str, attempt: int) -> Any:
    return (
        select(Event.at)
        .where(Event.job_id == job_id, Event.attempt == attempt)
        .order_by(Event.seq)
        .limit(1)
    )


def _attempt_ended(job: "Job", state: str, payload: dict[str, Any], began: datetime) -> None:
    traces.record(
        f"attempt {job.attempt}",
        place_of_attempt(job, job.attempt),
        place_of_job(job.id, job.traceparent),
        _seconds(began),
        "consumer",
        _error(state, payload),
        attributes=_attributes(job, state, payload),
    )


def _job_ended(job: "Job", state: str, payload: dict[str, Any]) -> None:
    traces.record(
        "job",
        place_of_job(job.id, job.traceparent),
        traces.Place.read(job.traceparent),
        _seconds(job.created_at),
        "internal",
        _error(state, payload),
        attributes=_attributes(job, state, payload),
    )


def _attributes(job: "Job", state: str, payload: dict[str, Any]) -> dict[str, Any]:
    return {
        "lamina.job.id": job.id,
        "lamina.job.kind": job.kind,
        "lamina.job.state": state,
        "lamina.attempt": job.attempt,
        "lamina.reason": payload.get("reason"),
    }


def _error(state: str, payload: dict[str, Any]) -> str | None:
    """The code of what went wrong. A hand-over went well."""
    if state == "failed":
        return str(payload["error"]["code"])
    reason = payload.get("reason")
    return str(reason) if reason not in (None, "handover") else None


def _seconds(moment: datetime) -> float:
    return moment.astimezone(UTC).timestamp()
