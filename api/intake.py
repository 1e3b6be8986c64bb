"""Datasets that arrive: as rows, in the body, as an upload in pieces, by URL; and samples."""

import hashlib
from collections.abc import Iterator
from functools import partial
from typing import Any

import anyio.to_thread
import orjson
from fastapi import Request

from api.ask import ask
from api.assembly import assembled
from api.auth import Caller
from api.body import get_document
from api.fetching import fetched
from api.idempotency import Answer, Once, digest_of
from api.placing import place
from api.refusal import Refusal, item, shown
from api.samples import SAMPLES
from api.services import Services
from api.upload import Upload
from api.validation import read, refusal
from lamina.schemas.dataset import DatasetRequest
from lamina.schemas.problem import ProblemItem
from models.dataset import Dataset
from models.sharing import leave

_RECOGNISE_SECONDS = 30
_SOURCES = ("rows", "upload", "url", "sample")
_OF_FILES = ("filename", "digest")


async def from_document(
    request: Request,
    services: Services,
    caller: Caller,
    once: Once,
    name: str | None,
    filename: str | None,
) -> tuple[Answer, bool]:
    """Take in a JSON request. Raises Refusal; tells whether the answer is a replay."""
    document = await get_document(request)
    wanted = read(DatasetRequest, document)
    if items := list(_one_source(wanted)):
        raise refusal(items)
    digest = digest_of([document, name, filename])
    if stored := await services.reading(once.stored, digest):
        return stored, True
    if wanted.rows is not None:
        content = orjson.dumps({"rows": document["rows"]})
        row = _row_with(caller, wanted, wanted.name or name, content)
        row.content_type = "application/json"
        return await place(services, caller, once, digest, row, content)
    if wanted.sample is not None:
        sample = SAMPLES[wanted.sample]
        content = await anyio.to_thread.run_sync(sample.content)
        row = _row_with(caller, wanted, wanted.name or name or wanted.sample, content)
        row.filename = sample.filename
        return await place(services, caller, once, digest, row, content)
    called = (wanted.name or name, wanted.filename or filename)
    if wanted.url is not None:
        async with fetched(services, wanted.url, wanted.digest) as upload:
            row = await _read_about(services, caller, wanted, upload, *called)
            return await place(services, caller, once, digest, row, upload.path)
    async with assembled(services, caller, wanted.upload or "", wanted.digest) as found:
        row = await _read_about(services, caller, wanted, found.file, *called)
        use_up = partial(found.use_up, services)
        return await place(services, caller, once, digest, row, found.file.path, use_up)


async def from_upload(
    services: Services,
    caller: Caller,
    once: Once,
    upload: Upload,
    name: str | None,
    filename: str | None,
) -> tuple[Answer, bool]:
    """Take in a file. Raises Refusal; tells whether the answer is a replay."""
    nothing = DatasetRequest()
    row = await _read_about(services, caller, nothing, upload, name, filename)
    digest = digest_of([row.digest, row.name, row.filename])
    return await place(services, caller, once, digest, row, upload.path)


async def withdraw(services: Services, once: Once, row: Dataset) -> None:
    """Take back a dataset that turned out unreadable while its client waited: nothing is stored."""

    def run() -> None:
        with services.database.session() as session:
            unneeded = leave(session, session.merge(row))
            once.forget(session)
            services.delete_after_commit(session, unneeded)

    await anyio.to_thread.run_sync(run)


async def _read_about(
    services: Services,
    caller: Caller,
    wanted: DatasetRequest,
    upload: Upload,
    name: str | None,
    filename: str | None,
) -> Dataset:
    """The row of a file. Raises Refusal (422) when it is of no known format."""
    given = _cut(filename or upload.filename, 1024)
    await _recognise(services, upload, given)
    named = _cut(name or upload.fields.get("name"), 200) or _cut(given, 200)
    row = _row_of(caller, wanted, named)
    row.filename, row.content_type = given, _cut(upload.content_type, 200)
    row.bytes, row.digest = upload.bytes, upload.digest
    return row


def _row_of(caller: Caller, wanted: DatasetRequest, name: str | None) -> Dataset:
    return Dataset(
        id=Dataset.new_id(),
        project_id=caller.project_id,
        name=name,
        tags=list(wanted.tags),
        labels=dict(wanted.metadata),
    )


def _row_with(caller: Caller, wanted: DatasetRequest, name: str | None, content: bytes) -> Dataset:
    row = _row_of(caller, wanted, name)
    row.bytes, row.digest = len(content), hashlib.sha256(content).hexdigest()
    return row


def _one_source(wanted: DatasetRequest) -> Iterator[ProblemItem]:
    """What is wrong with the choice of a source."""
    given: list[Any] = [name for name in _SOURCES if getattr(wanted, name) is not None]
    if not given:
        yield item("", "missing-field", f"One of {', '.join(_SOURCES)} is needed.")
    for name in given[1:]:
        yield item(f"/{name}", "bad-value", f"{given[0]!r} is given already; give only one.")
    if given in (["rows"], ["sample"]):
        for name in _OF_FILES:
            if getattr(wanted, name) is not None:
                yield item(f"/{name}", "bad-value", f"With {given[0]!r} it has no use.")
    if wanted.sample is not None and wanted.sample not in SAMPLES:
        text = f"There is no sample {shown(wanted.sample)}; there are {', '.join(SAMPLES)}."
        yield item("/sample", "bad-value", text, near=(wanted.sample, SAMPLES))


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
