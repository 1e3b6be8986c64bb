"""What the child of an attempt uses over time: processor, memory, GPUs."""

import time
from dataclasses import dataclass, field

import psutil
import structlog
from sqlalchemy.exc import InterfaceError, OperationalError

from core.host import EngineProcess
from models.attempt import Attempt
from models.metric import Logs
from worker.context import Context

log = structlog.get_logger(__name__)

FIRST_SECONDS = 0.5
SAMPLE_SECONDS = 2.0
_FEW = 300
"""An attempt that begins late reads as seldom as if so many readings lay evenly before it."""


@dataclass
class _Window:
    """What was read since the last point: the most memory, and each use of a GPU."""

    memory: dict[str, int] = field(default_factory=dict)
    uses: dict[str, list[float]] = field(default_factory=dict)

    def hold(self, key: str, held: int) -> None:
        self.memory[key] = max(held, self.memory.get(key, 0))


class Meter:
    """Reads one child now and then, and stores a point of each curve for each window.

    Points are of whole seconds since the job first started. A window is two seconds at first; it
    doubles whenever the job has so many points that every second one is dropped, so that a job of
    weeks has no more of them than one of an hour.
    """

    def __init__(self, context: Context, attempt: Attempt) -> None:
        self._context, self._attempt = context, attempt
        job = attempt.job
        self._offset = (job.updated_at - job.started_at).total_seconds() if job.started_at else 0.0
        self._window = _Window()
        self._seconds = max(SAMPLE_SECONDS, self._offset / _FEW)
        self._started = time.monotonic()
        self._cpu: tuple[float, float] | None = None
        self._sample_at = self._write_at = self._started + FIRST_SECONDS
        self._base: int | None = None

    def tick(self, process: EngineProcess, moment: float) -> None:
        """Read, and store, when it is time. Raises Superseded when the job is another's."""
        if self._cpu is None:
            self._cpu = (self._started, 0.0)
            self._base = process.weigh()
        if moment < self._sample_at:
            return
        self._sample_at = moment + SAMPLE_SECONDS
        self._sample(process)
        if moment >= self._write_at:
            self._write_at = moment + self._seconds
            self._write(process, moment)

    def _sample(self, process: EngineProcess) -> None:
        if held := process.weigh():
            self._window.hold("memory_bytes", held)
        cards = [slot.device for slot in self._attempt.slots if slot.kind == "gpu"]
        for place, uuid in enumerate(cards):
            load = self._context.gpus.of(uuid)
            if load is not None and load.used_bytes is not None:
                self._window.hold(f"gpu{place}_memory_bytes", load.used_bytes)
            if load is not None and load.utilization is not None:
                self._window.uses.setdefault(f"gpu{place}_use", []).append(load.utilization)

    def _write(self, process: EngineProcess, moment: float) -> None:
        window, self._window = self._window, _Window()
        logs: Logs = {**window.memory}
        logs |= {key: sum(uses) / len(uses) for key, uses in window.uses.items()}
        if (cores := self._cores(process, moment)) is not None:
            logs["cpu_cores"] = cores
        if logs and (planned := self._planned()) is not None:
            logs["planned_bytes"] = planned
        if not logs:
            return
        place = int(self._offset + moment - self._started)
        try:
            with self._context.database.session() as session:
                thinned = self._attempt.report_readings(session, place, logs)
        except (OperationalError, InterfaceError):
            return  # a reading less; what matters is written by those who wait for the database
        if thinned:
            self._seconds *= 2

    def _cores(self, process: EngineProcess, moment: float) -> float | None:
        """Processor seconds by second since the last point; children that have ended included."""
        try:
            times = psutil.Process(process.pid).cpu_times()
        except psutil.Error:
            return None
        parts = (times.user, times.system, times.children_user, times.children_system)
        used = float(sum(parts))
        before, then = self._cpu or (self._started, 0.0)
        self._cpu = (moment, used)
        return max(0.0, used - then) / max(moment - before, 1e-3)

    def _planned(self) -> float | None:
        """The memory that was planned for: of a GPU, or of the process with what it began with."""
        planned: dict[str, float | None] = self._attempt.job.plan.get("memory") or {}
        if self._attempt.slots[0].kind == "gpu":
            return planned.get("train_bytes")
        total = planned.get("total_bytes")
        return None if total is None else total + (self._base or 0)
