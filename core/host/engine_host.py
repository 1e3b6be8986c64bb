"""The engine host: one child per long task, warm children for short ones."""

import shutil
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
from core.host.warm import WarmChild, WarmChildren


class EngineHost:
    """Runs engine tasks in children below one scratch folder.

    `start` is how children come to be: `fork` from a process that has TensorFlow imported, or
    `exec` as a fresh interpreter. Whatever a child leaves in its folder goes with it. Of the warm
    children that are kept for one subject there are `warm_subjects`, each until it has been idle
    for `warm_seconds`.
    """

    def __init__(
        self,
        scratch: Path,
        start: Literal["fork", "exec"] = "fork",
        warm_subjects: int = 2,
        warm_seconds: float = 300,
    ) -> None:
        self._scratch = scratch
        self._starter: Fork | Fresh = Fork(scratch / "nursery") if start == "fork" else Fresh()
        self.warm = WarmChildren(warm_subjects, warm_seconds)

    def start(self) -> None:
        """Begin to import the engine in the background."""
        (self._scratch / "nursery").mkdir(parents=True, exist_ok=True)
        self._starter.start()

    def close(self) -> None:
        """End all children."""
        self.warm.close()
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

    def call(
        self, task: str, payload: dict[str, Any], limits: Limits, subject: str | None = None
    ) -> dict[str, Any]:
        """Run a short task in a warm child; raises as `run` does.

        With a subject (the id of a model) that child works on it alone, so that what it has loaded
        stays loaded. Where a child dies the task is tried once more, in a new one.
        """
        child = self._take(task, subject, limits)
        ending = self._work(child, payload, limits)
        if isinstance(ending.failure, EngineFailure) and ending.failure.code == "crashed":
            ending = self._work(self._take(task, subject, limits), payload, limits)
        return ending.unwrap()

    def forget(self, subject: str) -> None:
        """End the warm children of a subject that is no more."""
        self.warm.forget(subject)

    def _work(self, child: WarmChild, payload: dict[str, Any], limits: Limits) -> Ending:
        ending = Ending()
        try:
            ending = Supervision(child.process, limits, Silent()).run(child.task, payload)
            child.calls += 1
        finally:
            if isinstance(ending.failure, EngineFailure) or not ending.is_known:
                self.warm.drop(child)
            else:
                self.warm.put_back(child, limits.memory_bytes)
        return ending

    def _spawn(self, folder: Path, limits: Limits, environment: dict[str, str]) -> EngineProcess:
        try:
            return self._starter.spawn(
                folder, clean_environment(folder) | environment, limits.to_kernel()
            )
        except OSError as error:
            raise EngineFailure("crashed", str(error)) from error

    def _take(self, task: str, subject: str | None, limits: Limits) -> WarmChild:
        child = self.warm.take(task, subject)
        if child is not None:
            return child
        folder = self._scratch / f"warm-{task}-{uuid.uuid4().hex}"
        folder.mkdir(parents=True)
        try:
            child = WarmChild(self._spawn(folder, limits, {}), folder, task, subject)
        except EngineFailure:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        self.warm.add(child)
        return child
