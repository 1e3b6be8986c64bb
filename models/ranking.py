"""Lists of jobs: newest first, or in an order that a client asked for."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.job import Job
from models.query import Order


def page(
    session: Session,
    project_id: str,
    size: int,
    after: str | None = None,
    conditions: Sequence[Any] = (),
) -> list[Job]:
    """Up to `size` jobs of the project older than `after` that meet these, newest first."""
    mine = (Job.project_id == project_id) & Job.deleted_at.is_(None)
    query = select(Job).where(mine, *conditions)
    if after is not None:
        query = query.where(Job.id < after)
    return list(session.scalars(query.order_by(Job.id.desc()).limit(size)))


def ranked(
    session: Session,
    project_id: str,
    size: int,
    order: Order,
    after: tuple[Any, str] | None = None,
    conditions: Sequence[Any] = (),
) -> list[tuple[Job, Any]]:
    """Up to `size` jobs in this order beyond the one with that value and id; with values."""
    mine = (Job.project_id == project_id) & Job.deleted_at.is_(None)
    query = select(Job).where(mine, *conditions)
    found: list[Any] = []
    if after is None or after[0] is not None:
        found += session.execute(order.valued(query, after).limit(size))
        after = None
    if len(found) < size:
        rest = order.unvalued(query, after[1] if after else None)
        found += session.execute(rest.limit(size - len(found)))
    return [(job, value) for job, value in found]
