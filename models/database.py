"""Connections to PostgreSQL or SQLite, and the transaction as the unit of work."""

import select
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import Session, sessionmaker

from models import after_commit, audit, insertion

_POSTGRESQL_OPTIONS = (
    "-c statement_timeout=15000 -c lock_timeout=10000 "
    "-c idle_in_transaction_session_timeout=60000 -c timezone=UTC"
)
_FRESH_SECONDS = 1.0
"""How long an idle connection is trusted while nothing has come on it: an end comes as a byte."""


class Database:
    """An engine with two kinds of sessions, each one transaction.

    SQLite lets one writer in at a time and cannot turn a reading transaction into a writing one,
    so the kind is declared: `session()` may write, `reading()` may not.
    """

    def __init__(self, url: str) -> None:
        self.engine = _postgresql(url) if url.startswith("postgresql") else _sqlite(url)
        writer = self.engine.execution_options(begin="BEGIN IMMEDIATE")
        reader = self.engine.execution_options(**_reader(self.engine))
        self._writing = sessionmaker(writer, expire_on_commit=False)
        audit.keep(self._writing)
        insertion.keep(self._writing)
        after_commit.keep(self._writing)
        self._reading = sessionmaker(reader, expire_on_commit=False)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A transaction that commits at the end of the block and rolls back on an exception."""
        with self._writing.begin() as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that writes nothing; what it asks with one statement is of one state."""
        with self._reading() as session:
            yield session

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def _reader(engine: Engine) -> dict[str, Any]:
    if engine.dialect.name == "sqlite":
        return {"begin": "BEGIN"}
    # There each statement sees its own state anyhow: a transaction would be two more messages.
    return {"isolation_level": "AUTOCOMMIT"}


def _postgresql(url: str) -> Engine:
    # A bare postgresql:// means the driver that is installed.
    parsed = make_url(url).set(drivername="postgresql+psycopg")
    engine = create_engine(
        parsed,
        pool_size=10,
        max_overflow=20,
        pool_timeout=10,
        skip_autocommit_rollback=True,
        connect_args={"options": _POSTGRESQL_OPTIONS, "connect_timeout": 5},
    )
    _keep_sound(engine)
    return engine


def _keep_sound(engine: Engine) -> None:
    """Have connections that the server has closed replaced before they are used."""

    @event.listens_for(engine, "checkin")
    def _idle(_connection: Any, record: Any) -> None:
        record.info["idle_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _check(connection: Any, record: Any, _proxy: Any) -> None:
        since = record.info.get("idle_since")
        if since is None or _is_fresh(connection, since):
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError(str(error)) from error


def _is_fresh(connection: Any, since: float) -> bool:
    if connection.closed or time.monotonic() - since > _FRESH_SECONDS:
        return False
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return not poll.poll(0)


def _sqlite(url: str) -> Engine:
    engine = create_engine(
        url, pool_size=10, max_overflow=20, connect_args={"timeout": 15, "check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))

    return engine
