"""Rows that are inserted when their transaction commits, or before somebody asks for them.

Each statement costs a message to the database and more time here than there. What a transaction
inserts of one kind goes in one, however many things it makes.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import event, insert
from sqlalchemy.orm import Session

_KEPT = "kept"


def insert_later(session: Session, table: Any, *rows: Mapping[str, Any]) -> None:
    """Have rows of columns inserted in this transaction, after all that are kept already."""
    kept = session.info.setdefault(_KEPT, {})
    for row in rows:
        kept.setdefault((table, tuple(row)), []).append(row)


def insert_kept(session: Session) -> None:
    """Insert what is kept, in the order in which the tables were first named."""
    for (table, _), rows in session.info.pop(_KEPT, {}).items():
        session.connection().execute(insert(table), rows)


def keep(sessions: Any) -> None:
    """Have these sessions insert what they keep before they ask, change or commit anything."""

    @event.listens_for(sessions, "do_orm_execute")
    def _asking(state: Any) -> None:
        insert_kept(state.session)

    @event.listens_for(sessions, "before_flush")
    def _flushing(session: Session, _context: Any, _instances: Any) -> None:
        insert_kept(session)

    @event.listens_for(sessions, "before_commit")
    def _committing(session: Session) -> None:
        insert_kept(session)

    @event.listens_for(sessions, "after_soft_rollback")
    def _undoing(session: Session, _previous: Any) -> None:
        session.info.pop(_KEPT, None)
