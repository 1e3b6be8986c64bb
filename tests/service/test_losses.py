"""Killing things for real: no job is lost, none ends twice, nothing is left behind."""

import json
import time
from collections.abc import Iterator

import httpx2
import pytest
import redis as redis_client
from sqlalchemy import func, select

from core.traces import Place
from models.database import Database
from models.model import TrainedModel
from tests.fixtures.collector import Collector, Span, collecting
from tests.fixtures.redis import RedisServer
from tests.fixtures.service import MakeService, Service
from tests.service.jobs import (
    await_job,
    epochs_done,
    events,
    submit,
    training_children,
    upload_iris,
)


def on(short: str) -> pytest.MarkDecorator:
    """On this database in the short form of a test, on the other one in its long form."""
    (long,) = {"sqlite", "postgresql"} - {short}
    values = [short, pytest.param(long, marks=pytest.mark.long)]
    return pytest.mark.parametrize("database", values)


@pytest.fixture
def fragile(
    database: str,
    make_service: MakeService,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Service, RedisServer]]:
    """A service with a Redis of its own, to be broken."""
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    server.start()
    service = make_service(database, redis_url=server.url)
    yield service, server
    service.close()
    server.kill()


@pytest.fixture
def traced(database: str, make_service: MakeService) -> Iterator[tuple[Service, Collector]]:
    """A service that sends its traces to a collector."""
    with collecting() as collector:
        service = make_service(database, **collector.settings)
        yield service, collector
        service.close()


def models_of(service: Service, job: str) -> int:
    database = Database(service.database_url)
    with database.reading() as session:
        count = session.scalar(select(func.count()).where(TrainedModel.job_id == job))
    database.close()
    return count or 0


@on("postgresql")
def test_a_killed_worker_loses_nothing_and_leaves_nothing(
    traced: tuple[Service, Collector],
) -> None:
    service, collector = traced
    epochs = 150
    caller = Place.begin()
    headers = {"traceparent": caller.traceparent}
    job_id = submit(service, upload_iris(service), epochs=epochs, headers=headers)
    await_job(service, job_id, epochs_done(20))
    # A worker that comes late finds that the child has replaced the checkpoint it tells of.
    await_job(
        service, job_id, lambda _: any(e["type"] == "checkpoint" for e in events(service, job_id))
    )
    assert training_children(service)

    service.kill("worker")
    deadline = time.monotonic() + 10
    while training_children(service) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert training_children(service) == []

    service.start("worker")
    job = await_job(service, job_id)
    assert (job["state"], job["attempt"], job["failures"]) == ("succeeded", 2, 1), job["error"]
    assert models_of(service, job_id) == 1
    history = httpx2.get(f"{service.url}/v1/jobs/{job_id}/history").json()
    assert history["epoch"] == list(range(epochs))
    restarted = [
        event["data"]["from_epoch"]
        for event in events(service, job_id)
        if event["data"].get("state") == "running"
    ]
    assert restarted[0] == 0
    assert restarted[1] > 0  # it went on from a checkpoint
    service.stop("worker")
    assert list((service.home / "scratch").glob("worker-*")) == []
    assert job["trace_id"] == caller.trace_id
    service.stop("api")
    _assert_one_tree(collector.of(caller.trace_id), caller, job_id, epochs)
    lines = (service.home / "worker.log").read_text().splitlines()
    logged = [json.loads(line) for line in lines if line.startswith("{")]  # Celery prints others
    begun = [line for line in logged if line["event"] == "training begins"]
    assert [(line["job"], line["attempt"], line["trace_id"]) for line in begun] == [
        (job_id, 1, caller.trace_id),
        (job_id, 2, caller.trace_id),
    ]


def _assert_one_tree(spans: list[Span], caller: Place, job_id: str, epochs: int) -> None:
    """From the request to the epochs of both attempts, the one that was killed too."""
    named = {span.name: span for span in spans}
    by_id = {span.id: span for span in spans}
    assert len(by_id) == len(spans)
    request, job = named["POST /v1/jobs"], named["job"]
    first, second = named["attempt 1"], named["attempt 2"]
    assert request.parent == caller.span_id
    assert (job.parent, first.parent, second.parent) == (request.id, job.id, job.id)
    assert job.attributes["lamina.job.id"] == job_id
    assert (job.failed, first.failed, second.failed) == (False, True, False)
    assert first.attributes["lamina.reason"] == "worker-lost"
    assert [span for span in spans if span is not request and span.parent not in by_id] == []
    done = [span for span in spans if span.name.startswith("epoch ")]
    assert {span.parent for span in done} == {first.id, second.id}
    # What the killed worker had not sent yet is lost with it, as are the epochs done twice.
    last = [span.attributes["lamina.epoch"] for span in done if span.parent == second.id]
    assert last == list(range(last[0], epochs))
    beside = {span.name for span in spans if span.parent == second.id}
    assert {"fetch data", "start engine", "checkpoint", "store"} <= beside
    assert all(span.began <= span.ended for span in spans)
    assert job.began <= first.began < second.began < second.ended


@on("sqlite")
def test_a_stopped_worker_hands_its_job_over(fragile: tuple[Service, RedisServer]) -> None:
    service, _ = fragile
    job_id = submit(service, upload_iris(service), epochs=150)
    await_job(service, job_id, epochs_done(20))
    assert service.stop("worker") == 0
    job = await_job(service, job_id, lambda job: job["state"] == "queued", seconds=5)
    assert job["failures"] == 0
    service.start("worker")
    job = await_job(service, job_id)
    assert (job["state"], job["attempt"], job["failures"]) == ("succeeded", 2, 0), job["error"]
    assert models_of(service, job_id) == 1


@on("postgresql")
def test_redis_killed_with_queued_jobs_loses_none(fragile: tuple[Service, RedisServer]) -> None:
    service, server = fragile
    dataset = upload_iris(service)
    service.stop("worker")
    jobs = [submit(service, dataset, epochs=2) for _ in range(3)]
    server.kill()
    jobs.append(submit(service, dataset, epochs=2))  # accepted without Redis
    server.start()
    with redis_client.Redis.from_url(server.url) as client:
        client.flushall()
    service.start("worker")
    for job_id in jobs:
        assert await_job(service, job_id)["state"] == "succeeded"
        assert models_of(service, job_id) == 1


@on("sqlite")
def test_a_running_job_does_not_need_redis(fragile: tuple[Service, RedisServer]) -> None:
    service, server = fragile
    job_id = submit(service, upload_iris(service), epochs=150)
    await_job(service, job_id, epochs_done(5))
    server.kill()
    job = await_job(service, job_id)
    assert (job["state"], job["attempt"]) == ("succeeded", 1)
    server.start()
    after = submit(service, job["dataset"], epochs=2)
    assert await_job(service, after)["state"] == "succeeded"
