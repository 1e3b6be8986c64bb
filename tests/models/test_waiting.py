"""What hosts could run, and why a queued job waits."""

import pytest
from sqlalchemy import update

from models.base import now
from models.capacity import Capacity
from models.database import Database
from models.job import Job
from models.queue_order import positions
from models.slot import Slot
from models.waiting import reasons
from models.worker import Worker
from tests.models.test_attempt import claim, make_job

SHARE, CARD = 4 * 2**30, 80 * 2**30


def host(database: Database, name: str, cpu: int = 1, gpu: int = 0) -> None:
    """A live worker on a host with these slots."""
    devices = [("cpu", f"cpu:{i}", SHARE) for i in range(cpu)]
    devices += [("gpu", f"GPU-{i}", CARD) for i in range(gpu)]
    found = [
        {"kind": kind, "device": device, "name": None, "memory_bytes": memory}
        for kind, device, memory in devices
    ]
    with database.session() as session:
        Slot.declare(session, name, found)
        Worker.register(session, name, 1, 60)


def code(database: Database, job_id: str) -> str:
    with database.reading() as session:
        job = session.get_one(Job, job_id)
        return reasons(session, [job], positions(session, [job_id]))[job_id]["code"]


def test_capacity_is_of_the_largest_host(database: Database) -> None:
    with database.reading() as session:
        assert not Capacity.known(session).is_known
    host(database, "small")
    host(database, "large", cpu=1, gpu=4)
    with database.reading() as session:
        known = Capacity.known(session)
    assert (known.gpus, known.memory) == (4, {"cpu": SHARE, "gpu": CARD})
    assert [known.memory_of(gpus) for gpus in (0, 2, None)] == [SHARE, CARD, CARD]


def test_a_host_that_is_away_is_known_but_not_alive(database: Database) -> None:
    host(database, "away", gpu=1)
    with database.session() as session:
        session.execute(update(Worker).values(alive_until=now(-1)))
    with database.reading() as session:
        assert Capacity.known(session).gpus == 1
        assert not Capacity.alive(session).is_known


@pytest.mark.parametrize(("gpus", "reason"), [(0, "no-worker"), (None, "no-worker")])
def test_without_a_worker(database: Database, gpus: int | None, reason: str) -> None:
    assert code(database, make_job(database, gpus=gpus)) == reason


def test_each_reason_in_turn(database: Database) -> None:
    from tests.models.test_attempt import HOST

    host(database, HOST, cpu=1)
    first = make_job(database, gpus=0)
    second = make_job(database, gpus=0)
    assert code(database, first) == "starting"
    assert code(database, second) == "behind-others"
    assert code(database, make_job(database, gpus=2)) == "no-such-host"
    assert claim(database) is not None
    assert code(database, second) == "slots-busy"
    with database.session() as session:
        session.execute(update(Job).where(Job.id == second).values(not_before=now(60)))
    assert code(database, second) == "backoff"
