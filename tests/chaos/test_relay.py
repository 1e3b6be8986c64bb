"""A wake-up that Redis never got is sent again, and by nothing else than the relay."""

import time
from pathlib import Path

import pytest

from tests.chaos.world import World, running_world
from tests.service.jobs import await_job, get_job, submit, upload_iris

_SECONDS = 60
_QUIET_SECONDS = 15


def lose_a_wakeup(world: World) -> str:
    """A job whose wake-ups were not sent, while its only worker is idle; Redis is back."""
    service = world.service
    dataset = upload_iris(service)
    await_job(service, submit(service, dataset))
    world.redis.kill()
    job = submit(service, dataset)
    # One for each queue: the second is sent after the first was given up, perhaps to a Redis
    # that has come back meanwhile.
    log, deadline = service.home / "api.log", time.monotonic() + _SECONDS
    while log.read_text().count("wake-up not sent") < 2:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    world.redis.start()
    return job


@pytest.mark.long
def test_a_lost_wakeup_is_sent_again(tmp_path: Path) -> None:
    with running_world(tmp_path, "sqlite", None, ("worker-1",)) as world:
        assert await_job(world.service, lose_a_wakeup(world))["state"] == "succeeded"


@pytest.mark.long
def test_without_the_relay_nothing_else_wakes_an_idle_worker(tmp_path: Path) -> None:
    with running_world(tmp_path, "sqlite", "relay", ("worker-1",)) as world:
        job = lose_a_wakeup(world)
        # The worker is connected to Redis again long before.
        time.sleep(_QUIET_SECONDS)
        assert get_job(world.service, job)["state"] == "queued"
        # Any other submission wakes it, and it takes what waits.
        submit(world.service, get_job(world.service, job)["dataset"])
        assert await_job(world.service, job)["state"] == "succeeded"
