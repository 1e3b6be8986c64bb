"""The disk of a service fills up while it trains: told as such, what was kept is used later."""

import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.fixtures.disk import Mount
from tests.fixtures.redis import RedisServer
from tests.fixtures.service import Service
from tests.service.jobs import await_job, epochs_done, submit, training_children, upload_iris

_MIB = 2**20
_WIDE = [
    {"class_name": "Dense", "units": 2_000, "activation": "relu"},
    {"class_name": "Dense", "units": 3, "activation": "softmax"},
]


@pytest.fixture
def cramped(mounted: Mount, make_sqlite, redis_server: RedisServer) -> Iterator[Service]:  # type: ignore[no-untyped-def]
    """A service whose files lie on a small disk of their own; its database does not."""
    service = Service(
        *(mounted(24 * _MIB), make_sqlite(), redis_server.url), LAMINA_MAX_FAILURES="1"
    )
    for name in ("api", "worker"):
        service.start(name)
    service.await_api()
    yield service
    service.close()


def fill(folder: Path) -> Path:
    """A file that leaves no room."""
    path = folder / "filler"
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 65_536)
        except OSError:
            return path


@pytest.mark.long
def test_a_full_disk_ends_the_job_and_its_checkpoint_is_used(cramped: Service) -> None:
    dataset = upload_iris(cramped)
    job = submit(cramped, dataset, epochs=3_000, stack=_WIDE)
    await_job(cramped, job, epochs_done(20))
    filler = fill(cramped.home)
    ended = await_job(cramped, job)
    assert (ended["state"], ended["error"]["code"]) == ("failed", "storage-full"), ended["error"]
    last = ended["error"]["last_good_epoch"]
    assert last is not None
    deadline = time.monotonic() + 30
    while training_children(cramped) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert training_children(cramped) == []
    assert list((cramped.home / "scratch").glob("worker-*/*/task-*")) == []
    filler.unlink()
    again = httpx2.post(f"{cramped.url}/v1/jobs/{job}/retry", timeout=60)
    assert again.status_code == 202, again.text
    going = await_job(cramped, again.json()["id"], epochs_done(last + 2))
    log = httpx2.get(f"{cramped.url}/v1/jobs/{going['id']}/events", timeout=30).json()["data"]
    started = [one["data"]["from_epoch"] for one in log if one["data"].get("state") == "running"]
    assert started == [last + 1]
    httpx2.post(f"{cramped.url}/v1/jobs/{going['id']}/cancel", timeout=60)
