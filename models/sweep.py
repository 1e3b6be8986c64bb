"""The sweep: what is too old, what was deleted some days ago, what no row names any more."""

import contextlib
import random
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, load_only

from core.settings import Settings
from core.storage import Storage
from lamina import ids
from models.base import now
from models.content import Content
from models.database import Database
from models.dataset import Dataset
from models.file import File
from models.job import Job
from models.leader import Leader
from models.removal import remove_noted
from models.retention import retain
from models.trash import purge_expired
from models.upload import Upload

log = structlog.get_logger(__name__)

_TABLES: Final[dict[str, Any]] = {
    "contents": Content,
    "datasets": Dataset,
    "files": File,
    "jobs": Job,
    "uploads": Upload,
}
"""The folders of a project's objects, and the table whose rows they belong to."""

_PREFIXES: Final = {
    "contents": "cnt",
    "datasets": "ds",
    "files": "file",
    "jobs": "job",
    "uploads": "upl",
}
_BATCH = 100
_LOOKS = 6
"""So many times the pause between sweeps a job that has succeeded is looked at again."""

_DUTY = "sweep"


class Sweeper:
    """Sweeps now and then in a thread of its own; of all processes one does, while it lives.

    Each step may be cut off anywhere and repeated, so two at a time would do no harm either.
    """

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database, self._settings = database, settings
        self._closed = threading.Event()
        self._name = uuid4().hex
        self._thread = threading.Thread(target=self._run, name="sweep", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """End the thread and wait for it."""
        self._closed.set()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        # Spread at random, so that processes that start together do not all look at once.
        while not self._closed.wait(self._settings.sweep_seconds * random.uniform(0.5, 1)):  # noqa: S311
            try:
                self._sweep()
            except SQLAlchemyError as error:
                log.warning("the database does not answer", error=str(error.__cause__ or error))
            except Exception as error:  # whatever storage says: the next sweep tries again
                log.warning("not swept", error=str(error)[:300])

        with contextlib.suppress(SQLAlchemyError), self._database.session() as session:
            Leader.leave(session, _DUTY, self._name)

    def _sweep(self) -> None:
        settings = self._settings
        with self._database.session() as session:
            # Longer than the time to the next sweep, so that the one who leads goes on to.
            if not Leader.lead(session, _DUTY, self._name, 2 * settings.sweep_seconds):
                return
        sweep(self._database, Storage(settings.storage, settings.storage_options), settings)


def sweep(database: Database, storage: Storage, settings: Settings) -> None:
    """All that is to be thrown away, rows before the objects that they name."""
    end_uploads(database, storage)
    retain(database, settings)
    purge_expired(database, settings.trash_days)
    remove_noted(database, storage)
    delete_leftovers(
        database, storage, settings.orphan_hours * 3600, _LOOKS * settings.sweep_seconds
    )
    delete_orphans(database, storage, settings.orphan_hours)


def end_uploads(database: Database, storage: Storage) -> int:
    """Delete the uploads whose time is up, and their bytes; returns how many."""
    ended = 0
    while True:
        with database.session() as session:
            expired = select(Upload).where(Upload.expires_at <= now()).limit(_BATCH)
            uploads = list(session.scalars(expired.with_for_update(skip_locked=True)))
            for upload in uploads:
                session.delete(upload)
        for upload in uploads:
            storage.delete(upload.prefix)
        ended += len(uploads)
        if len(uploads) < _BATCH:
            return ended


def delete_leftovers(database: Database, storage: Storage, age: float, span: float) -> int:
    """Delete what jobs have left that succeeded before these seconds; returns of how many.

    An attempt that was frozen while another did its job may store something after all was deleted,
    and then be killed. Jobs older by `span` seconds have been looked at, and are not again.
    """
    found, last = 0, ""
    ended = (Job.finished_at < now(-age), Job.finished_at > now(-age - span))
    needed = load_only(Job.project_id, Job.attempt)
    while True:
        with database.reading() as session:
            query = select(Job).where(Job.state == "succeeded", *ended, Job.id > last)
            batch = query.order_by(Job.id).limit(_BATCH).options(needed)
            jobs = list(session.scalars(batch))
        for job in jobs:
            left = [prefix for prefix in job.leftovers if storage.newest(prefix) is not None]
            for prefix in left:
                storage.delete(prefix)
                log.info("objects of an ended attempt deleted", prefix=prefix)
            found += bool(left)
        if len(jobs) < _BATCH:
            return found
        last = jobs[-1].id


def delete_orphans(database: Database, storage: Storage, hours: float) -> int:
    """Delete objects that are so old and belong to no row; returns of how many things.

    A thing's objects are stored before its row and deleted after it: a process that ends in
    between leaves them behind.
    """
    limit, found = datetime.now(UTC) - timedelta(hours=hours), 0
    for project in storage.names(""):
        for kind in _TABLES:
            for identifier in _without_row(database, storage, project, kind):
                prefix = f"{project}/{kind}/{identifier}"
                newest = storage.newest(prefix)
                if newest is not None and newest < limit:
                    storage.delete(prefix)
                    log.info("orphaned objects deleted", prefix=prefix)
                    found += 1
    return found


def _without_row(database: Database, storage: Storage, project: str, kind: str) -> Iterator[str]:
    names = [
        name for name in storage.names(f"{project}/{kind}") if ids.is_id(name, _PREFIXES[kind])
    ]
    for start in range(0, len(names), _BATCH):
        some = names[start : start + _BATCH]
        with database.reading() as session:
            known = _known(session, kind, some)
        yield from (name for name in some if name not in known)


def _known(session: Session, kind: str, names: list[str]) -> set[str]:
    identifier = _TABLES[kind].id
    return set(session.scalars(select(identifier).where(identifier.in_(names))))
