"""How an attempt ends that made no model: cancelled, given back, repaired or failed."""

from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from lamina.codes import JOB_ERRORS
from lamina.fullness import is_full
from models.attempt import Attempt, Superseded
from models.job import Job
from worker import repair
from worker.context import Context
from worker.persistence import persist

log = structlog.get_logger(__name__)


def abandon(context: Context, attempt: Attempt, reason: str) -> None:
    """Cancelled: end the job. Handed over: put it back into the queue, without a failure."""

    def write(session: Session) -> None:
        if reason == "cancel":
            attempt.cancel(session)
        else:
            attempt.give_back(session, reason, failures=0)

    try:
        persist(context.database, context.settings, write)
    except Superseded:
        log.warning("superseded at its end", job=attempt.job.id, attempt=attempt.number)


def retry_or_fail(
    context: Context,
    attempt: Attempt,
    code: str,
    detail: str,
    errors: list[dict[str, Any]] | None = None,
) -> None:
    """Platform faults are tried again until the job has failed too often; others end it."""
    known = code if code in JOB_ERRORS else "internal"
    again = JOB_ERRORS[known][1] and attempt.job.failures + 1 < attempt.job.max_failures

    def write(session: Session) -> None:
        if again:
            attempt.give_back(session, known, failures=1)
        elif known == repair.CAUSE and attempt.job.kind == "train":
            _repair_or_fail(session, attempt, detail)
        else:
            attempt.fail(session, _error(session, attempt, known, detail, errors or []))

    try:
        persist(context.database, context.settings, write)
    except Superseded:
        abandon(context, attempt, "cancel")


def broke(context: Context, attempt: Attempt, error: Exception) -> None:
    """End an attempt that the disk, the object storage or the database has broken."""
    log.error("the attempt broke", exc_info=error)
    if isinstance(error, SQLAlchemyError):
        return  # what cannot be told now the reaper tells, when the lease has run out
    detail = str(error) if isinstance(error, OSError) else f"{type(error).__name__}: {error}"
    code = "storage-full" if is_full(error) else "crashed"
    retry_or_fail(context, attempt, code, f"files could not be moved: {detail}")


def _repair_or_fail(session: Session, attempt: Attempt, detail: str) -> None:
    """Out of memory: go on with fewer rows at a time, or end with what stands in the way."""
    found = repair.repair_of(attempt, attempt.told(session, "started"), detail)
    if isinstance(found, repair.Hopeless):
        error = _error(session, attempt, repair.CAUSE, found.detail, found.errors)
        attempt.fail(session, error)
        return
    log.info("repaired", job=attempt.job.id, attempt=attempt.number, rows=found["micro_batch"])
    attempt.repair(session, found)


def _error(
    session: Session, attempt: Attempt, code: str, detail: str, errors: list[dict[str, Any]]
) -> dict[str, Any]:
    checkpoint = session.get_one(Job, attempt.job.id).checkpoint
    blame, retryable = JOB_ERRORS[code]
    return {
        "code": code,
        "blame": blame,
        "retryable": retryable,
        "detail": detail[:2000],
        "pointer": errors[0]["pointer"] if errors else None,
        "last_good_epoch": checkpoint["epoch"] if checkpoint else None,
        "errors": errors,
    }
