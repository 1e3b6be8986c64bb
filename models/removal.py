"""Removals: objects that no row names any more and that are still to be deleted.

A row and the objects it names cannot go in one step. The transaction that deletes the row notes
the prefix here; the objects are deleted after it, and the note last. Whoever is killed in between
leaves a note, which the next sweep carries out: deleting twice harms nothing, since no prefix is
ever used again.
"""

from datetime import datetime

from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.storage import Storage
from models.base import Base, Moment, insert_new, now
from models.database import Database

_BATCH = 100
NOTED = "noted"
"""Where a session holds what was noted in it: whoever wants may delete it at once."""


class Removal(Base):
    """A prefix whose objects are to be deleted."""

    __tablename__ = "removals"

    prefix: Mapped[str] = mapped_column(String(255), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, server_default=now())

    @classmethod
    def note(cls, session: Session, prefix: str | None) -> None:
        """Have the objects below this prefix deleted after the commit; None: there are none."""
        if prefix is not None:
            insert_new(session, cls, {"prefix": prefix})
            session.info.setdefault(NOTED, []).append(prefix)


def remove_noted(database: Database, storage: Storage) -> int:
    """Delete all objects that are noted; returns of how many prefixes."""
    found = 0
    while True:
        with database.reading() as session:
            query = select(Removal.prefix).order_by(Removal.at).limit(_BATCH)
            prefixes = list(session.scalars(query))
        for prefix in prefixes:
            storage.delete(prefix)
        with database.session() as session:
            session.execute(delete(Removal).where(Removal.prefix.in_(prefixes)))
        found += len(prefixes)
        if len(prefixes) < _BATCH:
            return found
