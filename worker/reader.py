"""Listening to a child that reads a dataset: its progress, and whether it is still wanted."""

import time
from typing import Any

from sqlalchemy.exc import InterfaceError, OperationalError

from core.host import EngineProcess, Silent
from models.dataset import Dataset
from worker.context import Context
from worker.heartbeat import Hold

_SECONDS = 1.0
_PHASES = {
    "fetching": (0.0, 0.05),
    "reading": (0.05, 0.6),
    "typing": (0.6, 0.7),
    "statistics": (0.7, 0.95),
    "storing": (0.95, 1.0),
}
"""The part of the whole that each phase is taken to be: where it begins and where it ends."""


class Reader(Silent):
    """Writes the progress down at most once a second; ends the reading when its claim is lost."""

    def __init__(self, context: Context, dataset: Dataset, hold: Hold) -> None:
        self._context = context
        self._dataset = dataset
        self._hold = hold
        self._due = 0.0
        self._phase = ""

    def on_event(self, name: str, fields: dict[str, Any]) -> None:
        """Take progress; a child says nothing else."""
        if name == "progress":
            self.tell(fields["phase"], fields["done"], fields["total"])

    def on_tick(self, _process: EngineProcess) -> None:
        """Leave when the claim is lost."""
        self._hold.demand()

    def tell(self, phase: str, done: int = 0, total: int | None = None) -> None:
        """Note how far a phase is; the beginning of one is never left out."""
        moment = time.monotonic()
        if moment < self._due and phase == self._phase:
            return
        self._due, self._phase = moment + _SECONDS, phase
        first, last = _PHASES[phase]
        share = min(1.0, done / total) if total else 0.0
        progress = {
            "phase": phase,
            "fraction": round(first + share * (last - first), 4),
            "done": done if total else None,
            "total": total,
        }
        try:
            with self._context.database.session() as session:
                self._dataset.report_progress(session, progress)
        except (OperationalError, InterfaceError):
            return  # nobody needs to know every step
