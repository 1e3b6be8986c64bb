"""Complete uploads, put together from their parts to become something."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import NamedTemporaryFile

import anyio.to_thread
from sqlalchemy.orm import Session

from api.auth import Caller
from api.refusal import Refusal, item, shown
from api.services import Services
from api.tus import read_metadata
from api.upload import Upload
from lamina import ids
from lamina.schemas.problem import ProblemItem
from models.base import now
from models.upload import Upload as Row
from models.upload import UploadPart

_HOUR = 3600


@dataclass(frozen=True)
class Assembled:
    """An upload as one file, and how to use it up."""

    file: Upload
    row: Row

    def use_up(self, services: Services, session: Session) -> None:
        """Delete the upload with the transaction that makes something of it. Raises Refusal."""
        row = session.get(Row, self.row.id, with_for_update=True)
        if row is None:
            raise _gone()
        session.delete(row)
        services.delete_after_commit(session, row.prefix)


@asynccontextmanager
async def assembled(
    services: Services, caller: Caller, identifier: str, digest: str | None
) -> AsyncIterator[Assembled]:
    """The file of a complete upload, until the block ends. It must have this SHA-256, if given.

    Raises Refusal (400, 409, 422), pointing at `/upload` or `/digest`.
    """
    row, parts = await services.writing(_take, services, caller, identifier)
    with NamedTemporaryFile(dir=services.uploads, prefix="assembled-", buffering=0) as file:
        write = partial(_write, services, parts, Path(file.name))
        found = await anyio.to_thread.run_sync(write, limiter=services.transfers)
        demand_digest(found, digest)
        if not row.length:
            empty = item("/upload", "empty", "It has no bytes.")
            raise Refusal("invalid-dataset", "The upload is empty.", [empty])
        described = read_metadata(row.described)
        upload = Upload(
            path=Path(file.name),
            bytes=row.offset,
            digest=found,
            filename=described.get("filename") or described.get("name"),
            content_type=described.get("filetype") or described.get("type"),
            fields={},
        )
        yield Assembled(upload, row)


def demand_digest(found: str, expected: str | None) -> None:
    """Raise Refusal (400) when a file has another SHA-256 than the request says."""
    if expected is not None and found != expected:
        wrong = item("/digest", "bad-value", f"The file has the SHA-256 {found}.")
        raise Refusal("digest-mismatch", "The file is another; nothing was stored.", [wrong])


def _take(
    session: Session, services: Services, caller: Caller, identifier: str
) -> tuple[Row, list[UploadPart]]:
    """The upload and its parts, kept from expiring meanwhile. Raises Refusal (409, 422)."""
    row = Row.find(session, caller.project_id, identifier)
    if row is not None:  # nobody uses it up until this commits
        row = session.get(Row, row.id, with_for_update=True, populate_existing=True)
    if row is None or row.is_expired(session):
        detail = "No such upload is open; nothing was stored."
        raise Refusal("invalid-request", detail, [_unknown(identifier)])
    if not row.is_complete:
        length = "an unknown number of" if row.length is None else str(row.length)
        found = item("/upload", "incomplete-upload", f"It has {row.offset} of {length} bytes.")
        raise Refusal("not-ready", "The upload is not complete.", [found])
    row.expires_at = now(services.settings.upload_hours * _HOUR)
    session.flush()
    session.refresh(row)
    return row, row.parts(session)


def _write(services: Services, parts: list[UploadPart], path: Path) -> str:
    """Put the parts together; their SHA-256. Raises Refusal (422) when they go meanwhile."""
    digest = hashlib.sha256()
    with path.open("wb") as file:
        for part in parts:
            try:
                for chunk in services.storage.stream(part.key, 0, part.bytes):
                    digest.update(chunk)
                    file.write(chunk)
            except FileNotFoundError:
                raise _gone() from None
    return digest.hexdigest()


def _unknown(identifier: str) -> ProblemItem:
    kind = ids.kind_of(identifier)
    if kind is not None and kind != "upload":
        text = f"{shown(identifier)} is the id of a {kind}; an upload's begins with upl_."
        return item("/upload", "unknown-upload", text)
    text = f"There is no upload {shown(identifier)}, or something was made of it, or it expired."
    return item("/upload", "unknown-upload", text)


def _gone() -> Refusal:
    """Another request has made something of the upload meanwhile."""
    found = item("/upload", "unknown-upload", "Something was made of it just now.")
    return Refusal("invalid-request", "The upload is gone; nothing was stored.", [found])
