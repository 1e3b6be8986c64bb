"""Uploads: a body goes to a file as it arrives, hashed on the way; a broken one leaves no trace."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

import anyio.to_thread
from fastapi import Request

from api.body import announced, media_type, refuse_coding
from api.digests import Digests
from api.multipart import Parts
from api.refusal import Refusal, item
from api.services import Services

_BUFFER = 1024 * 1024


@dataclass(frozen=True)
class Upload:
    """A body that has arrived whole: where it lies, its size and SHA-256, what it is said to be.

    Of a form with several files, which lie one after the other, `sizes` are the bytes of each.
    """

    path: Path
    bytes: int
    digest: str
    filename: str | None
    content_type: str | None
    fields: dict[str, str]
    sizes: tuple[int, ...] = ()


class _Sink:
    """Collects bytes into a file, in large pieces, off the event loop."""

    def __init__(self, file: IO[bytes], limit: int) -> None:
        self.size = 0
        self.hash = hashlib.sha256()
        self._file = file
        self._limit = limit
        self._buffer = bytearray()

    async def take(self, data: bytes) -> None:
        """Add bytes. Raises Refusal (413) beyond the limit."""
        self.size += len(data)
        if self.size > self._limit:
            raise _too_large(self._limit)
        self._buffer += data
        if len(self._buffer) >= _BUFFER:
            await self.flush()

    async def flush(self) -> None:
        """Write what is collected."""
        if self._buffer:
            await anyio.to_thread.run_sync(self._write, bytes(self._buffer))
            self._buffer.clear()

    def _write(self, data: bytes) -> None:
        self.hash.update(data)
        view = memoryview(data)
        while view:  # a disk that becomes full takes a part without a word
            view = view[self._file.write(view) :]


@asynccontextmanager
async def receive(
    request: Request,
    services: Services,
    limit: int | None = None,
    most_files: int = 1,
    empty: str = "invalid-dataset",
) -> AsyncIterator[Upload]:
    """Receive the body into a file that exists until the block ends.

    It may have `limit` bytes (those of an upload if left out); a form up to `most_files` files.
    Raises Refusal (400, 413, 415, `empty`), and ClientDisconnect when the connection breaks.
    """
    limit = limit or services.settings.upload_bytes
    if announced(request) > limit + _BUFFER:
        raise _too_large(limit)
    refuse_coding(request)
    digests = Digests(request)
    with NamedTemporaryFile(dir=services.uploads, prefix="upload-", buffering=0) as file:
        sink = _Sink(file, limit)
        kind = media_type(request)
        if kind == "multipart/form-data":
            parts = Parts(request.headers["content-type"], sink.take, most_files)
            async for data in request.stream():
                digests.update(data)
                await parts.feed(data)
            filename, content_type, fields = parts.finish()
            sizes = tuple(parts.sizes)
        else:
            async for data in request.stream():
                digests.update(data)
                await sink.take(data)
            filename, content_type, fields, sizes = None, kind or None, {}, (sink.size,)
        await sink.flush()
        digests.check()
        if not sink.size:
            found = item("", "empty", "No byte of data has arrived.")
            raise Refusal(empty, "The upload is empty.", [found])
        path, digest = Path(file.name), sink.hash.hexdigest()
        yield Upload(path, sink.size, digest, filename, content_type, fields, sizes)


def _too_large(limit: int) -> Refusal:
    return Refusal("too-large", f"The upload exceeds {limit} bytes, the limit of this service.")
