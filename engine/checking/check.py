"""One check: what was sent, what was found, what was made of it."""

from dataclasses import dataclass, field
from typing import Any

from engine.binding import Features, Target, Training, Wish
from engine.dataset.schema import Schema
from engine.dataset.windows import Window
from engine.stack import Findings, Network, Stack
from engine.stack.matching import Matching


@dataclass
class Check:
    """The state of one check: what was sent, what was found, what was made of it."""

    payload: dict[str, Any]
    pointers: dict[str, str]
    schema: Schema | None
    stack: Stack
    found: dict[str, Findings]
    network: Network = field(default_factory=Network)
    features: Features = field(default_factory=Features)
    wishes: dict[str, Wish] = field(default_factory=dict)
    targets: dict[str, Target] = field(default_factory=dict)
    training: Training = field(default_factory=Training)
    window: Window | None = None
    start: Matching | None = None
    split: dict[str, Any] = field(default_factory=dict)
    rows: int | None = None

    def section(self, name: str) -> dict[str, Any]:
        """A section of the request, empty when it was left out."""
        return self.payload.get(name) or {}
