"""What a worker process holds: its connections, its engine hosts, its place among the workers."""

import os
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import structlog
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from core import scratch
from core.host import EngineHost
from core.settings import Settings
from core.storage import Storage
from models.database import Database
from models.slot import Slot
from models.worker import Worker
from worker.cache import Cache
from worker.devices import Share, describe_slots, find_gpus, host_name
from worker.gpu_watch import GpuWatch
from worker.heartbeat import Heartbeat

log = structlog.get_logger(__name__)

_PATIENCE_SECONDS: Final = 60.0
_PAUSE_SECONDS: Final = 0.5


@dataclass(frozen=True)
class Context:
    """Everything a task needs. Made once, before Celery starts."""

    settings: Settings
    database: Database
    storage: Storage
    worker_id: str
    host: str
    share: Share
    slot_count: int
    has_gpus: bool
    hosts: dict[str, EngineHost]
    heartbeat: Heartbeat
    gpus: GpuWatch
    cache: Cache
    leaving: threading.Event = field(default_factory=threading.Event)

    @classmethod
    def open(cls, settings: Settings) -> "Context":
        """Connect, declare the slots of this host, register, and start the engine hosts."""
        folder = scratch.claim(settings, "worker")
        hosts = _engine_hosts(settings, folder)
        for engine_host in set(hosts.values()):
            engine_host.start()
        database = Database(settings.database)
        gpus = find_gpus()
        slots = describe_slots(settings, gpus)
        worker = enroll(database, slots, settings.lease_seconds)
        return cls(
            settings=settings,
            database=database,
            storage=Storage(settings.storage, settings.storage_options),
            worker_id=worker.id,
            host=host_name(),
            share=Share.of_slots(settings, len(slots)),
            slot_count=len(slots),
            has_gpus=bool(gpus),
            hosts=hosts,
            heartbeat=Heartbeat(database, settings, worker.id),
            gpus=GpuWatch(database, host_name(), [gpu.uuid for gpu in gpus]),
            cache=Cache(settings.cache, settings.cache_bytes),
        )

    def close(self) -> None:
        """End all children, leave the list of workers, disconnect."""
        for engine_host in set(self.hosts.values()):
            engine_host.close()
        try:
            with self.database.session() as session:
                Worker.leave(session, self.worker_id)
        except SQLAlchemyError as error:  # it is taken for lost a little later
            log.warning("the database does not answer", error=str(error.__cause__ or error))
        self.database.close()
        scratch.release(self.settings, "worker")


def enroll(database: Database, slots: list[dict[str, Any]], lease: float) -> Worker:
    """Declare the slots of this host and register this process, once the database answers.

    A database that is just starting, too, must not end a worker. Raises OperationalError when it
    takes longer than a minute.
    """
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            with database.session() as session:
                Slot.declare(session, host_name(), slots)
                return Worker.register(session, host_name(), os.getpid(), lease)
        except OperationalError as error:
            if time.monotonic() > deadline:
                raise
            log.warning("the database does not answer", error=str(error.__cause__ or error))
            time.sleep(_PAUSE_SECONDS)


def _engine_hosts(settings: Settings, folder: Path) -> dict[str, EngineHost]:
    """An engine host for each kind of slot; by default GPU slots start theirs by exec."""
    fork = EngineHost(folder / "fork", "fork")
    fresh = EngineHost(folder / "exec", "exec")
    if settings.engine_start == "auto":
        return {"cpu": fork, "gpu": fresh}
    only = fork if settings.engine_start == "fork" else fresh
    return {"cpu": only, "gpu": only}
