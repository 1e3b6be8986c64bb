"""Upkeep in every process: reaps the lost, sends wake-ups again, sweeps, tells webhooks."""

import threading
import time

import redis
import structlog
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from core import queue
from core.settings import Settings
from models.audit import AuditEntry
from models.base import now
from models.courier import Courier
from models.database import Database
from models.dataset import Dataset
from models.idempotency import IdempotencyRecord
from models.job import Job
from models.notice import Notice
from models.reaper import end_waits, reap
from models.slot import Slot
from models.sweep import Sweeper
from models.worker import Worker

log = structlog.get_logger(__name__)

_FORGET_SECONDS = 3600.0


class Upkeep:
    """Runs reaper, relay, sweep and courier until closed. Any number of them may run at a time."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings
        self._sweeper = Sweeper(database, settings)
        self._courier = Courier(database, settings)
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="upkeep", daemon=True)
        # Leases that ran out while nobody could renew them (database down, all of us starting)
        # prove nothing: the reaper first waits one whole lease.
        self._reap_at = time.monotonic() + settings.lease_seconds
        self._forget_at = time.monotonic()
        self._contact_at = time.monotonic()

    def start(self) -> None:
        """Begin in a thread of its own."""
        self._thread.start()
        self._sweeper.start()
        self._courier.start()

    def close(self) -> None:
        """End the thread and wait for it."""
        self._closed.set()
        self._sweeper.close()
        self._courier.close()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        while not self._closed.wait(self._settings.relay_seconds):
            try:
                self._tick()
            except SQLAlchemyError as error:
                log.warning("the database does not answer", error=str(error.__cause__ or error))
                self._reap_at = time.monotonic() + self._settings.lease_seconds
            except (redis.RedisError, OSError) as error:
                log.warning("Redis does not answer", error=str(error))

    def _tick(self) -> None:
        moment = self._reach()
        if moment >= self._reap_at:
            self._reap_at = moment + self._settings.reap_seconds
            with self._database.session() as session:
                if count := reap(session):
                    log.warning("lost attempts ended", count=count)
                if count := end_waits(session):
                    log.info("jobs failed that waited too long", count=count)
        if moment >= self._forget_at:
            self._forget_at = moment + _FORGET_SECONDS
            with self._database.session() as session:
                IdempotencyRecord.forget(session, self._settings.idempotency_hours)
                Notice.forget(session, self._settings.webhook_days)
                AuditEntry.forget(session, self._settings.audit_days)
        self._relay()

    def _reach(self) -> float:
        """Wait until the database answers; when it did. After a long silence nothing is reaped.

        A network that stands still raises nothing, and nobody could renew a lease meanwhile.
        """
        with self._database.reading() as session:
            session.execute(select(1))
        moment, before = time.monotonic(), self._contact_at
        self._contact_at = moment
        if moment - before > self._settings.lease_seconds:
            self._reap_at = moment + self._settings.lease_seconds
        return moment

    def _relay(self) -> None:
        """Send what wake-ups are missing: fewer outstanding than there are free slots."""
        with self._database.reading() as session:
            free = _free_slots(session)
            due = {
                queue.CPU: free.get("cpu", 0) if Job.waits_for(session, "cpu") else 0,
                queue.GPU: free.get("gpu", 0) if Job.waits_for(session, "gpu") else 0,
                queue.DATA: int(Dataset.has_unread(session)),
            }
        for name, wanted in due.items():
            if wanted and queue.outstanding(name) < wanted:
                queue.wake(name)


def _free_slots(session: Session) -> dict[str, int]:
    """Free slots by kind on all hosts with a live worker."""
    alive = select(Worker.host).where(Worker.alive_until > now(), Worker.stopped_at.is_(None))
    query = (
        select(Slot.kind, func.count())
        .where(Slot.is_free(), Slot.host.in_(alive))
        .group_by(Slot.kind)
    )
    return dict(session.execute(query).all())
