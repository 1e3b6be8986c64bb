"""Places in the queue, counted in two ways, and what a new job meets, on both databases."""

from itertools import product

import pytest
from sqlalchemy import update

from models import queue_order
from models.database import Database
from models.entrance import Entrance
from models.fleet import Fleet
from models.job import Job
from models.project import Project
from models.queue_order import line, positions
from tests.models.test_attempt import HOST, claim, make_job
from tests.models.test_queue_order import give
from tests.models.test_waiting import host


def alone(database: Database, jobs: list[str]) -> dict[str, int]:
    """The place of each job, asked for by itself."""
    found: dict[str, int] = {}
    for job_id in jobs:
        with database.reading() as session:
            found |= positions(session, [job_id])
    return found


def test_one_job_has_the_place_that_it_has_among_many(database: Database) -> None:
    jobs = [make_job(database, priority=priority) for priority in (0, 3, 0, -1, 3)]
    with database.reading() as session:
        together = positions(session, jobs)
    assert alone(database, jobs) == together
    assert sorted(jobs, key=together.__getitem__) == [jobs[at] for at in (1, 4, 0, 2, 3)]
    for job_id in jobs[1:3]:
        give(database, job_id, "other")
    with database.reading() as session:
        assert alone(database, jobs) == positions(session, jobs)


def test_a_long_queue_is_counted_up_to_an_end(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_order, "MOST", 3)
    jobs = [make_job(database, priority=priority) for priority, _ in product((1, 0), range(3))]
    with database.reading() as session:
        assert [row.id for row in line(session, 4)] == jobs[:4]
        told = positions(session, jobs)
    assert [told[job_id] for job_id in jobs] == [0, 1, 2, 3, 3, 3]


def test_what_a_new_job_meets(database: Database) -> None:
    host(database, HOST, cpu=3, gpu=1)
    busy = make_job(database, gpus=0)
    assert claim(database) is not None
    waiting = [make_job(database, priority=priority) for priority in (0, 5)]
    with database.session() as session:
        job = session.get_one(Job, busy)
        met = Entrance.look(session, job.project_id, "job_z", 0, {job.dataset_id, "ds_none"})
        assert (met.running, met.datasets, met.is_watched) == (1, 1, False)
        assert met.place(session, "job_z") == len(waiting)
        assert met.fleet.free_of("cpu", "gpu") == 3
        assert met.fleet.free == Fleet.look(session).free == {"cpu": 2, "gpu": 1}
        assert abs((met.moment - job.created_at).total_seconds()) < 600
        urgent = Entrance.look(session, job.project_id, "job_z", 9)
        assert (urgent.ahead, urgent.datasets) == (0, 0)
        other = Project.named(session, "other").id
        session.execute(update(Job).where(Job.id == waiting[0]).values(project_id=other))
        assert Entrance.look(session, job.project_id, "job_z").ahead is None
