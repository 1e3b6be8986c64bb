"""The order in which queued jobs are to start, as far as it can be told beforehand.

It is that of `models.candidates` if nothing ends meanwhile: priority, then the project with the
fewest jobs at work, age. When the n-th job of a project is taken, n - 1 more of it are at work.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy import Row, bindparam, exists, func, literal_column, select
from sqlalchemy.orm import Session

from models import usage
from models.job import Job
from models.project import Project

MOST = 1000
"""Places in the queue that are counted: so a long queue costs no more than this one."""

_QUEUE: Any = Job.__table__


def line(session: Session, most: int, *columns: Any) -> list[Row[Any]]:
    """These columns, after priority and id, of the first jobs of the queue, in order."""
    found: list[tuple[tuple[int, int, str], Row[Any]]] = []
    for project_id, running in session.execute(_waiting_projects()):
        for turn, row in enumerate(_own_line(session, project_id, most, columns), running + 1):
            found.append(((-row.priority, turn, row.id), row))
    found.sort(key=lambda one: one[0])
    return [row for _, row in found[:most]]


def positions(session: Session, job_ids: list[str]) -> dict[str, int]:
    """How many queued jobs go before each of these, where it waits; `MOST` for so many or more."""
    if not job_ids:
        return {}
    if len(job_ids) == 1 and (alone := _alone(session, job_ids[0])) is not None:
        return alone
    ahead = {row.id: place for place, row in enumerate(line(session, MOST))}
    places = {job_id: ahead[job_id] for job_id in job_ids if job_id in ahead}
    if len(ahead) == MOST and len(places) < len(job_ids):
        queued = select(Job.id).where(Job.id.in_(job_ids), Job.state == "queued")
        places = dict.fromkeys(session.scalars(queued), MOST) | places
    return places


def ahead_of(project_id: Any, priority: Any, job_id: Any) -> Any:
    """How many of its own project's queued jobs go before a job, up to `MOST` of each urgency."""
    urgent, older = _QUEUE.alias(), _QUEUE.alias()
    return _count(project_id, urgent, urgent.c.priority > priority) + _count(
        project_id, older, older.c.priority == priority, older.c.id < job_id
    )


def others_wait(project_id: Any) -> Any:
    """Whether a job of any other project is queued."""
    other = _QUEUE.alias()
    waits = exists().where(other.c.project_id == Project.id, other.c.state == "queued")
    return exists().where(Project.id != project_id, waits.correlate(Project.__table__))


@cache
def _own_place() -> Any:
    """Statements are made once: that costs more than to run them."""
    owner: Any = bindparam("owner")
    return select(ahead_of(owner, bindparam("urgency"), bindparam("itself")), others_wait(owner))


def _alone(session: Session, job_id: str) -> dict[str, int] | None:
    """The place of a job by the queue of its project; None where others wait, too."""
    job = session.get(Job, job_id)
    if job is None or job.state != "queued":
        return {}
    values = {"owner": job.project_id, "urgency": job.priority, "itself": job.id}
    ahead, others = session.execute(_own_place(), values).one()
    return None if others else {job_id: min(ahead, MOST)}


def _count(project_id: Any, job: Any, *conditions: Any) -> Any:
    mine = (job.c.project_id == project_id, job.c.state == "queued")
    query: Any = select(literal_column("1").label("one")).where(*mine, *conditions).limit(MOST)
    return select(func.count()).select_from(query.subquery()).scalar_subquery()


@cache
def _waiting_projects() -> Any:
    """The projects that have queued jobs, each with how many of its jobs are at work."""
    queued, working = _QUEUE.alias(), _QUEUE.alias()
    running = select(func.count()).where(
        working.c.project_id == Project.id, working.c.state.in_(usage.HOLDING)
    )
    waits = exists().where(queued.c.project_id == Project.id, queued.c.state == "queued")
    own = Project.__table__
    return select(Project.id, running.correlate(own).scalar_subquery()).where(waits.correlate(own))


def _own_line(
    session: Session, project_id: str, most: int, columns: tuple[Any, ...]
) -> Iterator[Row[Any]]:
    """The first jobs of a project's queue: one urgency after the other, as an index has them."""
    queued = (Job.project_id == project_id, Job.state == "queued")
    below: int | None = None
    while most > 0:
        lower = () if below is None else (Job.priority < below,)
        below = session.scalar(select(func.max(Job.priority)).where(*queued, *lower))
        if below is None:
            return
        query = select(Job.priority, Job.id, *columns).where(*queued, Job.priority == below)
        rows = session.execute(query.order_by(Job.id).limit(most)).all()
        most -= len(rows)
        yield from rows
