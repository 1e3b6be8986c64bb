"""Ten thousand notices, a receiver that fails, senders that are killed: each arrives, signed."""

import random
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import func, select
from standardwebhooks import Webhook as Verifier

from models.database import Database
from models.delivery import Delivery
from models.notice import Notice
from models.outbox import tell_of_test
from models.project import Project
from models.webhook import Webhook
from tests.fixtures.databases import ROOT
from tests.lamina.outside import Asked, Reply, outside

_HOOKS, _EACH, _BATCH = 10, 1000, 50
_SENDERS, _KILLS, _IN_HAND = 2, 20, 8
_PATIENCE_SECONDS = 180

_COURIER = """
import sys, time
from core.settings import Settings
from models.courier import Courier
from models.database import Database
url, there, home = sys.argv[1:]
settings = Settings(
    home=home,
    webhook_to=[there],
    webhook_private=["127.0.0.0/8"],
    webhook_retry_seconds=[0.2] * 60,
    relay_seconds=0.05,
)
Courier(Database(url), settings).start()
time.sleep(86_400)
"""


class Stop(Exception):
    """The batch is rolled back."""


@dataclass
class Receiver:
    """Takes three of four requests; checks every one."""

    dice: random.Random
    secrets: dict[str, str] = field(default_factory=dict)
    bodies: dict[str, set[bytes]] = field(default_factory=lambda: defaultdict(set))
    taken: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    halves: int = 0
    forged: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, asked: Asked) -> Reply:
        """Refuse, break off, or take it."""
        if len(asked.body) < int(asked.headers["content-length"]):
            with self.lock:
                self.halves += 1  # its sender was killed within it
            return Reply(cut=-1)
        try:
            Verifier(self.secrets[asked.path]).verify(asked.body, asked.headers)
            is_sound = True
        except Exception:
            is_sound = False
        with self.lock:
            self.requests += 1
            self.forged += not is_sound
            notice = asked.headers["webhook-id"]
            self.bodies[notice].add(asked.body)
            throw = self.dice.random()
            if throw < 0.15:
                return Reply(self.dice.choice([404, 429, 500, 503]))
            if throw < 0.25:
                return Reply(cut=-1)
            self.taken[notice] += 1
            return Reply(204)


@contextmanager
def senders(*arguments: str) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Processes that do nothing but send."""
    running = [_sender(*arguments) for _ in range(_SENDERS)]
    try:
        yield running
    finally:
        for process in running:
            process.kill()
            process.wait()


def _sender(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", _COURIER, *arguments], cwd=ROOT)


def _tell(database: Database, hooks: list[Webhook], dice: random.Random) -> set[str]:
    """Notices in many transactions, some of which are rolled back; those that are told."""
    told: set[str] = set()
    for _ in range(_EACH * _HOOKS // _BATCH):
        for is_kept in (dice.random() < 0.8, True):
            try:
                with database.session() as session:
                    batch = {
                        tell_of_test(session, hooks[number % _HOOKS]).notice_id
                        for number in range(_BATCH if is_kept else 3)
                    }
                    if not is_kept:
                        raise Stop
                    told |= batch
            except Stop:
                pass
            if is_kept:
                break
    return told


def _pending(database: Database) -> int:
    with database.reading() as session:
        query = select(func.count()).where(Delivery.state == "pending")
        return session.scalar(query) or 0


def _await(receiver: Receiver, database: Database, requests: int | None) -> None:
    """Wait for so many requests, or until nothing is pending; it must go on meanwhile."""
    seen, moment = receiver.requests, time.monotonic()
    while receiver.requests < requests if requests is not None else _pending(database):
        if receiver.requests > seen:
            seen, moment = receiver.requests, time.monotonic()
        assert time.monotonic() < moment + _PATIENCE_SECONDS, f"{_pending(database)} stay pending"
        time.sleep(0.05)


@pytest.mark.long
@pytest.mark.timeout(3000)
def test_of_ten_thousand_none_is_lost(
    database: Database, database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = random.SystemRandom().randrange(2**32)
    dice, receiver = random.Random(seed), Receiver(random.Random(seed + 1))
    began = time.monotonic()
    with outside(receiver.answer) as there:
        with database.session() as session:
            project = Project.default(session).id
            hooks = [
                Webhook.subscribe(
                    session, project, url=f"{there.url}/{n}", events=["job.failed"], description=""
                )
                for n in range(_HOOKS)
            ]
        receiver.secrets = {f"/{n}": hook.secret for n, hook in enumerate(hooks)}
        with (
            senders(database_url, there.url, str(tmp_path)) as running,
            ThreadPoolExecutor(1) as teller,
        ):
            telling = teller.submit(_tell, database, hooks, random.Random(seed + 2))
            for number in range(_KILLS):
                share = (number + 1) * _HOOKS * _EACH // (_KILLS + 2)
                _await(receiver, database, max(share, receiver.requests + 1))
                place = dice.randrange(_SENDERS)
                running[place].kill()
                assert running[place].wait() < 0
                running[place] = _sender(database_url, there.url, str(tmp_path))
            told = telling.result()
            _await(receiver, database, None)
    twice = sum(times > 1 for times in receiver.taken.values())
    with capsys.disabled():
        print(  # noqa: T201
            f"\n{database.engine.dialect.name}, seed {seed}: {len(told)} notices in"
            f" {receiver.requests} requests, {len(receiver.taken)} taken, {twice} more than once,"
            f" {receiver.halves} broken off, {receiver.forged} not signed rightly, {_KILLS} kills,"
            f" {time.monotonic() - began:.0f} s"
        )
    with database.reading() as session:
        states = Counter(session.scalars(select(Delivery.state)))
        assert set(session.scalars(select(Notice.id))) == told
    assert states == {"delivered": _EACH * _HOOKS}
    assert set(receiver.taken) == told
    assert receiver.forged == 0
    assert all(len(bodies) == 1 for bodies in receiver.bodies.values())
    # Only what a killed sender had in hand goes twice.
    assert twice <= _KILLS * _IN_HAND
