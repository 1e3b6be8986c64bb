"""A service on PostgreSQL, as processes of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text

from tests.fixtures.databases import migrate
from tests.fixtures.postgresql import PostgresServer
from tests.fixtures.redis import RedisServer
from tests.fixtures.service import Service


@contextmanager
def running_server(home: Path) -> Iterator[PostgresServer]:
    """A database server from its start to its end."""
    server = PostgresServer(home)
    server.start()
    try:
        yield server
    finally:
        server.close()


@contextmanager
def running_on(server: PostgresServer, home: Path, **settings: str) -> Iterator[Service]:
    """A service with one API and one worker on a fresh database of that server."""
    (home / "redis").mkdir(parents=True)
    redis = RedisServer(home / "redis")
    redis.start()
    url = _database(server, home.name)
    service = Service(home, url, redis.url, LAMINA_LEASE_SECONDS="60", **settings)
    try:
        for part in ("api", "worker"):
            service.start(part)
        service.await_api()
        yield service
    finally:
        service.close()
        redis.kill()


def sqlalchemy_url(url: str) -> str:
    """A URL of PostgreSQL with the driver that is installed."""
    return url.replace("postgresql://", "postgresql+psycopg://")


def _database(server: PostgresServer, name: str) -> str:
    engine = create_engine(sqlalchemy_url(server.url), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    made = server.url.replace("/postgres?", f"/{name}?")
    migrate(made)
    return made
