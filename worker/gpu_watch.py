"""What the GPUs of this host are doing, read again and again by NVML.

In a thread of its own: a driver that hangs must hold up neither heartbeats nor trainings.
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from models.database import Database
from models.slot import Slot

log = structlog.get_logger(__name__)

_READ_SECONDS = 2.0
_WRITE_SECONDS = 10.0
_STALE_SECONDS = 10.0


@dataclass(frozen=True)
class Load:
    """One reading. None where the card does not tell, as a part of a divided one may not.

    `utilization`: the share of the last moments in which kernels ran, 0 to 1. `used_bytes`: of the
    card's memory, whoever holds it.
    """

    utilization: float | None
    used_bytes: int | None


class GpuWatch:
    """Reads the cards with these UUIDs until closed, and notes the readings at their slots."""

    def __init__(self, database: Database, host: str, uuids: Sequence[str]) -> None:
        self._database, self._host, self._uuids = database, host, list(uuids)
        self._latest: dict[str, Load] = {}
        self._read_at = self._write_at = 0.0
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="gpus", daemon=True)

    def start(self) -> None:
        """Begin; without GPUs there is nothing to do."""
        if self._uuids:
            self._thread.start()

    def close(self) -> None:
        """End the thread and wait for it, but not for a driver that hangs."""
        self._closed.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def of(self, uuid: str) -> Load | None:
        """The newest reading of a card, None when there is none of the last moments."""
        if time.monotonic() - self._read_at > _STALE_SECONDS:
            return None
        return self._latest.get(uuid)

    def look(self) -> None:
        """Read all cards, and note the readings when it is time."""
        self._latest, self._read_at = read_loads(self._uuids), time.monotonic()
        if self._latest and self._read_at >= self._write_at:
            self._write_at = self._read_at + _WRITE_SECONDS
            with self._database.session() as session:
                for uuid, load in self._latest.items():
                    Slot.note(session, (self._host, uuid), load.utilization, load.used_bytes)

    def _run(self) -> None:
        while not self._closed.wait(_READ_SECONDS):
            try:
                self.look()
            except SQLAlchemyError as error:
                log.warning("readings of GPUs were not noted", error=str(error.__cause__ or error))


def read_loads(uuids: Sequence[str]) -> dict[str, Load]:
    """The load of each of these cards that answers."""
    import pynvml

    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError:
        return {}
    found = {}
    try:
        for uuid in uuids:
            try:
                handle = pynvml.nvmlDeviceGetHandleByUUID(uuid)
            except pynvml.NVMLError:  # a card that fell off the bus
                continue
            use = _asked(pynvml, pynvml.nvmlDeviceGetUtilizationRates, handle)
            memory = _asked(pynvml, pynvml.nvmlDeviceGetMemoryInfo, handle)
            found[uuid] = Load(
                None if use is None else use.gpu / 100, None if memory is None else int(memory.used)
            )
    finally:
        pynvml.nvmlShutdown()
    return found


def _asked(nvml: Any, question: Any, handle: Any) -> Any:
    try:
        return question(handle)
    except nvml.NVMLError:
        return None
