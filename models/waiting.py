"""Why a queued job waits."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.settings import get_settings
from models.base import now
from models.capacity import Capacity
from models.job import Job
from models.slot import Slot
from models.usage import full_accounts, running_jobs
from models.worker import Worker

Reason = dict[str, str]


def reasons(session: Session, jobs: Sequence[Job], positions: dict[str, int]) -> dict[str, Reason]:
    """Code and words for each queued job by id: what must happen before it starts."""
    waiting = [job for job in jobs if job.state == "queued"]
    if not waiting:
        return {}
    capacity, free = Capacity.alive(session), _free(session)
    full = _full(session, waiting)
    return {
        job.id: full.get(job.project_id)
        or full.get(job.account or "")
        or _reason(job, positions.get(job.id, 0), capacity, free)
        for job in waiting
    }


def _full(session: Session, jobs: Sequence[Job]) -> dict[str, Reason]:
    """The projects and accounts that run as many jobs as they may."""
    most = get_settings().running_jobs
    detail = f"{most} jobs of this project run, as many as may at a time."
    found = {
        project: _told("quota", detail)
        for project in {job.project_id for job in jobs}
        if most and running_jobs(session, project) >= most
    }
    if any(job.account for job in jobs):
        for account, own in full_accounts(session).items():
            told = f"{own} jobs that this one's API key has submitted run, as many as it may have."
            found[account] = _told("key-quota", told)
    return found


def _reason(job: Job, ahead: int, capacity: Capacity, free: dict[str, int]) -> Reason:
    lacking = _lacking(job, capacity)
    if lacking is not None:
        return lacking
    if job.not_before is not None and job.not_before > datetime.now(UTC):
        return _told("backoff", f"It is tried again at {job.not_before:%H:%M:%S} UTC.")
    if not _fits(job, free):
        code, wanted = ("gpus-busy", f"{job.gpus} GPUs") if job.gpus else ("slots-busy", "a slot")
        return _told(code, f"It waits for {wanted}, with {ahead} jobs before it.")
    if ahead:
        return _told("behind-others", f"{ahead} jobs are before it.")
    return _told("starting", "A worker is about to take it.")


def _lacking(job: Job, capacity: Capacity) -> Reason | None:
    """Why no host that is alive could run it, however free."""
    if not capacity.is_known:
        return _told("no-worker", "No worker is alive.")
    if (job.gpus or 0) > capacity.gpus:
        detail = f"It needs {job.gpus} GPUs on one host; the largest that is alive has"
        return _told("no-such-host", f"{detail} {capacity.gpus}.")
    if job.gpus == 0 and "cpu" not in capacity.memory:
        return _told("no-such-host", "It is to run on a CPU; the hosts alive offer GPUs alone.")
    return None


def _told(code: str, detail: str) -> Reason:
    return {"code": code, "detail": detail}


def _fits(job: Job, free: dict[str, int]) -> bool:
    if job.gpus is None:
        return bool(free)
    return free.get("gpu", 0) >= job.gpus if job.gpus else bool(free.get("cpu"))


def _free(session: Session) -> dict[str, int]:
    """The most free slots of a kind on one host that is alive."""
    alive = select(Worker.host).where(Worker.alive_until > now(), Worker.stopped_at.is_(None))
    query = (
        select(Slot.kind, func.count())
        .where(Slot.is_free(), Slot.host.in_(alive))
        .group_by(Slot.host, Slot.kind)
    )
    found: dict[str, int] = {}
    for kind, count in session.execute(query):
        found[kind] = max(found.get(kind, 0), count)
    return found
