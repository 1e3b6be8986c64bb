"""Many workers at once, on both databases: every job and every slot goes to one of them."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import select, update

from models.attempt import Attempt, Superseded
from models.base import now
from models.claim import claim_next
from models.database import Database
from models.dataset import Dataset
from models.job import Job
from models.project import Project
from models.reaper import reap
from models.slot import Slot
from tests.models.test_attempt import HOST, LEASE, make_job, make_slots

_THREADS = 8
_JOBS = 16


def claim_all(database: Database) -> list[Attempt]:
    """What one worker gets when it claims until nothing is left."""
    found = []
    while True:
        try:
            with database.session() as session:
                attempt = claim_next(session, "wrk_1", HOST, LEASE)
        except Superseded:
            continue
        if attempt is None:
            return found
        found.append(attempt)


def test_no_job_and_no_slot_is_claimed_twice(database: Database) -> None:
    make_slots(database, cpu=_JOBS)
    jobs = {make_job(database) for _ in range(_JOBS)}
    with ThreadPoolExecutor(_THREADS) as pool:
        results = list(pool.map(lambda _: claim_all(database), range(_THREADS)))
    attempts = [attempt for found in results for attempt in found]
    claimed = Counter(attempt.job.id for attempt in attempts)
    slots = Counter(slot.id for attempt in attempts for slot in attempt.slots)
    # A worker may look while another holds the last rows; what is left is claimed afterwards.
    for attempt in claim_all(database):
        claimed[attempt.job.id] += 1
        slots.update(slot.id for slot in attempt.slots)
    assert claimed == dict.fromkeys(jobs, 1)
    assert set(slots.values()) == {1}
    assert all(attempt.number == 1 for attempt in attempts)


def test_workers_of_one_host_may_start_at_once(database: Database) -> None:
    make_slots(database, cpu=3)
    barrier = Barrier(_THREADS)

    def declare(_: int) -> None:
        with database.session() as session:
            barrier.wait()
            make = {"kind": "cpu", "name": None, "memory_bytes": 1}
            Slot.declare(session, HOST, [{**make, "device": f"new:{n}"} for n in range(4)])

    with ThreadPoolExecutor(_THREADS) as pool:
        list(pool.map(declare, range(_THREADS)))
    with database.reading() as session:
        slots = list(session.scalars(select(Slot).order_by(Slot.position)))
    assert [slot.device for slot in slots] == [f"new:{n}" for n in range(4)]


def test_many_reapers_count_one_failure(database: Database) -> None:
    make_slots(database, cpu=_JOBS)
    for _ in range(_JOBS):
        make_job(database)
    claim_all(database)
    with database.session() as session:
        session.execute(update(Job).values(lease_until=now(-1)))

    def reap_once(_: int) -> int:
        with database.session() as session:
            return reap(session)

    with ThreadPoolExecutor(_THREADS) as pool:
        assert sum(pool.map(reap_once, range(_THREADS))) == _JOBS
    with database.reading() as session:
        jobs = session.query(Job).all()
        assert {(job.state, job.failures) for job in jobs} == {("queued", 1)}


def test_no_dataset_is_claimed_twice(database: Database) -> None:
    with database.session() as session:
        project = Project.default(session).id
        ids = {Dataset.new_id() for _ in range(_JOBS)}
        for dataset_id in ids:
            session.add(Dataset(id=dataset_id, project_id=project, bytes=1, digest="0" * 64))

    def claim_datasets(_: int) -> list[str]:
        found = []
        while True:
            with database.session() as session:
                dataset = Dataset.claim(session, LEASE)
            if dataset is None:
                return found
            found.append(dataset.id)

    with ThreadPoolExecutor(_THREADS) as pool:
        results = list(pool.map(claim_datasets, range(_THREADS)))
    claimed = Counter(dataset_id for found in results for dataset_id in found)
    claimed.update(claim_datasets(0))
    assert claimed == dict.fromkeys(ids, 1)


def test_a_project_is_made_once_by_many_who_ask_for_it(database: Database) -> None:
    ready = Barrier(_THREADS)

    def ask(_: int) -> str:
        ready.wait(timeout=30)
        with database.session() as session:
            return Project.named(session, "asked for").id

    with ThreadPoolExecutor(_THREADS) as pool:
        assert len(set(pool.map(ask, range(_THREADS)))) == 1
