"""Wake-ups: after the commit, once, and never for what was not kept."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select

from api.wakeups import Wakeups
from core import queue
from models.database import Database


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What reaches the queue."""
    names: list[str] = []
    monkeypatch.setattr(queue, "wake", names.append)
    monkeypatch.setattr(queue, "outstanding", lambda _name: 0)
    return names


@pytest.fixture
def database(make_sqlite: Callable[[], str]) -> Iterator[Database]:
    """A database whose transactions are real."""
    opened = Database(make_sqlite())
    yield opened
    opened.close()


def test_they_follow_the_commit(database: Database, sent: list[str]) -> None:
    wakeups = Wakeups()
    with database.session() as session:
        wakeups.after_commit(session, "gpu", "cpu")
        session.execute(select(1))
        time.sleep(0.1)
        assert sent == []
    while len(sent) < 2:
        time.sleep(0.01)
    assert sent == [queue.GPU, queue.CPU]
    with database.session() as session:
        session.execute(select(1))
    wakeups.close()
    assert len(sent) == 2


def test_what_is_rolled_back_wakes_nobody(database: Database, sent: list[str]) -> None:
    wakeups = Wakeups()

    def fail() -> None:
        with database.session() as session:
            wakeups.after_commit(session, "data")
            session.execute(select(1))
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    time.sleep(0.1)
    wakeups.close()
    assert sent == []


def test_a_dead_redis_holds_nobody_up(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    stuck = threading.Event()
    calls: list[str] = []

    def wake(name: str) -> None:
        calls.append(name)
        stuck.wait(20)

    monkeypatch.setattr(queue, "wake", wake)
    monkeypatch.setattr(queue, "outstanding", lambda _name: 0)
    wakeups = Wakeups()
    began = time.monotonic()
    for _ in range(150):
        with database.session() as session:
            wakeups.after_commit(session, "cpu")
            session.execute(select(1))
    assert time.monotonic() - began < 10
    assert len(calls) <= 1
    stuck.set()
    wakeups.close()
    assert len(calls) <= 100


def test_a_crowd_needs_no_more_than_can_start(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    calls: list[str] = []

    def wake(name: str) -> None:
        calls.append(name)
        begun.set()
        go_on.wait(20)

    monkeypatch.setattr(queue, "wake", wake)
    monkeypatch.setattr(queue, "outstanding", lambda _name: 0)
    wakeups = Wakeups()
    for _ in range(30):
        with database.session() as session:
            wakeups.after_commit(session, "cpu", enough=2)
            session.execute(select(1))
        begun.wait(20)
    go_on.set()
    while len(calls) < 3:
        time.sleep(0.01)
    wakeups.close()
    assert calls == [queue.CPU] * 3, "the first at once, then two for all the others"


def test_what_no_worker_has_taken_is_not_sent_again(
    database: Database, sent: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    untaken = {queue.CPU: 1, queue.GPU: 3}
    monkeypatch.setattr(queue, "outstanding", lambda name: untaken[name] + sent.count(name))
    wakeups = Wakeups()
    with database.session() as session:
        for _ in range(5):
            wakeups.after_commit(session, "cpu", "gpu", enough=3)
        session.execute(select(1))
    while len(sent) < 2:
        time.sleep(0.01)
    time.sleep(0.1)
    wakeups.close()
    assert sent == [queue.CPU] * 2
