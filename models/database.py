"""Connections to PostgreSQL or SQLite, and the transaction as the unit of work."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.orm import Session, sessionmaker

from models import audit

_POSTGRESQL_OPTIONS = (
    "-c statement_timeout=15000 -c lock_timeout=10000 "
    "-c idle_in_transaction_session_timeout=60000 -c timezone=UTC"
)


class Database:
    """An engine with two kinds of sessions, each one transaction.

    SQLite lets one writer in at a time and cannot turn a reading transaction into a writing one,
    so the kind is declared: `session()` may write, `reading()` may not.
    """

    def __init__(self, url: str) -> None:
        self.engine = _postgresql(url) if url.startswith("postgresql") else _sqlite(url)
        writer = self.engine.execution_options(begin="BEGIN IMMEDIATE")
        reader = self.engine.execution_options(begin="BEGIN")
        self._writing = sessionmaker(writer, expire_on_commit=False)
        audit.keep(self._writing)
        self._reading = sessionmaker(reader, expire_on_commit=False)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A transaction that commits at the end of the block and rolls back on an exception."""
        with self._writing.begin() as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that sees one state of the database and writes nothing."""
        with self._reading() as session:
            yield session

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def _postgresql(url: str) -> Engine:
    # A bare postgresql:// means the driver that is installed.
    parsed = make_url(url).set(drivername="postgresql+psycopg")
    return create_engine(
        parsed,
        pool_pre_ping=True,
        pool_size=10,
        max_overflow=20,
        pool_timeout=10,
        connect_args={"options": _POSTGRESQL_OPTIONS, "connect_timeout": 5},
    )


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
