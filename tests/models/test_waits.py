"""How long a job may wait, on both databases."""

from sqlalchemy import update

from models.base import now
from models.database import Database
from models.job import Job
from models.reaper import end_waits, reap
from tests.models.test_attempt import claim, expire, make_job, make_slots, state_of


def pass_time(database: Database) -> None:
    """Let the time to wait of every job be over."""
    with database.session() as session:
        session.execute(update(Job).where(Job.start_by.is_not(None)).values(start_by=now(-1)))


def end(database: Database) -> int:
    with database.session() as session:
        return end_waits(session)


def test_a_job_that_waited_too_long_fails_once(database: Database) -> None:
    make_slots(database, cpu=2)
    request = {"resources": {"max_wait_seconds": 60}}
    with database.session() as session:
        first = session.get_one(Job, make_job(database))
        late = Job.submit(
            session, first.project_id, 60, dataset_id=first.dataset_id, request=request,
            plan={}, max_seconds=10, priority=9,
        ).id  # fmt: skip
    assert end(database) == 0
    pass_time(database)
    attempt = claim(database)
    assert attempt is not None
    assert attempt.job.id == first.id, "nobody starts it any more"
    assert [end(database), end(database)] == [1, 0]
    with database.reading() as session:
        job = session.get_one(Job, late)
        assert (job.state, job.started_at) == ("failed", None)
        assert job.error is not None
        assert (job.error["code"], job.error["blame"]) == ("wait-timed-out", "resource")
        assert "60 s" in job.error["detail"]


def test_a_job_that_has_started_once_waits_as_long_as_it_takes(database: Database) -> None:
    make_slots(database, cpu=1)
    job_id = make_job(database, max_wait=60)
    assert claim(database) is not None
    expire(database)
    with database.session() as session:
        assert reap(session) == 1
    pass_time(database)
    assert (end(database), state_of(database, job_id)) == (0, "queued")
    assert claim(database) is not None
