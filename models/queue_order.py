"""The order in which queued jobs are to start, as far as it can be told beforehand."""

from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from models import usage
from models.job import Job


def in_order(*columns: Any) -> Select[Any]:
    """These columns, `Job.id` among them, of all queued jobs, each with its `number` from 1 on.

    The order of `models.candidates` if nothing ends meanwhile: priority, then the project with the
    fewest jobs at work, age. When the n-th job of a project is taken, n - 1 more of it are at work.
    """
    running = (
        select(Job.project_id, func.count().label("jobs"))
        .where(Job.state.in_(usage.HOLDING))
        .group_by(Job.project_id)
        .subquery()
    )
    own = func.row_number().over(
        partition_by=Job.project_id, order_by=(Job.priority.desc(), Job.id)
    )
    turns = (
        select(Job.priority, *columns, (func.coalesce(running.c.jobs, 0) + own).label("turn"))
        .outerjoin(running, running.c.project_id == Job.project_id)
        .where(Job.state == "queued")
        .subquery()
    )
    order = (turns.c.priority.desc(), turns.c.turn, turns.c.id)
    number = func.row_number().over(order_by=order).label("number")
    return select(*(turns.c[column.key] for column in columns), number)


def positions(session: Session, job_ids: list[str]) -> dict[str, int]:
    """How many queued jobs go before each of these, where it waits."""
    if not job_ids:
        return {}
    ranked = in_order(Job.id).subquery()
    query = select(ranked.c.id, ranked.c.number).where(ranked.c.id.in_(job_ids))
    return {job_id: number - 1 for job_id, number in session.execute(query)}
