"""The events of a job through a stream that breaks, ends early or is not to be had."""

import asyncio
import json
from typing import Any

import pytest

from lamina.client import AsyncClient, Client, Unreachable
from lamina.client.events import JobEvent
from lamina.client.problems import NotFound
from lamina.client.retry import Retry
from tests.lamina import resources
from tests.lamina.outside import Asked, Outside, Reply, in_turn, outside, problem

_STREAM = {"Content-Type": "text/event-stream"}


def _sse(*events: dict[str, Any], farewell: bool = False) -> Reply:
    text = "retry: 2000\n\n: ping\n\n"
    for event in events:
        mark = f"id: {event['seq']}\n" if "seq" in event else ""
        kind = event.get("type", "progress")
        text += f"event: {kind}\n{mark}data: {json.dumps(event)}\n\n"
    if farewell:
        text += 'event: server.closing\nretry: 1000\ndata: {"retry":1000}\n\n'
    return Reply(200, text.encode(), _STREAM)


_PROGRESS = {"epoch": 0, "epochs": 3, "step": 1, "steps_per_epoch": 5, "fraction": 0.1}
_FIRST = resources.event(1, "job.state", state="queued")
_EPOCH = resources.event(2, "epoch", epoch=0, logs={"loss": 0.5, "val_loss": None})
_DONE = resources.event(3, "job.done", state="succeeded")


def _events(world: Outside, after: int = 0) -> list[JobEvent]:
    with Client(world.url) as client:
        handle = client.jobs.get(resources.JOB_ID)
        return list(handle.events(after))


def _with_job(*streams: Reply) -> Any:
    replies = in_turn(*streams)

    def script(request: Asked) -> Reply:
        return replies(request) if "stream" in request.path else Reply(200, resources.job())

    return script


def _resumed_at(world: Outside) -> list[str]:
    return [request.headers["last-event-id"] for request in world.asked if "stream" in request.path]


def test_events_arrive_with_their_data_and_end_with_the_job() -> None:
    with outside(_with_job(_sse(_FIRST, _PROGRESS, _EPOCH, _DONE))) as world:
        events = _events(world)
    assert [(event.type, event.seq) for event in events] == [
        ("job.state", 1),
        ("progress", None),
        ("epoch", 2),
        ("job.done", 3),
    ]
    assert events[1].data["step"] == 1
    assert events[2].epoch == 0
    assert events[2].logs == {"loss": 0.5, "val_loss": None}


def test_a_broken_stream_is_resumed_at_the_last_number_without_repeats() -> None:
    whole = _sse(_FIRST, _EPOCH)
    broken = Reply(200, whole.content, _STREAM, cut=len(whole.content) - 40)
    repeating = _sse(_FIRST, _EPOCH, farewell=True)
    with outside(_with_job(broken, repeating, Reply(cut=-1), _sse(_DONE))) as world:
        assert [event.seq for event in _events(world)] == [1, 2, 3]
    assert _resumed_at(world) == ["0", "1", "2", "2"]


def test_it_starts_where_it_is_told() -> None:
    with outside(_with_job(_sse(_DONE))) as world:
        assert [event.seq for event in _events(world, after=2)] == [3]
    assert _resumed_at(world) == ["2"]


def test_nothing_is_left_to_tell() -> None:
    with outside(_with_job(Reply(204))) as world:
        assert _events(world, after=3) == []


def test_a_deleted_job_ends_the_stream() -> None:
    with (
        outside(_with_job(_sse(_FIRST), problem("not-found", 404))) as world,
        pytest.raises(NotFound),
    ):
        _events(world)


@pytest.mark.parametrize("refusal", [Reply(406, b"no streams here"), Reply(200, b"{}")])
def test_without_a_stream_events_are_polled(refusal: Reply) -> None:
    polled = {"0": [_FIRST], "1": [_EPOCH], "2": [_DONE]}
    states: list[str] = []

    def script(request: Asked) -> Reply:
        if request.path.endswith("/stream"):
            return refusal
        if request.path.endswith("/events"):
            return Reply(200, resources.page(*polled[request.query["after"]]))
        states.append(request.headers.get("if-none-match", ""))
        progress = {**_PROGRESS, "eta_seconds": None}
        applied = {"ETag": f'"{len(states)}"', "Preference-Applied": "wait=5"}
        return Reply(200, resources.job(progress=progress), applied)

    with outside(script) as world:
        events = _events(world)
    assert [event.seq for event in events if event.seq] == [1, 2, 3]
    assert [event.type for event in events].count("progress") == 1
    assert len(_resumed_at(world)) == 3
    assert states == ["", "", '"2"'], "the job, then twice for a change"


def test_polling_ends_with_a_job_that_ended_before() -> None:
    def script(request: Asked) -> Reply:
        if request.path.endswith("/stream"):
            return Reply(502, b"", {"Retry-After": "0"})
        if request.path.endswith("/events"):
            return Reply(200, resources.page())
        return Reply(200, resources.job("succeeded"))

    with outside(script) as world:
        assert _events(world, after=3) == []


def test_a_service_that_never_comes_back_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lamina.client.events._PATIENT", Retry(retries=2))
    closing = Reply(200, _sse(_FIRST).content, _STREAM, cut=1000)
    with outside(_with_job(closing)) as world:
        client = Client(world.url)
        events = client.jobs.get(resources.JOB_ID).events()
        assert next(events).seq == 1
    with client, pytest.raises(Unreachable, match="lamina up"):
        next(events)


def test_the_async_client_resumes_too() -> None:
    async def read(url: str) -> list[int | None]:
        async with AsyncClient(url) as client:
            handle = await client.jobs.get(resources.JOB_ID)
            return [event.seq async for event in handle.events()]

    with outside(_with_job(_sse(_FIRST, _EPOCH), _sse(_DONE))) as world:
        assert asyncio.run(read(world.url)) == [1, 2, 3]
    assert _resumed_at(world) == ["0", "2"]


def test_who_stops_listening_leaves_nothing_open() -> None:
    with outside(_with_job(_sse(_FIRST, _EPOCH, _DONE))) as world, Client(world.url) as client:
        events = client.jobs.get(resources.JOB_ID).events()
        assert next(events).seq == 1
        events.close()  # type: ignore[attr-defined]
        assert client.jobs.get(resources.JOB_ID).state == "running"
