"""A port that remembers what a task reported."""

from collections.abc import Callable
from typing import Any

from engine.port import Order


class Recorder:
    """Keeps events in order; gives the order that `decide` (told all events so far) says."""

    def __init__(
        self, decide: Callable[[list[dict[str, Any]]], Order | None] | None = None
    ) -> None:
        self.events: list[dict[str, Any]] = []
        self._decide = decide

    @property
    def order(self) -> Order | None:
        return self._decide(self.events) if self._decide else None

    def emit(self, event: str, **fields: Any) -> None:
        self.events.append({"event": event, **fields})

    def named(self, event: str) -> list[dict[str, Any]]:
        return [entry for entry in self.events if entry["event"] == event]
