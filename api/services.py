"""What routes work with: settings, database, storage, engine, hub; and dependencies for them."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Concatenate, ParamSpec, Protocol, TypeVar

import anyio
import anyio.to_thread
import structlog
from fastapi import Depends, Request
from sqlalchemy.orm import Session

from api.exporting import Exporting
from api.familiar import Familiar
from api.gate import Limits
from api.group_commit import GroupCommit
from api.hub import Hub
from api.plans import Plans
from api.room import Room
from api.shelf import Shelf
from api.throttle import Throttle
from api.turns import Turns
from api.wakeups import Wakeups
from core import scratch
from core.host import Limits as EngineLimits
from core.settings import Settings
from core.storage import Storage
from models.after_commit import after_commit
from models.database import Database
from models.removal import NOTED
from models.watch import stamps

P = ParamSpec("P")
T = TypeVar("T")

THREADS = 24
"""Requests at work in threads. With `FOLLOWERS` fewer than the database has connections."""

FOLLOWERS = 3
"""Reads for those who follow changes at a time, in threads of their own.

However many follow, what has changed for all of them at once never stands before requests.
"""

TRANSFERS = 4
"""Files that are put together, and files that are fetched, at a time; in threads of their own."""

log = structlog.get_logger(__name__)


class Engine(Protocol):
    """The engine host, as far as the API uses it."""

    def call(
        self, task: str, payload: dict[str, Any], limits: EngineLimits, subject: str | None = None
    ) -> dict[str, Any]:
        """Run a short task in a warm child, one that works on a subject alone if that is given.

        Raises EngineRefusal or EngineFailure.
        """

    def forget(self, subject: str) -> None:
        """End the warm children of a subject."""

    def folder(self) -> AbstractContextManager[Path]:
        """A folder for one task, removed at the end."""

    def run(
        self, task: str, payload: dict[str, Any], folder: Path, limits: EngineLimits
    ) -> tuple[dict[str, Any], int]:
        """Run a task in a child of its own; its answer, its peak of memory. Raises as `call`."""

    def close(self) -> None:
        """End its children."""


class Background(Protocol):
    """Work that goes on beside the requests: the upkeep of the queue."""

    def start(self) -> None:
        """Begin in a thread of its own."""

    def close(self) -> None:
        """End."""


class Services:
    """One object a process, at `app.state.services`."""

    def __init__(self, settings: Settings, database: Database, engine: Engine) -> None:
        self.settings = settings
        self.database = database
        self.engine = engine
        self.storage = Storage(settings.storage, settings.storage_options)
        self.shelf = Shelf(settings.scratch / "models", self.storage)
        self.wakeups = Wakeups()
        self.creations = GroupCommit(database)
        self.hub = Hub(self._look, settings.watch_seconds)
        self.limits = Limits.of(settings)
        self.throttle = Throttle(settings)
        self.calls = anyio.CapacityLimiter(max(2, settings.cpu_share))
        self.plans = Plans()
        self.familiar = Familiar()
        self.room = Room()
        self.turns = Turns(settings.warm_models)
        self.transfers = anyio.CapacityLimiter(TRANSFERS)
        self.fetches = anyio.CapacityLimiter(TRANSFERS)
        self.followers = anyio.CapacityLimiter(FOLLOWERS)
        self.exporting = Exporting(self)
        self._upkeep: Background | None = None
        self._starting: threading.Thread | None = None

    @property
    def uploads(self) -> Path:
        """Folder for bodies that are still arriving."""
        return scratch.folder_of(self.settings, "api") / "uploads"

    def start(self) -> None:
        """Begin the work that goes on beside the requests, within the event loop."""
        anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
        self.uploads.mkdir(parents=True, exist_ok=True)
        self.hub.start()
        self._starting = threading.Thread(target=self._start_upkeep, name="starting", daemon=True)
        self._starting.start()

    async def close(self) -> None:
        """End all of it."""
        await self.hub.close()
        await self.exporting.close()
        await self.throttle.close()
        await anyio.to_thread.run_sync(self._close)

    def _start_upkeep(self) -> None:
        # Celery takes most of a second to import: not before the first answer.
        from models.upkeep import Upkeep

        self._upkeep = Upkeep(self.database, self.settings)
        self._upkeep.start()

    def _close(self) -> None:
        if self._starting is not None:
            self._starting.join()
        if self._upkeep is not None:
            self._upkeep.close()
        self.wakeups.close()
        self.engine.close()
        self.database.close()
        scratch.release(self.settings, "api")

    def _look(self, identifiers: list[str]) -> Mapping[str, Any]:
        with self.database.reading() as session:
            return stamps(session, identifiers)

    async def reading(
        self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `work(session, …)` in a thread and a transaction of its own that only reads."""
        return await anyio.to_thread.run_sync(partial(self._read, work, *args, **kwargs))

    async def following(
        self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """As `reading`, for who was told of a change: in one of few threads, after the others."""
        read = partial(self._read, work, *args, **kwargs)
        return await anyio.to_thread.run_sync(read, limiter=self.followers)

    def _read(
        self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        with self.database.reading() as session:
            return work(session, *args, **kwargs)

    async def writing(
        self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `work(session, …)` in a thread and a transaction of its own, and commit."""

        def run() -> T:
            with self.database.session() as session:
                return work(session, *args, **kwargs)

        return await anyio.to_thread.run_sync(run)

    def remove_after_commit(self, session: Session) -> None:
        """Delete what this transaction has noted to be removed at once, not at the next sweep."""
        for prefix in session.info.pop(NOTED, []):
            self.delete_after_commit(session, prefix)

    def delete_after_commit(self, session: Session, prefix: str | None) -> None:
        """Delete stored objects once this transaction, which deleted their row, is committed."""
        if prefix is None:  # others need them
            return

        def delete() -> None:
            try:
                self.storage.delete(prefix)
            except Exception as error:
                # The row is gone and the client is answered; what is left over takes only room.
                log.error("objects not deleted", prefix=prefix, error=str(error)[:300])

        after_commit(session, delete)

    def forget_after_commit(self, session: Session, model_id: str) -> None:
        """Let go of a model that this transaction deletes: its warm child and its files here."""

        def forget() -> None:
            self.engine.forget(model_id)
            self.shelf.drop(model_id)

        after_commit(session, forget)


async def get_services(request: Request) -> Services:
    """The services of this application."""
    services: Services = request.app.state.services
    return services


ServicesDep = Annotated[Services, Depends(get_services)]


def get_session(services: ServicesDep) -> Iterator[Session]:
    """A transaction that commits before the answer is sent."""
    with services.database.session() as session:
        yield session


def get_reading(services: ServicesDep) -> Iterator[Session]:
    """A transaction that only reads."""
    with services.database.reading() as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session, scope="function")]
ReadingDep = Annotated[Session, Depends(get_reading, scope="function")]
