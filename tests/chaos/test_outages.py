"""The database out of reach, and a rolling restart: running trainings go on, nothing counts."""

import signal
import time
from pathlib import Path

import httpx2
import pytest

from tests.chaos.clients import Client
from tests.chaos.storm import Storm
from tests.chaos.world import LEASE_SECONDS, WORKERS, running_world
from tests.service.jobs import await_job, epochs_done, submit, upload_iris


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("how", ["cut", "stall"])
def test_an_outage_of_the_database_restarts_nothing(tmp_path: Path, how: str) -> None:
    with running_world(tmp_path, "postgresql") as world:
        service = world.service
        dataset = upload_iris(service)
        job = submit(service, dataset, epochs=3_000)
        await_job(service, job, epochs_done(5))
        for network in world.to_postgres.values():
            getattr(network, how)()
        ends = time.monotonic() + 3 * LEASE_SECONDS
        answers = []
        while time.monotonic() < ends:
            try:
                answers.append(httpx2.get(f"{service.url}/v1/jobs/{job}", timeout=2))
            except httpx2.TimeoutException:
                assert how == "stall"  # nobody has said no
        for network in world.to_postgres.values():
            network.heal()
        assert {answer.status_code for answer in answers} <= {503}
        assert all(answer.headers["Retry-After"] for answer in answers)
        assert answers or how == "stall"
        found = await_job(service, job, epochs_done(50))
        assert (found["attempt"], found["failures"]) == (1, 0)
        after = await_job(service, submit(service, dataset))
        assert (after["state"], after["attempt"]) == ("succeeded", 1)
        httpx2.post(f"{service.url}/v1/jobs/{job}/cancel", timeout=60)


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_rolling_restart_under_load_loses_and_counts_nothing(
    tmp_path: Path, database: str
) -> None:
    with running_world(tmp_path, database) as world:
        storm = Storm(world, jobs=0, strikes=0, faults=(), seed=7)
        client = Client(world.service.url, upload_iris(world.service), 10, seed=7, pause=0.3)
        client.start()
        for name in (*WORKERS, "api", *WORKERS):
            time.sleep(2)
            assert world.service.stop(name) in (0, -signal.SIGTERM)
            world.service.start(name)
        client.join()
        storm.drain()
        assert storm.check(client.accepted) == []
        assert len(client.accepted) == 10
        world.service.await_api()
        for job in client.accepted:
            assert await_job(world.service, job)["failures"] == 0
