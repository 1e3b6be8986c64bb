"""Why a queued job waits."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from core.settings import get_settings
from models.capacity import Capacity
from models.fleet import Fleet
from models.job import Job
from models.usage import full_accounts, running_jobs

Reason = dict[str, str]


def reasons(session: Session, jobs: Sequence[Job], positions: dict[str, int]) -> dict[str, Reason]:
    """Code and words for each queued job by id: what must happen before it starts."""
    waiting = [job for job in jobs if job.state == "queued"]
    if not waiting:
        return {}
    fleet = Fleet.look(session)
    most = get_settings().running_jobs
    running = {
        project: running_jobs(session, project) if most else 0
        for project in {job.project_id for job in waiting}
    }
    full = full_accounts(session) if any(job.account for job in waiting) else {}
    return {
        job.id: reason(job, positions.get(job.id, 0), fleet, running[job.project_id], full)
        for job in waiting
    }


def reason(job: Job, ahead: int, fleet: Fleet, running: int, full: Mapping[str, int]) -> Reason:
    """Why this queued job waits, with so many before it and so many of its project at work.

    `full` are accounts that run as many jobs as they may, and how many that is.
    """
    most = get_settings().running_jobs
    if most and running >= most:
        return _told("quota", f"{most} jobs of this project run, as many as may at a time.")
    if (own := full.get(job.account or "")) is not None:
        told = f"{own} jobs that this one's API key has submitted run, as many as it may have."
        return _told("key-quota", told)
    return _reason(job, ahead, Capacity.of(fleet, alive=True), fleet.free)


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
