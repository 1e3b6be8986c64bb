"""The order of the queue and the starts that are foretold, on both databases."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import update

from models.base import now
from models.database import Database
from models.estimate import Pool, starts
from models.job import Job
from models.project import Project
from models.queue_order import positions
from tests.models.test_attempt import HOST, claim, make_job
from tests.models.test_waiting import host


def give(database: Database, job_id: str, name: str) -> None:
    """Make it a job of another project."""
    with database.session() as session:
        project = Project.named(session, name).id
        session.execute(update(Job).where(Job.id == job_id).values(project_id=project))


def foretold(database: Database, *job_ids: str) -> list[float | None]:
    """Seconds until each of these starts."""
    with database.reading() as session:
        found = starts(session, job_ids)
    moment = datetime.now(UTC)
    return [(found[one] - moment).total_seconds() if one in found else None for one in job_ids]


def ended(database: Database, seconds: float, **values: Any) -> str:
    """A job that succeeded after so long, an hour ago."""
    job_id = make_job(database, **values)
    with database.session() as session:
        job = session.get_one(Job, job_id)
        job.state, job.started_at, job.finished_at = "succeeded", now(-3600 - seconds), now(-3600)
    return job_id


def test_positions_are_the_order_of_the_claims(database: Database) -> None:
    host(database, HOST, cpu=9)
    busy = [make_job(database) for _ in range(2)]
    assert [attempt.job.id for attempt in (claim(database), claim(database)) if attempt] == busy
    jobs = [make_job(database, priority=p) for p in (0, 0, 0, 0, 5, 0, 0)]
    for job_id, name in zip(jobs[2:], ("b", "b", "b", "b", "c"), strict=True):
        give(database, job_id, name)
    with database.reading() as session:
        told = positions(session, jobs)
    taken = [attempt.job.id for attempt in (claim(database) for _ in jobs) if attempt]
    assert taken == sorted(jobs, key=told.__getitem__)
    assert taken == [jobs[place] for place in (4, 6, 2, 0, 3, 1, 5)], "each project in turn"


def test_a_start_follows_from_progress_and_from_jobs_before(database: Database) -> None:
    host(database, HOST, cpu=1)
    first, second, third = (make_job(database, gpus=0, parameters=100) for _ in range(3))
    assert foretold(database, first, second) == [pytest.approx(0, abs=20), None]
    attempt = claim(database)
    assert attempt is not None
    assert foretold(database, second) == [None], "nothing is known of the time that jobs take"
    told = {"epoch": 0, "step": 1, "eta_seconds": 500.0}
    with database.session() as session:
        attempt.report_progress(session, told, 1, {})
    assert foretold(database, second, third) == [pytest.approx(500, abs=30), None]
    ended(database, 9000, parameters=100_000)
    ended(database, 1000, parameters=50)
    assert foretold(database, second, third) == [
        pytest.approx(500, abs=30),
        pytest.approx(1500, abs=30),
    ]
    with database.session() as session:
        session.execute(update(Job).where(Job.id == second).values(not_before=now(800)))
    assert foretold(database, second, third)[0] == pytest.approx(800, abs=30)
    with database.session() as session:
        attempt.give_back(session, "handed-over", 0)
    again = claim(database)
    assert again is not None
    assert foretold(database, second) == [pytest.approx(1000, abs=60)], "of an attempt before"


def test_a_job_takes_the_slots_that_are_free_first() -> None:
    mixed = Pool("gpu", True, [5.0, 7.0, 60.0])
    assert [mixed.fits(gpus) for gpus in (None, 0, 3, 4)] == [1, 0, 3, 0]
    mixed.take(2, 7.0, 10.0)
    assert mixed.free_in == [17.0, 17.0, 60.0]
    assert [Pool("cpu", False, [0.0]).fits(gpus) for gpus in (None, 0, 1)] == [0, 1, 0]
