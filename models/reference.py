"""References to datasets: an id, a name, `name@2` or `name@latest`."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lamina import ids
from models.dataset import Dataset

_DIGITS = 9


def find_dataset(
    session: Session, project_id: str, reference: str, *options: Any
) -> Dataset | None:
    """The project's dataset that a reference means, loaded with these options of SQLAlchemy.

    A name alone means its newest version; where it is a name as a whole, it is read as one.
    """
    if ids.is_id(reference, "ds"):
        return Dataset.find(session, project_id, reference, *options)
    found = _newest(session, project_id, reference, *options)
    name, at, version = reference.rpartition("@")
    if found is not None or not at:
        return found
    if version == "latest":
        return _newest(session, project_id, name, *options)
    if version.isascii() and version.isdigit() and len(version) <= _DIGITS:
        return _newest(session, project_id, name, *options, version=int(version))
    return None


def _newest(
    session: Session, project_id: str, name: str, *options: Any, version: int | None = None
) -> Dataset | None:
    query = select(Dataset).options(*options)
    query = query.where(
        Dataset.project_id == project_id, Dataset.name == name, Dataset.deleted_at.is_(None)
    )
    if version is not None:
        query = query.where(Dataset.name_version == version)
    return session.scalar(query.order_by(Dataset.name_version.desc().nulls_last()).limit(1))
