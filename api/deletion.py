"""Deleting: into the trash, or for good."""

from typing import Annotated, TypeVar, cast

from fastapi import Query
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.auth import Caller
from api.lookup import Findable, find
from api.refusal import Refusal
from api.services import Services
from models import trash
from models.job import Job
from models.model import TrainedModel

T = TypeVar("T")

Permanently = Annotated[
    bool, Query(description="delete it for good, now; it may be in the trash already")
]


def find_to_delete(
    session: Session, table: Findable[T], caller: Caller, identifier: str, permanently: bool
) -> T:
    """The caller's row of this id; to delete it for good, out of the trash too. Raises Refusal."""
    if permanently:
        found = trash.find(session, caller.project_id, identifier)
        if found is not None and type(found).__name__ == table.__name__:
            return cast("T", found)
    return find(session, table, caller, identifier)


def discard(services: Services, session: Session, row: trash.Row, permanently: bool) -> None:
    """Put a row into the trash, or delete it for good, where there is no trash or it is asked for.

    Raises Refusal (409) where it is to go for good and something in the trash needs it.
    """
    if services.settings.trash_days and not permanently:
        trash.put(session, row)
        return
    if isinstance(row, Job):
        made = session.scalar(select(TrainedModel).where(TrainedModel.job_id == row.id))
        if made is not None:
            trash.purge(session, made)
    if not trash.purge(session, row):
        detail = "Something in the trash refers to it; restore that, or delete it for good before."
        raise Refusal("in-use", detail)
    services.remove_after_commit(session)
