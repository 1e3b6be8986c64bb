"""The engine host: one child per long task, warm children for short ones."""

import shutil
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from core.host.environment import clean_environment
from core.host.fork import Fork
from core.host.fresh import Fresh
from core.host.limits import Limits
from core.host.outcome import Ending, EngineFailure
from core.host.process import EngineProcess
from core.host.supervision import Listener, Silent, Supervision

_MOST_CALLS = 200
"""After this many tasks a warm child is replaced, whatever it may have leaked."""

_MOST_IDLE = 2


class EngineHost:
    """Runs engine tasks in children below one scratch folder.

    `start` is how children come to be: `fork` from a process that has TensorFlow imported, or
    `exec` as a fresh interpreter. Whatever a child leaves in its folder goes with it.
    """

    def __init__(self, scratch: Path, start: Literal["fork", "exec"] = "fork") -> None:
        self._scratch = scratch
        self._starter: Fork | Fresh = Fork(scratch / "nursery") if start == "fork" else Fresh()
        self._warm: dict[str, list[_WarmChild]] = {}
        self._lock = threading.Lock()
        self._closed = False

    def start(self) -> None:
        """Begin to import the engine in the background."""
        (self._scratch / "nursery").mkdir(parents=True, exist_ok=True)
        self._starter.start()

    def close(self) -> None:
        """End all children."""
        with self._lock:
            self._closed = True
            idle = [child for children in self._warm.values() for child in children]
            self._warm.clear()
        for child in idle:
            child.close()
        self._starter.close()

    @contextmanager
    def folder(self) -> Iterator[Path]:
        """A folder for one task, removed at the end."""
        path = self._scratch / f"task-{uuid.uuid4().hex}"
        path.mkdir(parents=True)
        try:
            yield path
        finally:
            shutil.rmtree(path, ignore_errors=True)

    def run(
        self,
        task: str,
        payload: dict[str, Any],
        folder: Path,
        limits: Limits,
        listener: Listener | None = None,
        environment: dict[str, str] | None = None,
    ) -> tuple[dict[str, Any], int]:
        """Run a task in a child of its own, in `folder`; its answer and its peak of memory.

        Raises EngineRefusal when the request is to blame, EngineFailure when it is not, and
        whatever the listener raises; the child is gone in every case.
        """
        process = self._spawn(folder, limits, environment or {})
        try:
            ending = Supervision(process, limits, listener or Silent()).run(task, payload)
        finally:
            process.close()
        return ending.unwrap(), ending.peak_bytes

    def call(self, task: str, payload: dict[str, Any], limits: Limits) -> dict[str, Any]:
        """Run a short task in a warm child; raises as `run` does."""
        child = self._take(task, limits)
        ending = Ending()
        try:
            ending = Supervision(child.process, limits, Silent()).run(task, payload)
            child.calls += 1
        finally:
            if isinstance(ending.failure, EngineFailure) or not ending.is_known:
                child.close()
            else:
                self._put_back(task, child)
        return ending.unwrap()

    def _spawn(self, folder: Path, limits: Limits, environment: dict[str, str]) -> EngineProcess:
        try:
            return self._starter.spawn(
                folder, clean_environment(folder) | environment, limits.to_kernel()
            )
        except OSError as error:
            raise EngineFailure("crashed", str(error)) from error

    def _take(self, task: str, limits: Limits) -> "_WarmChild":
        with self._lock:
            idle = self._warm.get(task, [])
            while idle:
                child = idle.pop()
                if child.process.exit_status is None:
                    return child
                child.close()  # it died while nobody needed it
        folder = self._scratch / f"warm-{task}-{uuid.uuid4().hex}"
        folder.mkdir(parents=True)
        try:
            return _WarmChild(self._spawn(folder, limits, {}), folder)
        except EngineFailure:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def _put_back(self, task: str, child: "_WarmChild") -> None:
        with self._lock:
            idle = self._warm.setdefault(task, [])
            if child.calls < _MOST_CALLS and len(idle) < _MOST_IDLE and not self._closed:
                idle.append(child)
                return
        child.close()


class _WarmChild:
    """A child that waits for its next task."""

    def __init__(self, process: EngineProcess, folder: Path) -> None:
        self.process = process
        self.folder = folder
        self.calls = 0

    def close(self) -> None:
        self.process.close()
        shutil.rmtree(self.folder, ignore_errors=True)
