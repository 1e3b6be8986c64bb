"""Webhooks told by the courier, at a real receiver, on both databases."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from standardwebhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from core.settings import Settings
from models.attempt import Attempt
from models.base import now
from models.courier import Courier
from models.database import Database
from models.delivery import Delivery
from models.job import Job
from models.notice import Notice
from models.outbox import replay_from
from models.project import Project
from models.webhook import Webhook
from tests.fixtures.databases import ROOT
from tests.lamina.outside import Asked, Outside, Reply, in_turn, outside
from tests.models.test_attempt import claim, make_job, make_slots

_SECONDS = 60
_FINAL = ["job.succeeded", "job.failed", "job.cancelled"]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


def subscribe(database: Database, url: str, **values: Any) -> Webhook:
    with database.session() as session:
        project = Project.default(session).id
        return Webhook.subscribe(
            session, project, **{"url": url, "events": _FINAL, "description": "", **values}
        )


def settings_for(home: Path, url: str, **values: Any) -> Settings:
    given = {"webhook_to": [url], "webhook_private": ["127.0.0.0/8"], "relay_seconds": 0.02}
    return Settings(home=home, **{**given, **values})


@contextmanager
def courier(database: Database, settings: Settings) -> Iterator[None]:
    """A courier at work until the block ends."""
    working = Courier(database, settings)
    working.start()
    try:
        yield
    finally:
        working.close()


def cancel(database: Database, job_id: str) -> None:
    with database.session() as session:
        session.get_one(Job, job_id).request_cancel(session)


def deliveries(database: Database) -> list[Delivery]:
    with database.reading() as session:
        return list(session.scalars(select(Delivery).order_by(Delivery.id)))


def until(holds: Callable[[], Any]) -> None:
    deadline = time.monotonic() + _SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def settled(database: Database, count: int = 1) -> list[Delivery]:
    until(lambda: len([d for d in deliveries(database) if d.state != "pending"]) == count)
    return deliveries(database)


def verified(asked: Asked, secret: str) -> Any:
    return Verifier(secret).verify(asked.body, asked.headers)


def test_what_happens_is_told_signed_and_once(database: Database, home: Path) -> None:
    with outside(in_turn(Reply(204))) as there:
        hook = subscribe(database, f"{there.url}/hook?a=b")
        job_id = make_job(database, display_name="digits", tags=["a"])
        with courier(database, settings_for(home, there.url)):
            cancel(database, job_id)
            [delivery] = settled(database)
    [asked] = there.asked
    assert (asked.method, asked.path, asked.query) == ("POST", "/hook", {"a": "b"})
    told = verified(asked, hook.secret)
    assert told["type"] == "job.cancelled"
    assert told["data"]["id"] == job_id
    assert told["data"]["state"] == "cancelled"
    assert told["data"]["display_name"] == "digits"
    assert asked.headers["webhook-id"] == delivery.notice_id
    assert (delivery.state, delivery.tries, delivery.log[0]["status"]) == ("delivered", 1, 204)
    with pytest.raises(WebhookVerificationError):
        Verifier(hook.secret).verify(asked.body.replace(b"digits", b"digitz"), asked.headers)
    late = {**asked.headers, "webhook-timestamp": str(int(time.time()) - 3600)}
    with pytest.raises(WebhookVerificationError):
        Verifier(hook.secret).verify(asked.body, late)


def test_nothing_is_told_of_what_was_rolled_back(database: Database) -> None:
    subscribe(database, "http://127.0.0.1:1")
    job_id = make_job(database)
    before = len(_notices(database))

    def broken() -> None:
        with database.session() as session:
            session.get_one(Job, job_id).request_cancel(session)
            assert session.scalar(select(Delivery.id)) is not None
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken()
    assert deliveries(database) == []
    assert len(_notices(database)) == before


def _notices(database: Database) -> list[Notice]:
    with database.reading() as session:
        return list(session.scalars(select(Notice).order_by(Notice.id)))


def test_after_a_rotation_both_secrets_sign(database: Database, home: Path) -> None:
    with outside(in_turn(Reply())) as there:
        hook = subscribe(database, there.url)
        with database.session() as session:
            session.get_one(Webhook, hook.id).rotate(session, overlap_hours=24)
        with database.reading() as session:
            rotated = session.get_one(Webhook, hook.id)
        with courier(database, settings_for(home, there.url)):
            cancel(database, make_job(database))
            settled(database)
            with database.session() as session:
                session.execute(update(Webhook).values(previous_until=now(-1)))
            cancel(database, make_job(database))
            settled(database, 2)
    both, one = there.asked
    assert rotated.secret != hook.secret
    for secret in (hook.secret, rotated.secret):
        verified(both, secret)
    verified(one, rotated.secret)
    with pytest.raises(WebhookVerificationError):
        verified(one, hook.secret)


def test_it_is_tried_again_and_then_given_up(database: Database, home: Path) -> None:
    answers = (Reply(500), Reply(302, headers={"Location": "http://127.0.0.1:1/"}), Reply(cut=-1))
    with outside(in_turn(*answers)) as there:
        hook = subscribe(database, there.url)
        waits = settings_for(home, there.url, webhook_retry_seconds=[0.05, 0.05])
        with courier(database, waits):
            cancel(database, make_job(database))
            [delivery] = settled(database)
    assert len(there.asked) == 3
    assert len({asked.headers["webhook-id"] for asked in there.asked}) == 1
    assert len({asked.body for asked in there.asked}) == 1
    assert [entry["status"] for entry in delivery.log] == [500, 302, None]
    assert (delivery.state, delivery.tries) == ("failed", 3)
    with database.reading() as session:
        found = session.get_one(Webhook, hook.id)
        assert found.state == "disabled"
        assert "took nothing" in (found.disabled_reason or "")


def test_an_address_that_is_gone_is_asked_no_more(database: Database, home: Path) -> None:
    with outside(in_turn(Reply(410))) as there:
        hook = subscribe(database, there.url)
        jobs = [make_job(database) for _ in range(2)]
        with courier(database, settings_for(home, there.url)):
            cancel(database, jobs[0])
            settled(database)
            cancel(database, jobs[1])
    assert len(there.asked) == 1
    assert len(deliveries(database)) == 1
    with database.session() as session:  # what was missed is there to be told later
        found = session.get_one(Webhook, hook.id)
        assert found.state == "disabled"
        found.change(session, state="enabled")
        first = next(one for one in _notices(database) if one.type == "job.cancelled")
        assert replay_from(session, found, first.id, 10) == (2, None)
    assert [one.state for one in deliveries(database)] == ["pending", "pending"]


def test_addresses_that_are_not_allowed_are_never_connected_to(
    database: Database, home: Path
) -> None:
    with outside(in_turn(Reply())) as there:
        subscribe(database, there.url)
        closed = settings_for(home, there.url, webhook_private=[], webhook_retry_seconds=[])
        with courier(database, closed):
            cancel(database, make_job(database))
            [delivery] = settled(database)
    assert there.asked == []
    assert delivery.log[0]["detail"] == "The host has no public address."


def test_a_slow_address_keeps_no_other_waiting(database: Database, home: Path) -> None:
    def script(asked: Asked) -> Reply:
        if asked.path == "/slow":
            until(lambda: sum(one.path == "/fast" for one in there.asked) == 12)
        return Reply()

    there: Outside
    with outside(script) as there:
        for path in ("/slow", "/fast"):
            subscribe(database, there.url + path)
        # More than a courier sends at a time.
        for job_id in [make_job(database) for _ in range(12)]:
            cancel(database, job_id)
        with courier(database, settings_for(home, there.url, webhook_seconds=_SECONDS)):
            assert {one.state for one in settled(database, 24)} == {"delivered"}


def test_a_threshold_is_told_once(database: Database) -> None:
    make_slots(database)
    hook = subscribe(
        database,
        "http://127.0.0.1:1",
        events=["job.epoch", "job.reached", "job.succeeded"],
        filter="metrics.val_accuracy.last > 0.9",
    )
    job_id = make_job(database)
    attempt = claim(database)
    assert isinstance(attempt, Attempt)
    for epoch, value in enumerate([0.5, 0.95, 0.89, 0.97]):
        with database.session() as session:
            attempt.report_epoch(session, epoch, {"val_accuracy": value}, 1.0)
    with database.session() as session:
        attempt.finish(session, {})
    told = [one.type for one in _notices(database) if one.type in hook.events]
    assert told == ["job.epoch", "job.reached", "job.epoch", "job.succeeded"]
    with database.reading() as session:
        reached = session.scalars(select(Notice).where(Notice.type == "job.reached")).one()
    assert reached.subject == job_id
    assert reached.data["metrics"]["val_accuracy"] == {"last": 0.95, "best": 0.95, "best_epoch": 1}
    assert len(deliveries(database)) == 4


_ALONE = """
import sys, time
from core.settings import Settings
from models.courier import Courier
from models.database import Database
url, there, home = sys.argv[1:]
settings = Settings(
    home=home, webhook_to=[there], webhook_private=["127.0.0.0/8"], relay_seconds=0.02
)
Courier(Database(url), settings).start()
time.sleep(600)
"""


def test_a_kill_between_sending_and_recording_loses_nothing(
    database: Database, database_url: str, home: Path
) -> None:
    def script(_: Asked) -> Reply:
        if process.poll() is None and len(there.asked) == 1:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
        return Reply()

    there: Outside
    with outside(script) as there:
        hook = subscribe(database, there.url)
        cancel(database, make_job(database))
        command = [sys.executable, "-c", _ALONE, database_url, there.url, str(home)]
        process = subprocess.Popen(command, cwd=ROOT)
        assert process.wait(timeout=_SECONDS) == -signal.SIGKILL
        [delivery] = deliveries(database)
        assert (delivery.state, delivery.tries, delivery.claims) == ("pending", 0, 1)
        with database.session() as session:  # its lease runs out
            session.execute(update(Delivery).values(due_at=now(-1)))
        with courier(database, settings_for(home, there.url)):
            [delivery] = settled(database)
    first, second = there.asked
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == delivery.notice_id
    assert first.body == second.body
    for asked in there.asked:
        verified(asked, hook.secret)
    assert delivery.state == "delivered"


def test_who_was_overtaken_records_nothing(database: Database) -> None:
    subscribe(database, "http://127.0.0.1:1")
    cancel(database, make_job(database))
    with database.session() as session:
        [mine] = Delivery.claim(session, 8, 2, 60)
    with database.session() as session:
        assert Delivery.claim(session, 8, 2, 60) == []
        session.execute(update(Delivery).values(due_at=now(-1)))
        [theirs] = Delivery.claim(session, 8, 2, 60)
    with database.session() as session:
        assert not mine.settle(session, {"status": 500}, "failed")
        assert theirs.settle(session, {"status": 200}, "delivered")
        assert not theirs.settle(session, {"status": 200}, "delivered")


def test_old_notices_go_unless_they_wait(database: Database) -> None:
    subscribe(database, "http://127.0.0.1:1")
    for _ in range(2):
        cancel(database, make_job(database))
    first, second = deliveries(database)
    with database.session() as session:
        session.execute(update(Delivery).where(Delivery.id == first.id).values(state="delivered"))
        session.execute(update(Notice).values(created_at=now(-2 * 86_400)))
        Notice.forget(session, days=1)
    assert [one.id for one in _notices(database)] == [second.notice_id]
    assert [one.id for one in deliveries(database)] == [second.id]
