"""Uploads: streamed, repeated from the start, seen from both clients."""

import asyncio
import json
from pathlib import Path

import pytest

from lamina.client import AsyncClient, Client, DatasetFailed
from lamina.client.source import CHUNK
from tests.lamina import resources
from tests.lamina.outside import Asked, Reply, in_turn, outside, problem

_READING = Reply(202, resources.dataset("reading"))
_BUSY = problem("unavailable", 503, headers={"Retry-After": "0"})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file of several chunks."""
    path = tmp_path / "big data.csv"
    path.write_bytes(b"0123456789abcdef" * (CHUNK // 16) * 3 + b"end")
    return path


def _check(asked: list[Asked], file: Path, told: list[tuple[int, int]]) -> None:
    assert [request.body for request in asked] == [file.read_bytes()] * 2
    assert asked[0].query == {"filename": "big data.csv", "name": "mine"}
    assert asked[0].headers["content-type"] == "application/octet-stream"
    assert len({request.headers["idempotency-key"] for request in asked}) == 1
    size = file.stat().st_size
    assert told == [(min(CHUNK * n, size), size) for n in (1, 2, 3, 4)] * 2


def test_a_file_is_streamed_and_sent_again_whole(file: Path) -> None:
    told: list[tuple[int, int]] = []
    with outside(in_turn(_BUSY, _READING)) as world, Client(world.url) as client:
        handle = client.upload(file, name="mine", progress=lambda *at: told.append(at))
    assert handle.state == "reading"
    _check(world.asked, file, told)


def test_the_async_client_does_the_same(file: Path) -> None:
    told: list[tuple[int, int]] = []

    async def upload(url: str) -> str:
        async with AsyncClient(url) as client:
            handle = await client.upload(file, name="mine", progress=lambda *at: told.append(at))
            return handle.state

    with outside(in_turn(_BUSY, _READING)) as world:
        assert asyncio.run(upload(world.url)) == "reading"
    _check(world.asked, file, told)


def test_training_waits_until_the_data_was_read() -> None:
    job = Reply(202, resources.job("queued"))
    ready = Reply(200, resources.dataset(), {"Preference-Applied": "wait=30"})
    with outside(in_turn(_READING, ready, job)) as world, Client(world.url) as client:
        client.train([], dataset=[{"a": 1}], target="a")
    assert [request.path for request in world.asked] == [
        "/v1/datasets",
        f"/v1/datasets/{resources.DATASET_ID}",
        "/v1/jobs",
    ]
    assert world.asked[1].headers["prefer"] == "wait=30"
    assert resources.DATASET_ID.encode() in world.asked[2].body


def test_data_that_cannot_be_read_is_no_training() -> None:
    error = {"code": "unreadable", "detail": "It is a picture.", "errors": [{"detail": "line 3"}]}
    failed = Reply(200, resources.dataset("failed", error=error, filename="x.csv"))
    with (
        outside(in_turn(failed)) as world,
        Client(world.url) as client,
        pytest.raises(DatasetFailed, match=r"x\.csv could not be read: It is a pic.*\n.*line 3"),
    ):
        client.train([], dataset=[{"a": 1}])
    assert len(world.asked) == 1


def test_a_url_is_fetched_by_the_service() -> None:
    with outside(in_turn(_READING)) as world, Client(world.url) as client:
        client.upload("https://files.example/x.csv", name="mine")
    content = json.loads(world.asked[0].body)
    assert content == {"url": "https://files.example/x.csv", "name": "mine"}


def test_a_version_of_a_name_is_a_dataset() -> None:
    job = Reply(202, resources.job("queued"))
    with outside(in_turn(job)) as world, Client(world.url) as client:
        client.train([], dataset="points@latest", target="a")
    assert json.loads(world.asked[0].body)["data"]["dataset"] == "points@latest"
