"""Datasets that share their bytes: how one joins a content, and how it leaves it."""

from pathlib import PurePosixPath

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from models.content import Content
from models.dataset import Dataset, tell
from models.naming import DatasetName

_OWN = frozenset(
    {"id", "project_id", "name", "name_version", "filename", "content_type", "bytes", "digest"}
    | {"content_id", "suffix", "duplicate_of", "tags", "labels", "version", "attempt"}
    | {"lease_until", "created_at", "updated_at", "deleted_at", "pinned"}
)
_FOUND = tuple(sorted(set(Dataset.__mapper__.column_attrs.keys()) - _OWN))
"""What reading finds: every column but those above, which are a dataset's own."""


def enter(session: Session, row: Dataset, content: Content) -> None:
    """Add a new row as one of a content that the session holds.

    What a twin has been found to hold is taken over, so that nothing is read twice.
    """
    row.content_id, row.suffix = content.id, _suffix(row.filename)
    others = select(Dataset).where(Dataset.content_id == content.id).order_by(Dataset.id)
    known = list(session.scalars(others))
    there = [other.id for other in known if other.deleted_at is None]
    row.duplicate_of = there[0] if there else None
    twins = (other for other in known if other.suffix == row.suffix and other.state == "ready")
    if (twin := next(twins, None)) is not None:
        for name in _FOUND:
            setattr(row, name, getattr(twin, name))
    if row.name is not None:
        row.name_version = DatasetName.next_version(session, row.project_id, row.name)
    session.add(row)
    session.flush()
    session.refresh(row)
    if row.state == "ready":
        tell(session, row.id)


def leave(session: Session, row: Dataset) -> str | None:
    """Delete a row; the prefix of the objects that nobody needs now, or None.

    They are to be deleted once the transaction is committed.
    """
    prefix, content = row.prefix, None
    if row.content_id is not None:
        held = select(Content).where(Content.id == row.content_id).with_for_update()
        content = session.scalar(held)
    session.delete(row)
    session.flush()
    if content is not None:
        if session.scalar(select(exists().where(Dataset.content_id == content.id))):
            return None
        session.delete(content)
    return prefix


def _suffix(filename: str | None) -> str:
    """How a file's name ends, which is what reading takes from it: `.csv`, `.csv.gz`."""
    suffixes = [part.lower() for part in PurePosixPath(filename or "").suffixes]
    return "".join(suffixes[-2:] if suffixes[-1:] == [".gz"] else suffixes[-1:])[:40]
