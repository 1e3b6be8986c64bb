"""The events of a job, live: a stream that resumes by itself, or long polling in its place."""

import json
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import httpx2

from lamina.schemas.event import Event
from lamina.schemas.job import TERMINAL_STATES, Job, Progress
from lamina.schemas.page import Page

from .call import Call
from .exchange import exchange, fetch, open_once, read, unreachable
from .problems import NotFound, ProblemError
from .retry import Retry
from .step import END, Emit, Items, Step, pull, sleep

DONE = "job.done"
"""The type of the last event of every job."""

_CLOSING = "server.closing"
_TRIES = 3
_PATIENT = Retry(retries=12, cap=10.0)
_HOLD = 5.0
_PAUSE = 1.0


@dataclass(frozen=True)
class JobEvent:
    """Something that happened in a job. Passing ones (`progress`) have no `seq`."""

    type: str
    data: dict[str, Any]
    seq: int | None = None

    @property
    def epoch(self) -> int | None:
        """The epoch it belongs to, counted from zero."""
        return self.data.get("epoch")

    @property
    def logs(self) -> dict[str, float | None]:
        """The metrics it carries, by name."""
        return self.data.get("logs") or {}


class _Cursor:
    """How far the events were read: no event is given twice, whichever way it came."""

    def __init__(self, job: str, after: int) -> None:
        self.path, self.seq, self.done = f"/v1/jobs/{job}", after, False

    def take(self, event: JobEvent) -> bool:
        """Whether the event is new; the cursor then stands behind it."""
        if event.seq is not None:
            if event.seq <= self.seq:
                return False
            self.seq = event.seq
        self.done = event.type == DONE
        return True


def follow(driver: Any, job: str, after: int = 0) -> Items[JobEvent]:
    """Every event after the number `after`, until the job has ended.

    A broken stream is resumed at the last number seen. Where three attempts in a row brought
    nothing, events are fetched by long polling. A service that is gone for a while, as when it
    is started anew, is waited for. Raises NotFound, Unreachable.
    """
    cursor = _Cursor(job, after)
    failures = away = 0
    while failures < _TRIES:
        before = cursor.seq
        try:
            yield from _stream(cursor)
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
            away += 1
            seconds = _PATIENT.delay(away)
            if seconds is None:
                raise unreachable(driver.url, error) from error
            yield from sleep(seconds)
            continue
        except NotFound:
            raise
        except (httpx2.RequestError, ProblemError):
            pass
        if cursor.done:
            return
        away, failures = 0, 1 if cursor.seq > before else failures + 1
        yield from sleep(_PATIENT.delay(failures) or 0)
    yield from _poll(driver, cursor)


def _stream(cursor: _Cursor) -> Items[JobEvent]:
    headers = {"Accept": "text/event-stream", "Last-Event-ID": str(cursor.seq)}
    call = Call("GET", f"{cursor.path}/events/stream", headers=headers)
    opened = yield from open_once(call, "events")
    if opened.response.status_code == 204:  # ended, and nothing is left
        cursor.done = True
        return
    while not cursor.done and (sent := (yield from pull(opened))) is not END:
        event = _event(sent.event, sent.data)
        if event is not None and cursor.take(event):
            yield Emit(event)


def _event(kind: str, text: str) -> JobEvent | None:
    """What the stream sent: a durable event, a passing one, or nothing for the user."""
    if kind == _CLOSING or not text:
        return None
    data = json.loads(text)
    if data.get("object") != "event":
        return JobEvent(kind, data)
    event = Event.model_validate(data)
    return JobEvent(event.type, event.data, event.seq)


def _poll(driver: Any, cursor: _Cursor) -> Items[JobEvent]:
    etag, ended = "", False
    progress: Progress | None = None
    while True:
        fresh = yield from _catch_up(driver, cursor)
        if cursor.done or (ended and not fresh):
            return
        headers = {"If-None-Match": etag} if etag else {}
        call = Call("GET", cursor.path, headers=headers, wait=0 if ended else _HOLD)
        response = yield from exchange(driver, call)
        etag = response.headers.get("ETag", "")
        if response.status_code == 200:
            job = read(response, Job)
            ended = job.state in TERMINAL_STATES
            if job.progress is not None and job.progress != progress and not ended:
                progress = job.progress
                yield Emit(JobEvent("progress", progress.model_dump()))
        if "Preference-Applied" not in response.headers and not ended:
            yield from sleep(_PAUSE)


def _catch_up(driver: Any, cursor: _Cursor) -> Generator[Step | Emit[JobEvent], Any, bool]:
    fresh = False
    while True:
        call = Call("GET", f"{cursor.path}/events", {"after": cursor.seq})
        page = yield from fetch(driver, call, Page[Event])
        news = [JobEvent(event.type, event.data, event.seq) for event in page.data]
        for event in filter(cursor.take, news):
            fresh = True
            yield Emit(event)
        if not page.has_more or not news:
            return fresh
