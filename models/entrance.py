"""What a new job meets at the entrance of the queue, found with one statement."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, exists, func, literal_column, select, true
from sqlalchemy.orm import Session

from models import usage
from models.base import now
from models.dataset import Dataset
from models.fleet import Fleet
from models.job import Job
from models.queue_order import MOST, ahead_of, others_wait, positions
from models.webhook import Webhook


@dataclass(frozen=True)
class Entrance:
    """The moment by the database's clock, the hosts, and where the project stands."""

    moment: datetime
    queued: int
    running: int
    is_watched: bool
    """Whether the project has webhooks."""
    datasets: int
    """How many of the datasets asked for are there."""
    ahead: int | None
    """How many queued jobs go before the new one; None where projects take turns."""
    fleet: Fleet

    @classmethod
    def look(
        cls,
        session: Session,
        project_id: str,
        job_id: str,
        priority: int = 0,
        datasets: Collection[str] = (),
    ) -> "Entrance":
        """For a job that is about to be made, of these datasets."""
        values = {
            "owner": project_id,
            "itself": job_id,
            "urgency": priority,
            "datasets": list(datasets),
        }
        rows = session.connection().execute(_statement(), values).all()
        moment, queued, running, watched, there, ahead, others = rows[0][:_FACTS]
        fleet = Fleet.of(row[_FACTS:-1] for row in rows if row[-1])
        place = None if others else min(ahead, MOST)
        return cls(moment, queued, running, bool(watched), there, place, fleet)

    def place(self, session: Session, job_id: str) -> int:
        """How many queued jobs go before the new one, which has been entered."""
        return self.ahead if self.ahead is not None else positions(session, [job_id])[job_id]


_FACTS = 7


@cache
def _statement() -> Any:
    """Made once: that costs more than to run it."""
    owner: Any = bindparam("owner")
    there = select(func.count()).where(
        Dataset.id.in_(bindparam("datasets", expanding=True)),
        Dataset.project_id == owner,
        Dataset.deleted_at.is_(None),
    )
    facts = select(
        now().label("moment"),
        _count(owner, Job.state == "queued").label("queued"),
        _count(owner, Job.state.in_(usage.HOLDING)).label("running"),
        exists().where(Webhook.project_id == owner).label("is_watched"),
        there.scalar_subquery().label("datasets"),
        ahead_of(owner, bindparam("urgency"), bindparam("itself")).label("ahead"),
        others_wait(owner).label("others"),
    ).subquery()
    shares = Fleet.query().add_columns(literal_column("1").label("is_there")).subquery()
    return select(facts, shares).outerjoin(shares, true())


def _count(owner: Any, condition: Any) -> Any:
    return select(func.count()).where(Job.project_id == owner, condition).scalar_subquery()
