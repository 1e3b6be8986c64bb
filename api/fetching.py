"""Datasets by URL: fetched to a file within the limits, from where the operator allows."""

import hashlib
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path, PurePosixPath
from tempfile import NamedTemporaryFile
from typing import IO
from urllib.parse import unquote, urlsplit

import anyio.to_thread
import structlog

from api.assembly import demand_digest
from api.refusal import Refusal, item
from api.services import Services
from api.upload import Upload
from core.outbound.allowance import Forbidden, Target
from core.outbound.bucket import fetch_object
from core.outbound.connection import Failed
from core.outbound.fetch import TooLarge, fetch
from core.settings import Settings

log = structlog.get_logger(__name__)


class _Sink:
    """A file that is being written, and what is known of it."""

    def __init__(self, file: IO[bytes]) -> None:
        self.size, self._digest, self._file = 0, hashlib.sha256(), file

    def take(self, data: bytes) -> None:
        """Add bytes."""
        self.size += len(data)
        self._digest.update(data)
        self._file.write(data)

    @property
    def digest(self) -> str:
        """SHA-256 so far, hexadecimal."""
        return self._digest.hexdigest()


@asynccontextmanager
async def fetched(services: Services, url: str, digest: str | None) -> AsyncIterator[Upload]:
    """The file at a URL, until the block ends. It must have this SHA-256, if given.

    Raises Refusal (400, 413, 422), pointing at `/url` or `/digest`.
    """
    with NamedTemporaryFile(dir=services.uploads, prefix="fetched-") as file:
        sink = _Sink(file)
        run = partial(_fetch, services.settings, url, sink)
        started = time.monotonic()
        target, kind = await anyio.to_thread.run_sync(run, limiter=services.fetches)
        await anyio.to_thread.run_sync(file.flush)
        seconds = round(time.monotonic() - started, 3)
        # The host alone: path and query may hold what lets in.
        log.info("fetched", host=target.host, bytes=sink.size, seconds=seconds)
        demand_digest(sink.digest, digest)
        if not sink.size:
            empty = item("/url", "empty", "It has no bytes.")
            raise Refusal("invalid-dataset", "What was fetched is empty.", [empty])
        yield Upload(Path(file.name), sink.size, sink.digest, _name_of(target), kind, {})


def _fetch(settings: Settings, url: str, sink: _Sink) -> tuple[Target, str | None]:
    with _refusing(settings.upload_bytes):
        allowance = settings.allowance
        target = allowance.admit(url)
        limits = (settings.upload_bytes, settings.fetch_seconds)
        if target.scheme == "s3":
            fetch_object(target, settings.fetch_options, sink.take, *limits)
            return target, None
        found = fetch(allowance, url, sink.take, *limits, settings.fetch_ca)
        return found.target, found.content_type


@contextmanager
def _refusing(limit: int) -> Iterator[None]:
    """Turn what can go wrong into refusals; none repeats the URL, which may hold secrets."""
    try:
        yield
    except Forbidden as error:
        found = item("/url", "forbidden-url", str(error))
        raise Refusal("invalid-request", "The URL may not be fetched.", [found]) from None
    except Failed as error:
        found = item("/url", "not-fetched", str(error))
        raise Refusal("invalid-request", "The URL could not be fetched.", [found]) from None
    except TooLarge:
        found = item("/url", "too-large", f"There are more than {limit} bytes.")
        detail = f"The file exceeds {limit} bytes, the limit of this service."
        raise Refusal("too-large", detail, [found]) from None


def _name_of(target: Target) -> str | None:
    """The file's name: the last part of the path."""
    path = target.path if target.scheme == "s3" else unquote(urlsplit(target.url).path)
    return PurePosixPath(path).name or None
