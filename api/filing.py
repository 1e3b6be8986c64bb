"""Side files that arrive: read first, then the bytes are stored, then the row."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import anyio.to_thread
from fastapi import Request
from sqlalchemy.orm import Session

from api.ask import ask
from api.assembly import assembled
from api.auth import Caller
from api.body import get_document
from api.idempotency import Answer, Once, digest_of
from api.presenters.file import present
from api.quota import demand_storage
from api.services import Services
from api.upload import Upload
from api.validation import read
from lamina.schemas.file import FileRequest
from models.file import File


async def from_document(
    request: Request,
    services: Services,
    caller: Caller,
    once: Once,
    name: str | None,
    filename: str | None,
) -> tuple[Answer, bool]:
    """Make a side file of an upload in pieces. Raises Refusal; tells whether it is a replay."""
    document = await get_document(request)
    wanted = read(FileRequest, document)
    digest = digest_of([document, name, filename])
    if stored := await services.reading(once.stored, digest):
        return stored, True
    async with assembled(services, caller, wanted.upload, wanted.digest) as found:
        use_up = partial(found.use_up, services)
        name, filename = wanted.name or name, wanted.filename or filename
        return await take_in(services, caller, once, found.file, name, filename, digest, use_up)


async def take_in(
    services: Services,
    caller: Caller,
    once: Once,
    upload: Upload,
    name: str | None,
    filename: str | None,
    request_digest: str | None = None,
    also: Callable[[Session], None] | None = None,
) -> tuple[Answer, bool]:
    """Read and store a side file. Raises Refusal; tells whether the answer is a replay."""
    given = _cut(filename or upload.filename, 1024)
    row = File(
        id=File.new_id(),
        project_id=caller.project_id,
        name=_cut(name or upload.fields.get("name"), 200) or _cut(given, 200),
        filename=given,
        bytes=upload.bytes,
        digest=upload.digest,
        account=caller.account,
    )
    digest = request_digest or digest_of([row.digest, row.name, row.filename])
    if stored := await services.reading(once.stored, digest):
        return stored, True
    with TemporaryDirectory(dir=services.uploads, prefix="file-") as folder:
        out = Path(folder) / "canonical"
        found = await _inspect(services, upload, out)
        row.form, row.description = found["form"], found["description"]
        row.files = found["files"]

        def store() -> tuple[Answer, bool]:
            _put(services, row, upload.path, out)
            return once.create(services.database, digest, _entering(services, caller, row, also))

        return await anyio.to_thread.run_sync(_or_nothing, services, row, store)


async def _inspect(services: Services, upload: Upload, out: Path) -> dict[str, Any]:
    settings = services.settings
    payload = {
        "path": str(upload.path),
        "out": str(out),
        "limits": {
            "expanded_bytes": settings.expanded_bytes,
            "rows": settings.dataset_rows,
            "columns": settings.dataset_columns,
            "entries": settings.archive_entries,
        },
    }
    return await ask(services, "inspect", payload, settings.read_seconds, "invalid-file")


def _put(services: Services, row: File, source: Path, out: Path) -> None:
    services.storage.put(row.source_key, source)
    for name in row.files:
        services.storage.put(f"{row.canonical_prefix}/{name}", out / name)


def _entering(
    services: Services, caller: Caller, row: File, also: Callable[[Session], None] | None
) -> Callable[[Session], Answer]:
    def enter(session: Session) -> Answer:
        if also is not None:
            also(session)
        session.add(row)
        session.flush()
        demand_storage(services.settings, session, caller)
        session.refresh(row)
        headers = {"Location": f"/v1/files/{row.id}"}
        return Answer.of(present(row), 201, headers)

    return enter


def _or_nothing(
    services: Services, row: File, store: Callable[[], tuple[Answer, bool]]
) -> tuple[Answer, bool]:
    """Store; when the row cannot be entered, or another request was faster, the bytes go again."""
    prefix = row.prefix
    try:
        made, replayed = store()
    except BaseException:
        services.storage.delete(prefix)
        raise
    if replayed:
        services.storage.delete(prefix)
    return made, replayed


def _cut(text: str | None, length: int) -> str | None:
    """Text from headers as it may be kept: one that PostgreSQL takes, and not too long."""
    return text.replace("\0", "")[:length] if text else None
