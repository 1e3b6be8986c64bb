"""A storm: clients submit while faults strike; then calm, and the books are checked."""

import random
import time
from collections import Counter
from dataclasses import dataclass, field

from tests.chaos.clients import Client
from tests.chaos.faults import Fault, worker_frozen
from tests.chaos.invariants import unfinished, violations
from tests.chaos.world import LEASE_SECONDS, World
from tests.service.jobs import training_children, upload_iris

_CALM_SECONDS = 60


@dataclass
class Storm:
    """`jobs` from two clients, `strikes` of the `faults` one after another, drawn by the seed.

    `seconds` is how long after the last fault no job may end, where some are left.
    """

    world: World
    jobs: int
    strikes: int
    faults: tuple[Fault, ...]
    seed: int
    seconds: float = 240
    struck: Counter[str] = field(default_factory=Counter)

    def run(self) -> list[str]:
        """The promises that were broken, in words; prints its figures."""
        url, dataset = self.world.service.url, upload_iris(self.world.service)
        clients = [
            Client(url, dataset, self.jobs // 2, self.seed * 2 + place, pause=0.3)
            for place in range(2)
        ]
        began = time.monotonic()
        for client in clients:
            client.start()
        self._strike()
        for client in clients:
            client.join()
        calm = time.monotonic()
        drained = self.drain()
        accepted = [job for client in clients for job in client.accepted]
        found = self.check(accepted)
        answers: Counter[int] = sum((Counter(client.answers) for client in clients), Counter())
        print(  # noqa: T201
            f"seed {self.seed}: {len(accepted)} of {self.jobs} jobs accepted,"
            f" {sum(self.struck.values())} faults {dict(self.struck)}, answers {dict(answers)},"
            f" {calm - began:.0f} s of storm, drained in {drained:.0f} s,"
            f" {len(found)} broken promises"
        )
        if len(accepted) != self.jobs:
            found.append(f"only {len(accepted)} of {self.jobs} jobs were accepted")
        return [*found, *(f"an answer was {code}" for code in answers if code in (500, 502, 504))]

    def _strike(self) -> None:
        dice = random.Random(self.seed)
        for _ in range(self.strikes):
            fault = dice.choice(self.faults)
            fault(self.world, dice)
            self.struck[fault.__name__] += 1
            time.sleep(dice.uniform(0.2, 1.5))

    def drain(self) -> float:
        """Wait until every job has ended, or for too long none has; how long it took."""
        began = moment = time.monotonic()
        left = 0
        with self.world.database() as database:
            while time.monotonic() - moment < self.seconds:
                with database.reading() as session:
                    before, left = left, unfinished(session)
                if not left:
                    break
                if left != before:
                    moment = time.monotonic()
                time.sleep(0.3)
        return time.monotonic() - began

    def check(self, accepted: list[str]) -> list[str]:
        """The invariants, once what a zombie might still write has been written."""
        if worker_frozen in self.faults:
            time.sleep(LEASE_SECONDS / 2)
        objects = self.world.service.home / "objects"
        with self.world.database() as database, database.reading() as session:
            found = violations(session, accepted, objects)
        deadline = time.monotonic() + _CALM_SECONDS
        while (left := training_children(self.world.service)) and time.monotonic() < deadline:
            time.sleep(0.2)
        return [*found, *(f"process {pid} was left behind" for pid in left)]
