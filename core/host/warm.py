"""Warm children: those that wait for their next task, and for how long."""

import shutil
import threading
import time
from pathlib import Path

from core.host.process import EngineProcess

_MOST_CALLS = 200
"""After this many tasks a child is replaced, whatever it may have leaked."""

_MOST_CALLS_OF_SUBJECT = 10_000
_WEIGHED_CALLS = 50
"""A child of a subject holds what it has loaded, so that it is weighed instead of replaced."""

_MOST_IDLE = 2
"""Children without a subject that wait for one sort of task."""


class WarmChild:
    """A child that serves one task after the other, all of one sort or on one subject."""

    def __init__(
        self, process: EngineProcess, folder: Path, task: str, subject: str | None
    ) -> None:
        self.process = process
        self.folder = folder
        self.task = task
        self.subject = subject
        self.calls = 0
        self.idle_since = 0.0
        self.is_wanted = True

    def is_sound(self, memory_bytes: int | None) -> bool:
        """Whether it may serve on: it has not done too much, nor holds too much."""
        if self.subject is None:
            return self.calls < _MOST_CALLS
        if memory_bytes is not None and self.calls % _WEIGHED_CALLS == 0:
            return self.process.weigh() <= memory_bytes
        return self.calls < _MOST_CALLS_OF_SUBJECT

    def close(self) -> None:
        """End it, and remove its folder."""
        self.process.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class WarmChildren:
    """The children of a host that are idle, and those of subjects that are at work.

    There are at most `subjects` children with a subject, unless more are at work at once: for
    another one that which was idle for longest ends. One that is idle for `idle_seconds` ends.
    """

    def __init__(self, subjects: int, idle_seconds: float) -> None:
        self._subjects = subjects
        self.idle_seconds = idle_seconds
        self._idle: list[WarmChild] = []  # idle for longest first
        self._busy: set[WarmChild] = set()
        self._changed = threading.Condition()
        self._closed = False
        self._watch: threading.Thread | None = None

    def take(self, task: str, subject: str | None) -> WarmChild | None:
        """An idle child for this task and subject, None where there is none that lives."""
        ended = []
        found = None
        with self._changed:
            fit = [one for one in self._idle if (one.task, one.subject) == (task, subject)]
            while fit and found is None:
                child = fit.pop()
                self._idle.remove(child)
                if child.process.exit_status is None:
                    found = child
                    self._note_busy(child)
                else:  # it died while nobody needed it
                    ended.append(child)
            if found is None and subject is not None:
                ended += self._make_room()
        for child in ended:
            child.close()
        return found

    def add(self, child: WarmChild) -> None:
        """A new child is at work."""
        with self._changed:
            self._note_busy(child)

    def put_back(self, child: WarmChild, memory_bytes: int | None) -> None:
        """A child has done its task: it waits for the next one, or ends."""
        is_sound = child.is_sound(memory_bytes)
        with self._changed:
            self._busy.discard(child)
            if is_sound and child.is_wanted and not self._closed and not self._is_full(child):
                child.idle_since = time.monotonic()
                self._idle.append(child)
                if child.subject is not None:
                    self._begin_to_watch()
                return
        child.close()

    def drop(self, child: WarmChild) -> None:
        """End a child that is at work."""
        with self._changed:
            self._busy.discard(child)
        child.close()

    def forget(self, subject: str) -> None:
        """End the children of a subject; those at work once they have answered."""
        with self._changed:
            ended = [child for child in self._idle if child.subject == subject]
            self._idle = [child for child in self._idle if child.subject != subject]
            for child in self._busy:
                child.is_wanted = child.is_wanted and child.subject != subject
            self._changed.notify()
        for child in ended:
            child.close()

    def close(self) -> None:
        """End all that are idle, and let none wait from now on."""
        with self._changed:
            self._closed = True
            idle, self._idle = self._idle, []
            self._changed.notify()
        for child in idle:
            child.close()

    def idle(self, task: str, subject: str | None = None) -> list[WarmChild]:
        """The children that wait for this task, the one idle for longest first."""
        with self._changed:
            return [one for one in self._idle if (one.task, one.subject) == (task, subject)]

    def _note_busy(self, child: WarmChild) -> None:
        if child.subject is not None:
            self._busy.add(child)

    def _is_full(self, child: WarmChild) -> bool:
        same = [one for one in self._idle if (one.task, one.subject) == (child.task, child.subject)]
        if child.subject is None:
            return len(same) >= _MOST_IDLE
        return bool(same) or len(self._of_subjects()) + len(self._busy) >= self._subjects

    def _of_subjects(self) -> list[WarmChild]:
        return [child for child in self._idle if child.subject is not None]

    def _make_room(self) -> list[WarmChild]:
        """Take out those that must end before one more child of a subject is at work."""
        idle = self._of_subjects()
        ended = idle[: max(0, len(idle) + len(self._busy) + 1 - self._subjects)]
        self._idle = [child for child in self._idle if child not in ended]
        return ended

    def _begin_to_watch(self) -> None:
        """Have a thread end those that are idle for too long; it lives while there are any."""
        if self._watch is None:
            self._watch = threading.Thread(target=self._end_idle, name="warm", daemon=True)
            self._watch.start()

    def _end_idle(self) -> None:
        while True:
            with self._changed:
                idle = self._of_subjects()
                if not idle or self._closed:
                    self._watch = None
                    return
                left = idle[0].idle_since + self.idle_seconds - time.monotonic()
                if left > 0:
                    self._changed.wait(left)
                    continue
                self._idle.remove(idle[0])
            idle[0].close()
