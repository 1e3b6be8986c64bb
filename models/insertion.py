"""Rows that are inserted when their transaction commits, or before somebody asks for them.

Each statement costs a message to the database and more time here than there, and so does each row
of it. So however many things a transaction makes, SQLite gets one statement a table, and
PostgreSQL one for all tables, with the rows as one JSON document.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import CTE, Text, bindparam, cast, column, event, func, insert, select, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

_Kind = tuple[Any, tuple[str, ...]]
_Kept = dict[_Kind, list[Mapping[str, Any]]]

_KEPT = "kept"
_ROWS = "rows"


def insert_later(session: Session, table: Any, *rows: Mapping[str, Any]) -> None:
    """Have rows inserted in this transaction, after all that are kept already.

    They name every column for which the database itself has no default.
    """
    kept: _Kept = session.info.setdefault(_KEPT, {})
    for row in rows:
        kept.setdefault((table, tuple(row)), []).append(row)


def insert_kept(session: Session) -> None:
    """Insert what is kept, in the order in which the tables were first named."""
    kept: _Kept = session.info.pop(_KEPT, {})
    if not kept:
        return
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        document = json.dumps(list(kept.values()), default=_written, separators=(",", ":"))
        connection.execute(_of_document(tuple(kept)), {_ROWS: document})
        return
    for (table, _), rows in kept.items():
        connection.execute(_of_rows(table), rows)


@cache
def _of_rows(table: Any) -> Any:
    """Made once, as the other: that costs as much as to run it."""
    return insert(table)


@cache
def _of_document(kinds: tuple[_Kind, ...]) -> Any:
    """One statement for rows of all these kinds, which refer to each other as they like."""
    document = select(cast(bindparam(_ROWS, type_=Text), JSONB).label("rows")).cte("document")
    *others, last = (_from(document, place, *kind) for place, kind in enumerate(kinds))
    for place, other in enumerate(others):
        last = last.add_cte(other.cte(f"inserted_{place}"))
    return last


def _from(document: CTE, place: int, table: Any, names: tuple[str, ...]) -> Any:
    columns = [column(name, table.c[name].type) for name in names]
    found = func.jsonb_to_recordset(document.c.rows[place]).table_valued(*columns)
    rows = found.render_derived(with_types=True).lateral()
    chosen = select(rows).select_from(document.join(rows, true()))
    return insert(table).from_select(names, chosen, include_defaults=False)


def _written(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a JSON document")


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
