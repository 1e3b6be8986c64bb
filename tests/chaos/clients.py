"""Clients who submit jobs and do not give up: each request has one Idempotency-Key."""

import random
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import httpx2

from tests.service.jobs import STACK

_PATIENCE_SECONDS = 300
_GRACE_SECONDS = 30
_EPOCHS = (2, 2, 100, 300)
"""Of most jobs few."""


@dataclass
class Client(threading.Thread):
    """Submits `count` jobs, most of them short, and keeps what it was promised.

    `answers` counts the status codes of all answers; 0 stands for a broken connection.
    """

    url: str
    dataset: str
    count: int
    seed: int
    pause: float
    epochs: tuple[int, ...] = _EPOCHS
    accepted: list[str] = field(default_factory=list)
    answers: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__(name="client")

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        """Submit them all, one after the other."""
        dice = random.Random(self.seed)
        for number in range(self.count):
            epochs = dice.choice(self.epochs)
            self._submit(f"chaos-{self.seed}-{number}", epochs)
            time.sleep(self.pause)

    def _submit(self, key: str, epochs: int) -> None:
        body: dict[str, Any] = {
            "data": {"dataset": self.dataset, "target": "species"},
            "stack": STACK,
            "fit": {"epochs": epochs, "seed": 1},
        }
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            status, job = self._try(key, body)
            self.answers[status] = self.answers.get(status, 0) + 1
            if job is not None:
                self.accepted.append(job)
                return
            time.sleep(0.2)
        raise TimeoutError(f"{key} was not accepted: {self.answers}")

    def _try(self, key: str, body: dict[str, Any]) -> tuple[int, str | None]:
        try:
            answer = httpx2.post(
                f"{self.url}/v1/jobs",
                json=body,
                headers={"Idempotency-Key": key},
                timeout=_GRACE_SECONDS,
            )
        except httpx2.TransportError:
            return 0, None
        return answer.status_code, str(answer.json()["id"]) if answer.is_success else None
