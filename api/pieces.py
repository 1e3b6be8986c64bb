"""Pieces of an upload that arrive: each is stored in parts, and what is acknowledged is kept.

A part is an object that is durable before the row counts it, so the row never counts bytes that
are not there; an object that no row counts is deleted with its upload. Without a checksum a piece
that breaks off is kept as far as it came; with one it counts as a whole or not at all.
"""

from uuid import uuid4

import anyio.to_thread
from sqlalchemy.orm import Session
from starlette.requests import ClientDisconnect, Request

from api.auth import Caller
from api.body import announced, refuse_coding
from api.lookup import find
from api.refusal import Refusal
from api.services import Services
from api.tus import Checksum, read_number
from models.upload import Upload, UploadPart

_PART = 8 * 2**20
_MOST_PARTS = 10_000


def find_live(session: Session, caller: Caller, identifier: str) -> Upload:
    """The caller's upload. Raises Refusal (404, 410)."""
    upload = find(session, Upload, caller, identifier)
    if upload.is_expired(session):
        raise Refusal("gone", "The upload has expired; its bytes are gone.")
    return upload


async def receive_piece(
    request: Request, services: Services, caller: Caller, identifier: str, offset: int
) -> Upload:
    """Add the body to an upload at this offset; the upload as it stands then.

    Raises Refusal (400, 404, 409, 410, 413, 415, 460), and ClientDisconnect.
    """
    refuse_coding(request)
    text = request.headers.get("upload-checksum")
    checksum = Checksum(text) if text is not None else None
    length = read_number(request.headers, "Upload-Length")
    writer = uuid4().hex
    upload = await services.writing(_seize, services, caller, identifier, offset, length, writer)
    upload_end = _demand_room(services, upload, announced(request))
    piece = _Piece(services, upload, writer, checksum, upload_end)
    try:
        async for data in request.stream():
            await piece.take(data)
    except ClientDisconnect:
        if checksum is None:
            await piece.store()
        raise
    else:
        await piece.finish()
    finally:
        await piece.drop()
    return await services.reading(find_live, caller, identifier)


class _Piece:
    """Collects a body into parts."""

    def __init__(
        self,
        services: Services,
        upload: Upload,
        writer: str,
        checksum: Checksum | None,
        upload_end: int,
    ) -> None:
        self._services, self._upload, self._writer = services, upload, writer
        self._checksum, self._upload_end = checksum, upload_end
        self._at = upload.offset
        self._buffer = bytearray()
        self._uncounted: list[UploadPart] = []

    async def take(self, data: bytes) -> None:
        """Add bytes; what makes a part is stored. Raises Refusal (409, 413)."""
        if self._at + len(self._buffer) + len(data) > self._upload_end:
            raise _too_long(self._upload, self._upload_end)
        if self._checksum is not None:
            self._checksum.update(data)
        self._buffer += data
        if len(self._buffer) >= _PART:
            await self.store()

    async def finish(self) -> None:
        """Store and count what is left. Raises Refusal (409, 460)."""
        checksum, self._checksum = self._checksum, None
        if checksum is not None:
            checksum.check()
        await self.store()

    async def store(self) -> None:
        """Store what is collected; count it unless a checksum is still to be checked."""
        if self._buffer or self._uncounted:
            await anyio.to_thread.run_sync(self._store)

    async def drop(self) -> None:
        """Delete parts that were never counted."""
        if self._uncounted:
            await anyio.to_thread.run_sync(self._drop)

    def _store(self) -> None:
        if self._buffer:
            key = f"{self._upload.prefix}/{self._at:018d}-{self._writer}"
            size = len(self._buffer)
            part = UploadPart(upload_id=self._upload.id, start=self._at, bytes=size, key=key)
            self._uncounted.append(part)
            self._services.storage.put(key, bytes(self._buffer))
            self._at += size
            self._buffer.clear()
        if self._checksum is None:
            self._count()

    def _count(self) -> None:
        hours = self._services.settings.upload_hours
        with self._services.database.session() as session:
            counted = self._upload.append(session, self._writer, self._uncounted, hours)
        if counted is None:
            raise Refusal("offset-mismatch", "Another request has taken this upload over.")
        self._uncounted = []

    def _drop(self) -> None:
        for part in self._uncounted:
            self._services.storage.discard(part.key)


def _seize(
    session: Session,
    services: Services,
    caller: Caller,
    identifier: str,
    offset: int,
    length: int | None,
    writer: str,
) -> Upload:
    """Make this request the writer. Raises Refusal (400, 404, 409, 410, 413)."""
    upload = find_live(session, caller, identifier)
    if upload.offset != offset:
        raise _elsewhere(upload)
    if length is not None:
        _demand_length(services, upload, length)
    if upload.part_count(session) >= _MOST_PARTS:
        detail = f"An upload has at most {_MOST_PARTS} pieces; begin a new one with larger ones."
        raise Refusal("too-large", detail)
    if not upload.seize(session, writer, length, services.settings.upload_hours):
        session.refresh(upload)
        raise _elsewhere(upload)
    session.refresh(upload)
    return upload


def _demand_length(services: Services, upload: Upload, length: int) -> None:
    """A length may be told once, with any piece; to repeat it does no harm."""
    if upload.length not in (None, length) or length < upload.offset:
        detail = f"The length was {upload.length}, and {upload.offset} bytes have arrived."
        raise Refusal("malformed-request", f"Upload-Length cannot become {length}. {detail}")
    demand_size(services, length)


def demand_size(services: Services, length: int | None) -> None:
    """Raise Refusal (413) for an upload that would be too large."""
    limit = services.settings.upload_bytes
    if length is not None and length > limit:
        detail = f"An upload of {length} bytes exceeds {limit}, the limit of this service."
        raise Refusal("too-large", detail, headers={"Tus-Max-Size": str(limit)})


def _demand_room(services: Services, upload: Upload, size: int) -> int:
    """Where the upload ends at the latest. Raises Refusal (413) when the body reaches beyond."""
    end = services.settings.upload_bytes if upload.length is None else upload.length
    if upload.offset + size > end:
        raise _too_long(upload, end)
    return end


def _too_long(upload: Upload, end: int) -> Refusal:
    detail = f"The piece reaches beyond the upload's {end} bytes; {upload.offset} have arrived."
    return Refusal("too-large", detail)


def _elsewhere(upload: Upload) -> Refusal:
    headers = {"Upload-Offset": str(upload.offset)}
    return Refusal("offset-mismatch", f"The upload stands at {upload.offset}.", headers=headers)
