"""The trash: what was deleted, can be brought back for some days, and is then purged."""

from typing import Any, Final

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from lamina import ids
from models.base import now
from models.database import Database
from models.dataset import Dataset
from models.dependence import heirs, starting_from, using
from models.file import File
from models.job import Job
from models.legacy import forget_checkpoints
from models.model import TrainedModel
from models.removal import Removal
from models.sharing import leave

Row = Job | TrainedModel | Dataset | File

TABLES: Final[dict[str, Any]] = {"job": Job, "mdl": TrainedModel, "ds": Dataset, "file": File}
"""What can be in the trash, by the prefix of its ids."""

_PURGED: Final = (TrainedModel, Job, Dataset, File)
"""In the order in which rows refer to each other."""

_DAY = 86_400.0
_BATCH = 100


def put(session: Session, row: Row) -> None:
    """Delete a row for those who look for it; its objects stay."""
    _mark(session, row, now())


def restore(session: Session, row: Row) -> None:
    """Bring a row back."""
    _mark(session, row, None)


def _mark(session: Session, row: Row, moment: Any) -> None:
    table = type(row)
    session.execute(
        update(table)
        .where(table.id == row.id)
        .values(deleted_at=moment, version=table.version + 1)
        .execution_options(synchronize_session=False)
    )
    session.refresh(row)


def find(session: Session, project_id: str, identifier: str) -> Row | None:
    """The project's thing of this id, if it is in the trash."""
    table = TABLES.get(identifier.partition("_")[0])
    if table is None or not ids.is_id(identifier, identifier.partition("_")[0]):
        return None
    owned = select(table).where(table.id == identifier, table.project_id == project_id)
    return session.scalar(owned.where(table.deleted_at.is_not(None)))


def page(
    session: Session, project_id: str, kind: str, size: int, after: str | None = None
) -> list[Row]:
    """Up to `size` things of a kind in the project's trash older than `after`, newest first."""
    table = TABLES[kind]
    query = select(table).where(table.project_id == project_id, table.deleted_at.is_not(None))
    if after is not None:
        query = query.where(table.id < after)
    return list(session.scalars(query.order_by(table.id.desc()).limit(size)))


def purge(session: Session, row: Row) -> bool:
    """Delete a row for good, its objects after the commit; False while something needs it."""
    if isinstance(row, Dataset):
        if using(session, row.id, deleted=True):
            return False
        Removal.note(session, leave(session, row))
        return True
    if isinstance(row, Job):
        if heirs(session, row) or session.scalar(
            select(exists().where(TrainedModel.job_id == row.id))
        ):
            return False
        forget_checkpoints(session, row)
    elif starting_from(session, row.project_id, row.id):
        return False
    Removal.note(session, row.prefix)
    session.delete(row)
    session.flush()
    return True


def purge_expired(database: Database, days: float) -> int:
    """Purge what has been in the trash for so long, each thing in a transaction of its own."""
    found = 0
    for table in _PURGED:
        last = ""
        while True:
            with database.reading() as session:
                due = select(table.id).where(table.deleted_at <= now(-days * _DAY), table.id > last)
                batch = list(session.scalars(due.order_by(table.id).limit(_BATCH)))
            for identifier in batch:
                found += _purge_one(database, table, identifier, days)
            if len(batch) < _BATCH:
                break
            last = batch[-1]
    return found


def _purge_one(database: Database, table: Any, identifier: str, days: float) -> bool:
    with database.session() as session:
        due = (table.id == identifier) & (table.deleted_at <= now(-days * _DAY))
        row = session.scalar(select(table).where(due).with_for_update(skip_locked=True))
        return row is not None and purge(session, row)
