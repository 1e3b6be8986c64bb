"""Datasets that arrive: the bytes are stored, then the row; a worker reads them later."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import anyio.to_thread
import orjson
from fastapi import Request
from sqlalchemy.orm import Session

from api.ask import ask
from api.auth import Caller
from api.body import get_document
from api.idempotency import Answer, Once, digest_of
from api.presenters.dataset import present
from api.refusal import Refusal
from api.services import Services
from api.upload import Upload
from api.validation import read
from lamina.schemas.dataset import DatasetRequest
from models.content import Content
from models.dataset import Dataset
from models.sharing import enter, leave

_RECOGNISE_SECONDS = 30
RETRY = "1"
"""Seconds after which to look whether a dataset has been read."""


async def from_rows(
    request: Request, services: Services, caller: Caller, once: Once, name: str | None
) -> tuple[Answer, bool]:
    """Store a JSON request with `rows`. Raises Refusal; tells whether the answer is a replay."""
    document = await get_document(request, services)
    wanted = read(DatasetRequest, document)
    content = orjson.dumps({"rows": document["rows"]})
    row = Dataset(
        id=Dataset.new_id(),
        project_id=caller.project_id,
        name=wanted.name or name,
        content_type="application/json",
        bytes=len(content),
        digest=hashlib.sha256(content).hexdigest(),
        tags=list(wanted.tags),
        labels=dict(wanted.metadata),
    )
    return await _store(services, once, row, content)


async def from_upload(
    services: Services,
    caller: Caller,
    once: Once,
    upload: Upload,
    name: str | None,
    filename: str | None,
) -> tuple[Answer, bool]:
    """Store a file. Raises Refusal; tells whether the answer is a replay."""
    given = _cut(filename or upload.filename, 1024)
    await _recognise(services, upload, given)
    row = Dataset(
        id=Dataset.new_id(),
        project_id=caller.project_id,
        name=_cut(name or upload.fields.get("name"), 200) or _cut(given, 200),
        filename=given,
        content_type=_cut(upload.content_type, 200),
        bytes=upload.bytes,
        digest=upload.digest,
    )
    return await _store(services, once, row, upload.path)


async def withdraw(services: Services, once: Once, row: Dataset) -> None:
    """Take back a dataset that turned out unreadable while its client waited: nothing is stored."""

    def run() -> None:
        with services.database.session() as session:
            unneeded = leave(session, session.merge(row))
            once.forget(session)
            services.delete_after_commit(session, unneeded)

    await anyio.to_thread.run_sync(run)


async def _recognise(services: Services, upload: Upload, filename: str | None) -> None:
    """Refuse a file of no known format, or of another than its name says, before it is stored.

    A worker looks again when it reads, so an engine that cannot be asked now stops no upload.
    """
    payload = {"path": str(upload.path), "filename": filename}
    try:
        await ask(services, "recognise", payload, _RECOGNISE_SECONDS, "invalid-dataset")
    except Refusal as refusal:
        if refusal.slug != "unavailable":
            raise


def _cut(text: str | None, length: int) -> str | None:
    """Text from headers as it may be kept: one that PostgreSQL takes, and not too long."""
    return text.replace("\0", "")[:length] if text else None


async def _store(
    services: Services, once: Once, row: Dataset, content: Path | bytes
) -> tuple[Answer, bool]:
    """Enter the row where the project has these bytes; else store them first, then enter it.

    When the row cannot be entered the bytes go as well.
    """
    digest = digest_of([row.digest, row.name, row.filename, row.tags, row.labels])

    def run() -> tuple[Answer, bool]:
        if stored := _seen(services, once, digest):
            return stored, True
        try:
            return once.create(services.database, digest, _joining(services, row))
        except _Unknown:
            pass
        brought = Content.new_id()
        prefix = Content.prefix_of(row.project_id, brought)
        try:
            services.storage.put(f"{prefix}/source", content)
            made = once.create(services.database, digest, _bringing(services, row, brought))
        except BaseException:
            services.storage.delete(prefix)
            raise
        if row.content_id != brought or made[1]:
            services.storage.delete(prefix)  # another request was faster
        return made

    return await anyio.to_thread.run_sync(run)


class _Unknown(Exception):
    """The project does not have these bytes yet."""


def _joining(services: Services, row: Dataset) -> Callable[[Session], Answer]:
    def join(session: Session) -> Answer:
        content = Content.hold(session, row.project_id, row.digest)
        if content is None:
            raise _Unknown
        return _enter(services, session, row, content)

    return join


def _bringing(services: Services, row: Dataset, identifier: str) -> Callable[[Session], Answer]:
    def bring(session: Session) -> Answer:
        content = Content.enter(
            session,
            id=identifier,
            project_id=row.project_id,
            digest=row.digest,
            bytes=row.bytes,
        )
        return _enter(services, session, row, content)

    return bring


def _enter(services: Services, session: Session, row: Dataset, content: Content) -> Answer:
    enter(session, row, content)
    services.wakeups.after_commit(session, "data")
    headers = {"Location": f"/v1/datasets/{row.id}", "Retry-After": RETRY}
    return Answer(202, headers, present(row).model_dump(mode="json"))


def _seen(services: Services, once: Once, digest: str) -> Answer | None:
    with services.database.reading() as session:
        return once.stored(session, digest)
