"""The reaper: what becomes of jobs whose worker fell silent, or that waited too long."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lamina.codes import JOB_ERRORS
from models.base import now
from models.job import Job
from models.usage import release

_BATCH = 50


def reap(session: Session) -> int:
    """Requeue, cancel or fail the jobs whose lease has run out; returns how many."""
    # A claim always sets a lease, yet a row that lost it must not run for ever.
    silent = func.coalesce(Job.lease_until, Job.started_at) < now()
    lost = select(Job).where(Job.state.in_(("running", "cancelling")), silent).limit(_BATCH)
    reaped = 0
    for job in session.scalars(lost.with_for_update(skip_locked=True)).all():
        reaped += _end_attempt(session, job)
    return reaped


def end_waits(session: Session) -> int:
    """Fail the jobs that have not started in the time that their clients gave them."""
    late = select(Job).where(Job.state == "queued", Job.start_by <= now()).limit(_BATCH)
    ended = 0
    for job in session.scalars(late.with_for_update(skip_locked=True)).all():
        error = wait_timed_out(job)
        ended += job.move(session, "queued", "failed", {"error": error}, error=error)
    return ended


def _end_attempt(session: Session, job: Job) -> bool:
    if job.state == "cancelling":
        moved = job.move(session, "cancelling", "cancelled", {"reason": "worker-lost"})
    elif job.failures + 1 >= job.max_failures:
        error = worker_lost(job)
        moved = job.move(
            session,
            "running",
            "failed",
            {"error": error},
            error=error,
            failures=job.failures + 1,
        )
    else:
        moved = job.move(
            session,
            "running",
            "queued",
            {"reason": "worker-lost"},
            failures=job.failures + 1,
            worker_id=None,
            lease_until=None,
            device=None,
        )
    if moved:
        release(session, job.id, job.attempt)
    return moved


def wait_timed_out(job: Job) -> dict[str, Any]:
    """The error of a job that has waited as long as it may."""
    blame, retryable = JOB_ERRORS["wait-timed-out"]
    seconds = job.request.get("resources", job.request).get("max_wait_seconds")
    return {
        "code": "wait-timed-out",
        "blame": blame,
        "retryable": retryable,
        "detail": f"no slot was free for it within max_wait_seconds, {seconds} s",
    }


def worker_lost(job: Job) -> dict[str, Any]:
    """The error of a job that has lost its worker too often."""
    blame, retryable = JOB_ERRORS["worker-lost"]
    return {
        "code": "worker-lost",
        "blame": blame,
        "retryable": retryable,
        "detail": f"its worker was lost {job.failures + 1} times while it ran",
        "last_good_epoch": job.checkpoint["epoch"] if job.checkpoint else None,
    }
