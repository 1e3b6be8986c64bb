"""The reading of a dataset as a stream: how far it is, and what came of it."""

import threading
from typing import Any

import httpx2
import pytest

from lamina import Client
from models.dataset import Dataset
from tests.api.rows import unseen
from tests.api.running import Running
from tests.api.test_streams import Sent, _events


@pytest.fixture
def reading(service: Running) -> Dataset:
    """A dataset that a worker has begun to read."""
    made = service.client.post("/v1/datasets", content=unseen()).json()["id"]
    with service.database.session() as session:
        while (row := Dataset.claim(session, 600)) is not None and row.id != made:
            pass
    assert row is not None
    return row


def tell(service: Running, row: Dataset, phase: str, fraction: float) -> None:
    with service.database.session() as session:
        done = {"phase": phase, "fraction": fraction, "done": None, "total": None}
        assert row.report_progress(session, done)


def refuse(service: Running, row: Dataset) -> None:
    with service.database.session() as session:
        row.refuse(session, {"code": "invalid-dataset", "detail": "No rows.", "errors": []})


def follow(service: Running, row: Dataset, told: list[Sent], heard: threading.Event) -> None:
    url = f"{service.url}/v1/datasets/{row.id}/events/stream"
    with httpx2.stream("GET", url, timeout=60) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        for event in _events(response.iter_lines()):
            told.append(event)
            heard.set()


def test_a_stream_tells_of_the_reading_and_ends(service: Running, reading: Dataset) -> None:
    told: list[Sent] = []
    heard = threading.Event()
    tell(service, reading, "fetching", 0.0)
    follower = threading.Thread(target=follow, args=(service, reading, told, heard))
    follower.start()
    for phase, fraction in (("reading", 0.3), ("storing", 0.95)):
        assert heard.wait(60)
        heard.clear()
        tell(service, reading, phase, fraction)
    assert heard.wait(60)
    tag = service.client.get(f"/v1/datasets/{reading.id}").headers["etag"]
    tell(service, reading, "storing", 0.99)
    assert service.client.get(f"/v1/datasets/{reading.id}").headers["etag"] == tag
    refuse(service, reading)
    follower.join(60)
    *progress, done = told
    assert {one.event for one in progress} == {"progress"}
    assert {one.id for one in progress} == {None}
    fractions = [one.data["fraction"] for one in progress]
    assert fractions[:3] == [0.0, 0.3, 0.95]
    assert (done.event, done.data["state"], done.data["id"]) == (
        "dataset.done",
        "failed",
        reading.id,
    )
    again = {"last-event-id": str(done.id)}
    path = f"/v1/datasets/{reading.id}/events/stream"
    assert service.client.get(path, headers=again).status_code == 204
    late = list(_events(service.client.get(path).iter_lines()))
    assert [one.event for one in late] == ["dataset.done"]
    assert service.client.get("/v1/datasets/ds_0/events/stream").status_code == 404
    assert service.services.hub.watched == 0


def test_the_stream_of_a_dataset_that_goes_ends(service: Running, reading: Dataset) -> None:
    told: list[Sent] = []
    heard = threading.Event()
    tell(service, reading, "reading", 0.5)
    follower = threading.Thread(target=follow, args=(service, reading, told, heard))
    follower.start()
    assert heard.wait(60)
    assert service.client.delete(f"/v1/datasets/{reading.id}").status_code == 204
    follower.join(60)
    assert not follower.is_alive()
    assert [one.event for one in told] == ["progress"]


def test_the_client_follows_a_reading(service: Running, reading: Dataset) -> None:
    tell(service, reading, "reading", 0.1)
    seen: list[Any] = []
    with Client(service.url) as client:
        for progress in client.datasets.get(reading.id).progress():
            seen.append((progress.phase, progress.fraction))
            if progress.phase == "reading":
                tell(service, reading, "storing", 0.95)
            else:
                refuse(service, reading)
    assert seen == [("reading", 0.1), ("storing", 0.95)]
