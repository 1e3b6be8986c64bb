"""When queued jobs will start: what runs now ends as it foretells, the queue goes on in order."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import now
from models.durations import Durations
from models.job import Job
from models.progress import Progress
from models.queue_order import line
from models.slot import Slot
from models.worker import Worker

FAR = 500
"""Places in the queue beyond which nothing is said."""


@dataclass
class Pool:
    """The slots of one kind on one host, each with the seconds until it is free.

    `takes_any` says that jobs which run on any device run here.
    """

    kind: str
    takes_any: bool
    free_in: list[float]

    def fits(self, gpus: int | None) -> int:
        """How many slots such a job takes here; 0: it does not run here."""
        if gpus is None:
            return int(self.takes_any)
        if self.kind == "cpu":
            return int(gpus == 0)
        return gpus if gpus <= len(self.free_in) else 0

    def take(self, count: int, start: float, seconds: float) -> None:
        """Hold the slots that are free first until a job that starts then has ended."""
        self.free_in = sorted([*self.free_in[count:], *[start + seconds] * count])


def starts(session: Session, job_ids: Collection[str]) -> dict[str, datetime]:
    """When each of these queued jobs starts; left out is what cannot be told.

    A running job ends when it says so itself (`progress.eta_seconds`), else after the usual time
    (`models.durations`), which queued jobs take too.
    """
    if not job_ids:
        return {}
    moment: datetime = session.scalar(select(now()))  # type: ignore[assignment]
    usual = Durations.lately(session)
    pools = _pools(session, moment, usual)
    columns = (Job.project_id, Job.kind, Job.gpus, Job.parameters, Job.not_before)
    found: dict[str, datetime] = {}
    for job in line(session, FAR, *columns):
        later = max(0.0, (job.not_before - moment).total_seconds()) if job.not_before else 0.0
        start = _place(pools, job.gpus, later, usual.of(job))
        if job.id in job_ids and start < math.inf:
            found[job.id] = moment + timedelta(seconds=start)
    return found


def _place(pools: list[Pool], gpus: int | None, later: float, seconds: float | None) -> float:
    """Give a job the slots that are free first; the seconds until it starts there."""
    best: tuple[float, Pool, int] | None = None
    for pool in pools:
        count = pool.fits(gpus)
        if count and (best is None or pool.free_in[count - 1] < best[0]):
            best = (pool.free_in[count - 1], pool, count)
    if best is None:
        return math.inf
    start, pool, count = max(best[0], later), best[1], best[2]
    pool.take(count, start, math.inf if seconds is None else seconds)
    return start


def _pools(session: Session, moment: datetime, usual: Durations) -> list[Pool]:
    """The slots of all hosts that are alive."""
    alive = select(Worker.host).where(Worker.alive_until > now(), Worker.stopped_at.is_(None))
    query = (
        select(Slot, Job, Progress, Slot.is_free())
        .outerjoin(Job, Job.id == Slot.job_id)
        .outerjoin(Progress, Progress.job_id == Slot.job_id)
        .where(Slot.host.in_(alive))
    )
    found: dict[tuple[str, str], list[float]] = {}
    for slot, job, progress, free in session.execute(query):
        left = 0.0 if free else _left(job, progress, moment, usual)
        found.setdefault((slot.host, slot.kind), []).append(left)
    return [
        Pool(kind, kind == "gpu" or (host, "gpu") not in found, sorted(left))
        for (host, kind), left in sorted(found.items())
    ]


def _left(job: Job, progress: Progress | None, moment: datetime, usual: Durations) -> float:
    """Seconds until a running job ends."""
    told: dict[str, Any] = {}
    if progress is not None and progress.attempt == job.attempt:
        told = progress.payload
    if progress is not None and isinstance(told.get("eta_seconds"), int | float):
        return max(0.0, float(told["eta_seconds"]) - (moment - progress.at).total_seconds())
    seconds = usual.of(job)
    if seconds is None or job.started_at is None:
        return math.inf
    return max(0.0, seconds - (moment - job.started_at).total_seconds())
