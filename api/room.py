"""Room in the queues of projects: counted once a second, since long queues take long to count."""

import threading
import time

from sqlalchemy.orm import Session

from models import usage

_TRUSTED_SECONDS = 1.0
_PROJECTS = 1000


class Room:
    """How many jobs of each project wait: as counted last, and those that came here since.

    Nobody is refused by what was counted before; what other processes entered since then, within
    a second, is missed.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counted: dict[str, tuple[float, int]] = {}

    def take(self, session: Session, project_id: str, most: int) -> bool:
        """Whether one more job may wait, where at most so many may; it is counted as entered."""
        now = time.monotonic()
        with self._lock:
            at, waiting = self._counted.get(project_id, (0.0, most))
            if now - at <= _TRUSTED_SECONDS and waiting < most:
                self._counted[project_id] = (at, waiting + 1)
                return True
        waiting = usage.queued_jobs(session, project_id)
        with self._lock:
            if len(self._counted) >= _PROJECTS:
                self._counted.clear()
            self._counted[project_id] = (now, waiting + 1)
        return waiting < most
