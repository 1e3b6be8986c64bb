"""Room in the queue: counted once a second, never refused by an old count, on both databases."""

import time
from collections.abc import Callable

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from api.room import Room
from models import usage
from models.database import Database
from models.job import Job
from models.project import Project
from tests.models.test_attempt import make_job


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What was counted, each time."""
    counted: list[int] = []
    real: Callable[[Session, str], int] = usage.queued_jobs

    def queued_jobs(session: Session, project_id: str) -> int:
        counted.append(real(session, project_id))
        return counted[-1]

    monkeypatch.setattr(usage, "queued_jobs", queued_jobs)
    return counted


def take(room: Room, database: Database, most: int) -> bool:
    """Whether one more may wait."""
    with database.reading() as session:
        return room.take(session, Project.default(session).id, most)


def test_a_crowd_is_counted_once_and_by_what_enters(database: Database, counts: list[int]) -> None:
    make_job(database)
    room = Room()
    assert [take(room, database, 4) for _ in range(3)] == [True] * 3
    assert counts == [1]
    for _ in range(3):
        make_job(database)
    assert not take(room, database, 4)
    assert counts == [1, 4], "nobody is refused by what was counted before"


def test_what_has_left_the_queue_makes_room_at_once(database: Database, counts: list[int]) -> None:
    jobs = [make_job(database) for _ in range(2)]
    room = Room()
    assert not take(room, database, 2)
    with database.session() as session:
        session.execute(update(Job).where(Job.id == jobs[0]).values(state="running"))
    assert take(room, database, 2)
    assert counts == [2, 1]


def test_others_are_seen_within_a_second(
    database: Database, counts: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: moment)
    with database.session() as session:
        Project.default(session)
    room = Room()
    assert take(room, database, 2)
    for _ in range(2):
        make_job(database)
    assert take(room, database, 2), "as counted a moment ago"
    moment += 1.1
    assert not take(room, database, 2)
    assert counts == [0, 2]
