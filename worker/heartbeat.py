"""The thread that keeps alive what this worker holds: its own row, and the leases of its work."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from core.settings import Settings
from models.attempt import Superseded
from models.database import Database
from models.worker import Worker

log = structlog.get_logger(__name__)


@dataclass(eq=False)
class Hold:
    """A lease under renewal; `lost` once somebody else was given what it was on."""

    renew: Callable[[Session], object]
    lost: bool = False

    def demand(self) -> None:
        """Raise Superseded when the lease is lost."""
        if self.lost:
            raise Superseded


class Heartbeat:
    """Renews until closed, whatever the threads that do the work are waiting for."""

    def __init__(self, database: Database, settings: Settings, worker_id: str) -> None:
        self._database = database
        self._seconds = settings.heartbeat_seconds
        self._own = Hold(lambda session: Worker.beat(session, worker_id, settings.lease_seconds))
        self._holds: set[Hold] = {self._own}
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def start(self) -> None:
        """Begin in a thread of its own."""
        self._thread.start()

    def close(self) -> None:
        """End the thread and wait for it."""
        self._closed.set()
        self._thread.join(timeout=10)

    @contextmanager
    def hold(self, renew: Callable[[Session], object]) -> Iterator[Hold]:
        """Renew a lease during the block; `renew` raises Superseded when it is lost."""
        hold = Hold(renew)
        with self._lock:
            self._holds.add(hold)
        try:
            yield hold
        finally:
            with self._lock:
                self._holds.discard(hold)

    def _run(self) -> None:
        while not self._closed.wait(self._seconds):
            with self._lock:
                holds = [hold for hold in self._holds if not hold.lost]
            for hold in holds:
                self._renew(hold)

    def _renew(self, hold: Hold) -> None:
        try:
            with self._database.session() as session:
                hold.renew(session)
        except Superseded:
            hold.lost = True
        except SQLAlchemyError as error:
            # The fence makes it safe to go on: the next beat tries again.
            log.warning("no heartbeat", error=str(error.__cause__ or error))
