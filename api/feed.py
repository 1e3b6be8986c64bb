"""What a stream reads when its job has moved on; streams at the same place share one read."""

import asyncio
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from api.services import Services
from models.event import Event
from models.job import Job
from models.progress import Progress

BATCH = 500


@dataclass(frozen=True)
class Batch:
    """The job (None: deleted), the events after a place, and the live progress."""

    job: Job | None
    events: list[Event]
    progress: Progress | None

    @property
    def is_full(self) -> bool:
        """Whether more events may follow at once."""
        return len(self.events) >= BATCH


class Feed:
    """Reads batches; identical reads that are under way are shared."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._running: dict[tuple[str, int, Any], asyncio.Task[Batch]] = {}

    async def read(self, job_id: str, after: int, stamp: Any) -> Batch:
        """The events after `after`; `stamp` tells reads at different times apart."""
        place = (job_id, after, stamp)
        task = self._running.get(place)
        if task is None:
            reading = self._services.following(_read, job_id, after)
            task = self._running[place] = asyncio.ensure_future(reading)
            task.add_done_callback(lambda _task: self._running.pop(place, None))
        # One reader that leaves must not take the read away from the others.
        return await asyncio.shield(task)


def _read(session: Session, job_id: str, after: int) -> Batch:
    job = session.get(Job, job_id)
    if job is None or job.deleted_at is not None:
        return Batch(None, [], None)
    events = Event.after(session, job_id, after, BATCH)
    progress = Progress.of_jobs(session, [job_id]).get(job_id)
    return Batch(job, events, progress)
