"""SIGKILL at every named step, on both databases: what was promised is kept."""

import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import select

from models.delivery import Delivery
from tests.chaos.clients import Client
from tests.chaos.crashes import POINTS, Orders, parts_of
from tests.chaos.invariants import unfinished, violations
from tests.chaos.world import World, running_world
from tests.lamina.outside import Outside, Reply, in_turn, outside
from tests.service.jobs import training_children, upload_iris

_SECONDS = 300
_EPOCHS = 6
_SECOND = ("put",)
"""Steps that are taken more than once, and die at their second call."""


@dataclass
class Scene:
    """A world with a receiver of its webhook, and what its clients were promised so far."""

    world: World
    there: Outside
    dataset: str
    orders: Orders
    accepted: list[str] = field(default_factory=list)
    rounds: int = 0

    def crash(self, *points: tuple[str, str]) -> None:
        """Have a part that takes each of these steps die there, and start again."""
        given = [
            self.orders.give(step, moment, 2 if step in _SECOND else 1) for step, moment in points
        ]
        self.rounds += 1
        client = Client(
            *(self.world.service.url, self.dataset, 1, self.rounds), pause=0, epochs=(_EPOCHS,)
        )
        try:
            if "read" in dict(points):
                _upload(self.world.service.url, self.rounds)
            client.start()
            for step, _ in points:
                self._revive(*parts_of(step))
        finally:
            for order in given:
                order.unlink(missing_ok=True)
        client.join()
        self.accepted += client.accepted

    def _revive(self, *parts: str) -> None:
        """Wait until one of these parts has died, and start it again."""
        service, deadline = self.world.service, time.monotonic() + _SECONDS
        while time.monotonic() < deadline:
            for part in parts:
                if (status := service.processes[part].poll()) is not None:
                    assert status == -signal.SIGKILL
                    service.start(part)
                    return
            time.sleep(0.05)
        raise TimeoutError(parts)

    def broken(self) -> list[str]:
        """The promises that were broken, once all has ended that was begun."""
        with self.world.database() as database:
            deadline = time.monotonic() + _SECONDS
            while time.monotonic() < deadline:
                with database.reading() as session:
                    waiting = select(Delivery.id).where(Delivery.state == "pending").limit(1)
                    if not unfinished(session) and session.scalar(waiting) is None:
                        break
                time.sleep(0.1)
            with database.reading() as session:
                found = violations(session, self.accepted, self.world.service.home / "objects")
                notices = select(Delivery.notice_id, Delivery.state)
                told = {one.headers["webhook-id"] for one in self.there.asked}
                found += [
                    f"{notice} is {state} and was {'' if notice in told else 'not '}told"
                    for notice, state in session.execute(notices)
                    if state != "delivered" or notice not in told
                ]
        return [
            *found,
            *(f"process {pid} is left" for pid in training_children(self.world.service)),
        ]


def _upload(url: str, turn: int) -> None:
    """Rows that no turn before has sent: what was read once is not read again."""
    rows = b"a,b\n" + b"".join(b"%d,%d\n" % (n, n * n % 7 + turn) for n in range(50))
    headers = {"Content-Type": "text/csv"}
    httpx2.post(f"{url}/v1/datasets?filename=a.csv", content=rows, headers=headers, timeout=60)


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.long)]
)
def scene(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scene]:
    folder: Path = tmp_path_factory.mktemp("world")
    with outside(in_turn(Reply(204))) as there:
        settings = {
            "LAMINA_WEBHOOK_TO": f'["{there.url}"]',
            "LAMINA_WEBHOOK_PRIVATE": '["127.0.0.0/8"]',
            "LAMINA_WEBHOOK_SECONDS": "1",
        }
        orders = tmp_path_factory.mktemp("orders")
        prefix = ("tests.chaos.crashes", str(orders))
        parts = ("worker-1",)
        with running_world(folder, request.param, None, parts, prefix, **settings) as world:
            made = httpx2.post(f"{world.service.url}/v1/webhooks", json={"url": there.url})
            assert made.status_code == 201, made.text
            yield Scene(world, there, upload_iris(world.service), Orders(orders))


def test_two_crashes_on_the_way_into_training_break_no_promise(scene: Scene) -> None:
    scene.crash(("submit", "committed"), ("claim", "committed"))
    assert scene.broken() == []


@pytest.mark.long
@pytest.mark.parametrize(("step", "moment"), POINTS)
def test_a_crash_breaks_no_promise(scene: Scene, step: str, moment: str) -> None:
    scene.crash((step, moment))
    assert scene.broken() == []
