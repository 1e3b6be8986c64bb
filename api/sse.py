"""Server-sent events (WHATWG HTML, section 9.2) of one job or one dataset.

Durable events carry their number as `id`, so a client resumes where it stopped; progress and
pings carry none and are never repeated.
"""

from collections.abc import AsyncIterator
from typing import Protocol

import structlog
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError

from api.feed import Batch, Feed
from api.hub import Hub, Watch
from api.presenters.event import is_last, name_of, present
from api.presenters.job import present_progress

log = structlog.get_logger(__name__)

HEADERS = {"cache-control": "no-cache", "x-accel-buffering": "no"}
PING_SECONDS = 15.0
_RETRY = b"retry: 2000\n\n"
_PING = b": ping\n\n"
_FAREWELL = b'event: server.closing\nretry: 1000\ndata: {"retry":1000}\n\n'


def encode(event: str, data: BaseModel, number: int | None = None) -> bytes:
    """One event; pydantic's JSON is a single line."""
    mark = f"id: {number}\n" if number is not None else ""
    return f"event: {event}\n{mark}data: {data.model_dump_json()}\n\n".encode()


class Reader(Protocol):
    """Where one stream is. It has told all there is once it has `ended`."""

    ended: bool

    def read(self, watch: Watch) -> AsyncIterator[bytes]:
        """All that is new."""


async def stream(hub: Hub, identifier: str, reader: Reader) -> AsyncIterator[bytes]:
    """What the reader has to tell of an object, now and after each of its changes."""
    yield _RETRY
    async with hub.watching(identifier, None) as watch:
        try:
            while not reader.ended:
                async for chunk in reader.read(watch):
                    yield chunk
                if not reader.ended:
                    async for chunk in _pause(hub, watch, reader):
                        yield chunk
        except SQLAlchemyError as error:
            # The client comes back by itself and goes on where it was.
            log.warning("stream broken off", id=identifier, error=str(error)[:300])


async def _pause(hub: Hub, watch: Watch, reader: Reader) -> AsyncIterator[bytes]:
    """Wait for a change; a ping from time to time shows that the connection lives."""
    while (change := await hub.next(watch, PING_SECONDS)) is None:
        yield _PING
    if change.closing:
        reader.ended = True
        yield _FAREWELL


class JobReader:
    """The events of a job after a number, until the job has ended."""

    def __init__(self, feed: Feed, job_id: str, after: int) -> None:
        self.ended = False
        self._feed = feed
        self._job_id = job_id
        self._after = after
        self._progress: tuple[int, int] | None = None

    async def read(self, watch: Watch) -> AsyncIterator[bytes]:
        """All that is new."""
        while not self.ended:
            batch = await self._feed.read(self._job_id, self._after, watch.seen)
            for event in batch.events:
                self._after = event.seq
                self.ended = is_last(event)
                yield encode(name_of(event), present(event), event.seq)
            if batch.job is None or (batch.job.is_terminal and not batch.is_full):
                self.ended = True
            if not batch.is_full:
                if chunk := self._live(batch):
                    yield chunk
                return

    def _live(self, batch: Batch) -> bytes | None:
        if self.ended or batch.progress is None or batch.job is None:
            return None
        if batch.progress.attempt != batch.job.attempt:
            return None
        place = (batch.progress.attempt, batch.progress.serial)
        if place == self._progress:
            return None
        self._progress = place
        return encode("progress", present_progress(batch.job, batch.progress.payload))
