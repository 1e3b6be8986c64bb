"""A census of the service: what waits, what runs, what has ended lately. For those who operate it.

Nothing in it grows with the jobs that are kept: it looks at those that have not ended, and at
those that ended within the last hour.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from models.base import now
from models.dataset import Dataset
from models.delivery import Delivery
from models.job import Job
from models.slot import Slot
from models.worker import Worker

HOUR = 3600.0
_MOST_ENDED = 10_000
_OPEN = ("queued", "running", "cancelling")


@dataclass
class Census:
    """The figures of one moment; times in seconds.

    `jobs` by state, `queued` and `oldest` (its age) by the slots that jobs wait for (`cpu`, `gpu`,
    `any`), `ended` by (state, error code or "") within the last hour, with the times that those
    jobs waited and ran; `overdue` counts leases that have run out and were not reaped yet; slots by
    (host, kind, busy), workers by state; datasets that are read and deliveries of webhooks that are
    pending, each with the age of the oldest; `gpus` that were read within the last minute.
    """

    jobs: dict[str, int] = field(default_factory=dict)
    queued: dict[str, int] = field(default_factory=dict)
    oldest: dict[str, float] = field(default_factory=dict)
    ended: Counter[tuple[str, str]] = field(default_factory=Counter)
    waited: list[float] = field(default_factory=list)
    ran: list[float] = field(default_factory=list)
    overdue: int = 0
    slots: Counter[tuple[str, str, bool]] = field(default_factory=Counter)
    workers: Counter[str] = field(default_factory=Counter)
    reading: tuple[int, float] = (0, 0.0)
    deliveries: tuple[int, float] = (0, 0.0)
    gpus: list[Slot] = field(default_factory=list)

    @classmethod
    def take(cls, session: Session) -> "Census":
        """Count everything, as of now by the database's clock."""
        moment: datetime = session.scalar(select(now()))  # type: ignore[assignment]
        census = cls()
        census._count_open(session, moment)
        census._count_ended(session)
        census.slots.update((slot.host, slot.kind, busy) for slot, busy in Slot.busy(session))
        census.gpus = Slot.read_lately(session)
        census.workers.update(state for _, state in Worker.recent(session))
        reading = select(func.count(), func.min(Dataset.created_at)).where(
            Dataset.state == "reading"
        )
        pending = select(func.count(), func.min(Delivery.created_at)).where(
            Delivery.state == "pending"
        )
        census.reading = _with_age(session, reading, moment)
        census.deliveries = _with_age(session, pending, moment)
        return census

    def _count_open(self, session: Session, moment: datetime) -> None:
        states = select(Job.state, func.count()).where(Job.state.in_(_OPEN)).group_by(Job.state)
        counted = dict(session.execute(states).all())
        self.jobs = {state: counted.get(state, 0) for state in _OPEN}
        for slots, wanted in (
            ("cpu", Job.gpus == 0),
            ("gpu", Job.gpus > 0),
            ("any", Job.gpus.is_(None)),
        ):
            query = select(func.count(), func.min(Job.created_at)).where(Job.claimable(), wanted)
            self.queued[slots], self.oldest[slots] = _with_age(session, query, moment)
        late = select(func.count()).where(Job.state.in_(_OPEN[1:]), Job.lease_until < now())
        self.overdue = session.scalar(late) or 0

    def _count_ended(self, session: Session) -> None:
        query = (
            select(Job.state, Job.error, Job.created_at, Job.started_at, Job.finished_at)
            .where(Job.finished_at > now(-HOUR))
            .order_by(Job.finished_at.desc())
            .limit(_MOST_ENDED)
        )
        for state, error, created, started, finished in session.execute(query):
            self.ended[(state, (error or {}).get("code", ""))] += 1
            if started:
                self.waited.append((started - created).total_seconds())
                self.ran.append((finished - started).total_seconds())


def _with_age(
    session: Session, query: "Select[int, datetime]", moment: datetime
) -> tuple[int, float]:
    count, oldest = session.execute(query).one()
    return count, max(0.0, (moment - oldest).total_seconds()) if oldest else 0.0
