"""What a new job meets at the entrance of the queue, found with one statement."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, exists, func, literal_column, select, true
from sqlalchemy.orm import Session

from models import usage
from models.base import now
from models.dataset import Dataset
from models.fleet import Fleet
from models.insertion import insert_kept
from models.job import Job
from models.queue_order import MOST, ahead_of, others_wait, positions
from models.webhook import Webhook

_MET = "met"


@dataclass(frozen=True)
class Entrance:
    """The moment by the database's clock, the hosts, and where the project stands."""

    moment: datetime
    running: int
    is_watched: bool
    """Whether the project has webhooks."""
    datasets: int
    """How many of the datasets asked for are there."""
    versions: int
    """The sum of their versions, which only grow: while it is the same none has changed."""
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
        """For a job that is about to be made, of these datasets.

        It is looked for once for all jobs of a transaction that ask the same.
        """
        asked = (project_id, priority, frozenset(datasets))
        known: tuple[object, Entrance] | None = session.info.get(_MET)
        if known is not None and known[0] == asked:
            return known[1]
        insert_kept(session)
        values = {
            "owner": project_id,
            "itself": job_id,
            "urgency": priority,
            "datasets": list(datasets),
        }
        rows = session.connection().execute(_statement(), values).all()
        moment, running, watched, there, versions, ahead, others = rows[0][:_FACTS]
        fleet = Fleet.of(row[_FACTS:-1] for row in rows if row[-1])
        place = None if others else min(ahead, MOST)
        met = cls(moment, running, bool(watched), there, versions, place, fleet)
        session.info[_MET] = (asked, met)
        return met

    def follow(self, session: Session) -> None:
        """A job has been entered: the next one of this transaction meets one more."""
        asked, _ = session.info[_MET]
        ahead = None if self.ahead is None else min(self.ahead + 1, MOST)
        session.info[_MET] = (asked, replace(self, ahead=ahead))

    def place(self, session: Session, job_id: str) -> int:
        """How many queued jobs go before the new one, which has been entered."""
        return self.ahead if self.ahead is not None else positions(session, [job_id])[job_id]


_FACTS = 7


@cache
def _statement() -> Any:
    """Made once: that costs more than to run it."""
    owner: Any = bindparam("owner")
    running = select(func.count()).where(Job.project_id == owner, Job.state.in_(usage.HOLDING))
    is_there = (
        Dataset.id.in_(bindparam("datasets", expanding=True)),
        Dataset.project_id == owner,
        Dataset.deleted_at.is_(None),
    )
    there = select(func.count()).where(*is_there)
    versions = select(func.coalesce(func.sum(Dataset.version), 0)).where(*is_there)
    facts = select(
        now().label("moment"),
        running.scalar_subquery().label("running"),
        exists().where(Webhook.project_id == owner).label("is_watched"),
        there.scalar_subquery().label("datasets"),
        versions.scalar_subquery().label("versions"),
        ahead_of(owner, bindparam("urgency"), bindparam("itself")).label("ahead"),
        others_wait(owner).label("others"),
    ).subquery()
    shares = Fleet.query().add_columns(literal_column("1").label("is_there")).subquery()
    return select(facts, shares).outerjoin(shares, true())
