"""Server-sent events: complete, resumable, ended by the job or by the service."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from api.services import THREADS
from models.attempt import Attempt
from tests.api.rows import claim_job, make_dataset, make_job
from tests.api.running import Absent, Running, running


@dataclass
class Sent:
    """One event as it came."""

    event: str
    id: int | None
    data: Any


def _events(lines: Iterator[str]) -> Iterator[Sent]:
    fields: dict[str, str] = {}
    for line in lines:
        if line.startswith(":"):
            continue
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        elif "data" in fields:
            number = int(fields["id"]) if "id" in fields else None
            yield Sent(fields["event"], number, json.loads(fields["data"]))
            fields = {}


def _start(service: Running) -> tuple[str, Attempt]:
    project = service.project()
    with service.database.session() as session:
        from models.job import Job
        from models.ranking import page

        for waiting in page(session, project, 100, conditions=[Job.state == "queued"]):
            waiting.request_cancel(session)
    job = make_job(service.database, project, make_dataset(service.database, project))
    return job, claim_job(service.database, f"host-{time.time_ns()}")


def _epoch(service: Running, attempt: Attempt, epoch: int) -> None:
    with service.database.session() as session:
        attempt.report_epoch(session, epoch, {"loss": 1.0 / (epoch + 1)}, 0.1)


def _fail(service: Running, attempt: Attempt) -> None:
    error = {"code": "diverged", "blame": "spec", "retryable": False, "detail": "NaN"}
    with service.database.session() as session:
        attempt.fail(session, error)


def _progress(service: Running, attempt: Attempt, step: int) -> None:
    payload = {"epoch": 0, "step": step, "steps_per_epoch": 10, "logs": {"loss": "NaN"}}
    with service.database.session() as session:
        attempt.report_progress(session, payload, step, {"loss": "NaN"})


def test_a_stream_tells_all_and_ends(service: Running) -> None:
    job, attempt = _start(service)

    def train() -> None:
        time.sleep(0.2)
        _progress(service, attempt, 3)
        for epoch in range(3):
            time.sleep(0.1)
            _epoch(service, attempt, epoch)
        _fail(service, attempt)

    worker = threading.Thread(target=train)
    worker.start()
    with service.client.stream("GET", f"/v1/jobs/{job}/events/stream") as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        assert response.headers["x-accel-buffering"] == "no"
        sent = list(_events(response.iter_lines()))
    worker.join()
    durable = [event for event in sent if event.id is not None]
    assert [event.id for event in durable] == list(range(1, 7))
    assert [event.event for event in durable] == [
        *("job.state", "job.state"),
        *("epoch", "epoch", "epoch"),
        "job.done",
    ]
    assert durable[-1].data["data"]["error"]["code"] == "diverged"
    progress = [event for event in sent if event.event == "progress"]
    assert progress[0].data["step"] == 3
    assert progress[0].data["logs"] == {"loss": None}
    assert {event.id for event in progress} == {None}


def test_a_stream_resumes(service: Running) -> None:
    job, attempt = _start(service)
    _epoch(service, attempt, 0)
    _fail(service, attempt)
    path = f"/v1/jobs/{job}/events/stream"
    for after, headers in (("?after=2", {}), ("?after=1", {"last-event-id": "2"})):
        text = service.client.get(path + after, headers=headers).text
        assert [event.id for event in _events(iter(text.split("\n")))] == [3, 4]
    ended = service.client.get(path, headers={"last-event-id": "4"})
    assert (ended.status_code, ended.content) == (204, b"")
    assert service.client.get(path, headers={"last-event-id": "x"}).status_code == 400
    missing = "/v1/jobs/job_01kaz8v7m2f5q0r9x3n6t4w1yc/events/stream"
    assert service.client.get(missing).status_code == 404


def test_long_logs_come_whole(service: Running) -> None:
    job, attempt = _start(service)
    with service.database.session() as session:
        for number in range(1200):
            attempt.report(session, "warning", {"number": number})
    _fail(service, attempt)
    text = service.client.get(f"/v1/jobs/{job}/events/stream").text
    assert [event.id for event in _events(iter(text.split("\n")))] == list(range(1, 1204))


def test_many_streams_share_the_work(service: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    import api.feed

    reads: list[int] = []
    original = api.feed._read

    def counted(*arguments: Any) -> Any:
        reads.append(1)
        return original(*arguments)

    monkeypatch.setattr("api.feed._read", counted)
    job, attempt = _start(service)
    results: list[list[int | None]] = []

    def follow() -> None:
        with httpx2.stream(
            "GET", f"{service.url}/v1/jobs/{job}/events/stream", timeout=30
        ) as response:
            results.append([event.id for event in _events(response.iter_lines())])

    followers = [threading.Thread(target=follow) for _ in range(30)]
    for follower in followers:
        follower.start()
    deadline = time.monotonic() + 20
    while _watchers(service) < 30 and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.5)
    reads.clear()
    _epoch(service, attempt, 0)
    time.sleep(0.5)
    assert len(reads) <= 3
    _fail(service, attempt)
    for follower in followers:
        follower.join(timeout=30)
    assert results == [[1, 2, 3, 4]] * 30
    assert service.services.hub.watched == 0


def test_streams_that_read_keep_no_request_waiting(
    tmp_path: Path, make_sqlite: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import api.feed

    let, original = threading.Event(), api.feed._read

    def slow(*arguments: Any) -> Any:
        assert let.wait(60)
        return original(*arguments)

    monkeypatch.setattr("api.feed._read", slow)
    with (
        running(tmp_path, make_sqlite(), Absent(), requests_waiting=1) as served,
        ExitStack() as opened,
    ):
        project = served.project()
        dataset = make_dataset(served.database, project)
        jobs = [make_job(served.database, project, dataset) for _ in range(THREADS + 2)]
        try:
            streams = [
                opened.enter_context(served.client.stream("GET", f"/v1/jobs/{job}/events/stream"))
                for job in jobs
            ]
            assert served.client.get(f"/v1/jobs/{jobs[0]}").status_code == 200
        finally:
            let.set()
        for stream in streams:
            assert next(_events(stream.iter_lines())).event == "job.state"


def _watchers(service: Running) -> int:
    return sum(len(watches) for watches in service.services.hub._watches.values())


def test_a_client_that_leaves_is_forgotten(service: Running) -> None:
    job, attempt = _start(service)
    with service.client.stream("GET", f"/v1/jobs/{job}/events/stream") as response:
        events = _events(response.iter_lines())
        assert next(events).id == 1
        assert service.services.hub.watched == 1
    deadline = time.monotonic() + 5
    while service.services.hub.watched and time.monotonic() < deadline:
        time.sleep(0.02)
    assert service.services.hub.watched == 0
    _fail(service, attempt)


def test_the_end_of_the_service_ends_streams_and_waits(fresh: Running) -> None:
    job, _ = _start(fresh)
    waited: list[httpx2.Response] = []

    def wait() -> None:
        waited.append(
            httpx2.get(f"{fresh.url}/v1/jobs/{job}", headers={"prefer": "wait=60"}, timeout=60)
        )

    waiter = threading.Thread(target=wait)
    waiter.start()
    with httpx2.stream("GET", f"{fresh.url}/v1/jobs/{job}/events/stream", timeout=30) as response:
        events = _events(response.iter_lines())
        assert next(events).id == 1
        time.sleep(0.3)
        took = fresh.stop()
        rest = [event.event for event in events]
    waiter.join(timeout=10)
    assert rest[-1] == "server.closing"
    assert took < 3
    assert waited[0].json()["state"] == "running"
