"""A service of several processes on servers of its own, everything of which can be broken."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.database import Database
from tests.fixtures.databases import migrate
from tests.fixtures.postgresql import PostgresServer
from tests.fixtures.proxy import Proxy
from tests.fixtures.redis import RedisServer
from tests.fixtures.service import Service

LEASE_SECONDS = 4.0
WORKERS = ("worker-1", "worker-2")
_SETTINGS = {
    "LAMINA_LEASE_SECONDS": str(LEASE_SECONDS),
    "LAMINA_CPU_SLOTS": "2",
    # Chaos takes more attempts from a job than a host that is merely ill.
    "LAMINA_MAX_FAILURES": "1000",
}


class World:
    """Clients see `service`; `mutant` names a defence that its workers and API do without.

    `workers` are the names of its workers, `prefix` is a module that starts its parts in another
    way, with its arguments, `settings` what differs from those of every world.
    """

    def __init__(
        self,
        folder: Path,
        database: str,
        mutant: str | None = None,
        workers: tuple[str, ...] = WORKERS,
        prefix: tuple[str, ...] = (),
        **settings: str,
    ) -> None:
        self.redis = RedisServer(_made(folder / "redis"))
        self.postgres = PostgresServer(_made(folder / "run")) if database == "postgresql" else None
        self._folder = folder
        self._prefix = ("tests.chaos.mutants", mutant) if mutant else prefix
        self._workers, self._settings = workers, _SETTINGS | settings
        self.service: Service
        self.to_redis: dict[str, Proxy] = {}
        self.to_postgres: dict[str, Proxy] = {}

    def start(self) -> None:
        """Start servers, API and workers."""
        self.redis.start()
        url = f"sqlite:///{self._folder / 'lamina.db'}"
        if self.postgres:
            self.postgres.start()
            url = self.postgres.url
        migrate(url)
        self.service = Service(_made(self._folder / "home"), url, self.redis.url, **self._settings)
        self.service.prefix = self._prefix
        for name in ("api", *self._workers):
            self._connect(name)
            self.service.start(name)
        self.service.await_api()

    def _connect(self, name: str) -> None:
        """Give a part networks of its own to the servers, so that each can be broken alone."""
        self.to_redis[name] = proxy = Proxy(self.redis.socket, "redis.sock")
        apart = {"LAMINA_REDIS_URL": f"unix://{proxy.path}"}
        if self.postgres:
            proxy = Proxy(self.postgres.socket, self.postgres.socket.name)
            self.to_postgres[name] = proxy
            apart["LAMINA_DATABASE_URL"] = self.postgres.url_over(proxy.folder)
        self.service.apart[name] = apart
        for proxy in (self.to_redis[name], *filter(None, [self.to_postgres.get(name)])):
            proxy.heal()

    def close(self) -> None:
        """End all that runs."""
        for proxy in (*self.to_redis.values(), *self.to_postgres.values()):
            proxy.heal()
        self.service.close()
        for proxy in (*self.to_redis.values(), *self.to_postgres.values()):
            proxy.close()
        self.redis.kill()
        if self.postgres:
            self.postgres.close()

    def freeze(self, name: str) -> None:
        """Stop a process in its tracks; it does not notice."""
        os.kill(self.service.processes[name].pid, signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        """Let it go on as if no time had passed."""
        os.kill(self.service.processes[name].pid, signal.SIGCONT)

    @contextmanager
    def database(self) -> Iterator[Database]:
        """The service's database, past the service."""
        opened = Database(self.service.database_url)
        try:
            yield opened
        finally:
            opened.close()


@contextmanager
def running_world(
    folder: Path,
    database: str,
    mutant: str | None = None,
    workers: tuple[str, ...] = WORKERS,
    prefix: tuple[str, ...] = (),
    **settings: str,
) -> Iterator[World]:
    """A world from its start to its end."""
    world = World(folder, database, mutant, workers, prefix, **settings)
    try:
        world.start()
        yield world
    finally:
        world.close()


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder
