"""Claims: a worker takes the best job that waits, with the slots it needs."""

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from models import usage
from models.attempt import Attempt, Superseded
from models.base import now
from models.candidates import candidates
from models.job import Job
from models.key import Key
from models.slot import Slot


def claim_next(
    session: Session, worker_id: str, host: str, lease: float, most: int = 0
) -> Attempt | None:
    """Take the best job that this host can run now, with its slots; None when there is none.

    Of one project at most `most` run at a time, where that is not 0, and of an account as many
    as its key may have. Best: highest priority, then the project with the fewest running jobs,
    then age. Lost races leave through an exception (`Superseded`), so call it in a transaction
    of its own.
    """
    free = Slot.free(session, host)
    on_gpu_host = bool(session.scalar(select(Slot.id).where(Slot.host == host, Slot.kind == "gpu")))
    full = usage.full_accounts(session)
    candidate = session.scalar(candidates(free, on_gpu_host, most, full))
    if candidate is None:
        return None
    job = _take(session, candidate, worker_id, lease)
    if job is None or _too_many(session, job, most):
        raise Superseded(candidate)
    wanted = job.gpus if job.gpus is not None else int(on_gpu_host)
    kind, count = ("gpu", wanted) if wanted else ("cpu", 1)
    slots = Slot.take(session, (host, kind), count, (job.id, job.attempt))
    if len(slots) < count:
        raise Superseded(candidate)
    attempt = Attempt(job, job.attempt, tuple(sorted(slots, key=lambda slot: slot.position)))
    attempt.begin(session)
    return attempt


def _take(session: Session, job_id: str, worker_id: str, lease: float) -> Job | None:
    """The job, running by a new attempt; None when another claim was faster."""
    return session.scalar(
        update(Job)
        .where(Job.id == job_id, Job.state == "queued")
        .values(
            state="running",
            attempt=Job.attempt + 1,
            worker_id=worker_id,
            lease_until=now(lease),
            started_at=func.coalesce(Job.started_at, now()),
            start_by=None,
            version=Job.version + 1,
            updated_at=now(),
        )
        .returning(Job)
    )


def _too_many(session: Session, job: Job, most: int) -> bool:
    """Whether another claim of the same moment was the last that project or account may have."""
    own = None if job.account is None else Key.running_limit(session, job.account)
    if not most and own is None:
        return False
    usage.hold(session, job.project_id)
    if most and usage.running_jobs(session, job.project_id) > most:
        return True
    return own is not None and usage.running_jobs(session, job.project_id, job.account) > own
