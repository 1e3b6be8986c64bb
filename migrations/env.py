"""Alembic's environment: our tables, and the database that the caller or the settings name."""

from typing import Any

from alembic import context
from sqlalchemy import Connection

import models  # noqa: F401 - fills the metadata
from core.settings import get_settings
from models.base import Base, Json, Moment, now
from models.database import Database


def render(kind: str, element: object, autogen_context: object) -> str | bool:
    """Write our own types into revisions by name, so that both databases share one revision."""
    imports: set[str] = autogen_context.imports  # type: ignore[attr-defined]
    if isinstance(element, Moment):
        imports.add("from models.base import Moment")
        return "Moment()"
    if element is Json or (kind == "type" and repr(element) == repr(Json)):
        imports.add("from models.base import Json")
        return "Json"
    if kind == "server_default" and isinstance(getattr(element, "arg", None), now):
        imports.add("from models.base import now")
        return "now()"
    return False


def run(connection: Connection) -> None:
    """Apply the revisions over this connection.

    SQLite changes a table by making it anew: its references must not be enforced meanwhile, which
    can only be said before the transaction begins, and are looked over at the end.
    """
    lite = connection.dialect.name == "sqlite"
    if lite:
        _enforce(connection, "OFF")
    try:
        _migrate(connection)
        if lite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
            raise RuntimeError(f"references lead nowhere: {broken[:5]}")
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    finally:
        if lite:
            _enforce(connection, "ON")


def _enforce(connection: Connection, how: str) -> None:
    raw: Any = connection.connection.dbapi_connection
    raw.execute(f"PRAGMA foreign_keys = {how}")


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_item=render,
        render_as_batch=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    database = Database(get_settings().database)
    with database.engine.execution_options(begin="BEGIN IMMEDIATE").connect() as connection:
        run(connection)
        connection.commit()
    database.close()
