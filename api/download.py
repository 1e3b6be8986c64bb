"""Stored objects as answers: resumable by Range, verifiable by digest."""

import base64
import re
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Header
from starlette.concurrency import iterate_in_threadpool
from starlette.responses import Response, StreamingResponse

from api.conditional import IfNoneMatch, etag, is_current
from api.contract import resource
from api.ranges import span
from core.storage import Storage

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_BINARY = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}

CONTENT: dict[int | str, dict[str, Any]] = {
    200: {
        **resource(
            *(None, "The file."),
            ETag="of the bytes",
            Repr_Digest="SHA-256 of the whole file",
            Content_Disposition="a file name",
        ),
        "content": _BINARY,
    },
    206: {**resource(None, "A part of the file.", Content_Range="which"), "content": _BINARY},
    304: resource(None, "Unchanged."),
}
"""The answers of a route that sends an object."""


@dataclass(frozen=True)
class Stored:
    """An object in storage: its size, its SHA-256 in hexadecimal, its type, its name for users."""

    key: str
    bytes: int
    digest: str
    media: str
    filename: str

    def headers(self) -> dict[str, str]:
        """What is said of the whole, whichever part is sent."""
        encoded = base64.b64encode(bytes.fromhex(self.digest)).decode()
        return {
            "ETag": etag(self.digest),
            "Cache-Control": "private, max-age=31536000, immutable",
            "Repr-Digest": f"sha-256=:{encoded}:",
            "Content-Disposition": f'attachment; filename="{self.filename}"',
        }


@dataclass(frozen=True)
class Wanted:
    """Which part a client wants, and what it has already."""

    range: str | None
    if_range: str | None
    if_none_match: str | None

    def send(self, storage: Storage, stored: Stored) -> Response:
        """The object, a part of it (206), or the word that it has not changed (304)."""
        tag = etag(stored.digest)
        if is_current(self.if_none_match, tag):
            return Response(status_code=304, headers=stored.headers())
        part = span(self.range, stored.bytes, self.if_range in (None, tag))
        headers = {**stored.headers(), **part.headers()}
        chunks = storage.stream(stored.key, part.start, part.end)
        status = 206 if part.partial else 200
        return StreamingResponse(iterate_in_threadpool(chunks), status, headers, stored.media)


def get_wanted(
    if_none_match: IfNoneMatch = None,
    wanted: Annotated[str | None, Header(alias="Range", description="`bytes=…-…`")] = None,
    if_range: Annotated[str | None, Header(description="an ETag: else the whole")] = None,
) -> Wanted:
    """The request's headers about parts."""
    return Wanted(wanted, if_range, if_none_match)


WantedDep = Annotated[Wanted, Depends(get_wanted)]


def safe(name: str | None, otherwise: str) -> str:
    """A name that is safe in a header and on a disk."""
    return _UNSAFE.sub("-", name or "").strip("-.")[:60] or otherwise
