"""The hub: everything that waits for a change of a job or dataset waits here.

One query a tick asks for all watched objects together, in a thread; a waiting request is a
future in a set and holds neither thread nor session.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, NamedTuple

import structlog

log = structlog.get_logger(__name__)

_PATIENCE = 2.0


class Change(NamedTuple):
    """What a watcher learns: the newest stamp (None: gone), or that the service is closing."""

    stamp: Any
    closing: bool = False


class Watch:
    """One watcher of one object."""

    def __init__(self, seen: Any) -> None:
        self.seen = seen
        self.changed = asyncio.Event()

    def tell(self, stamp: Any) -> None:
        """Take the newest stamp; wake the watcher when it differs from the one it knows."""
        if stamp != self.seen:
            self.seen = stamp
            self.changed.set()


class Hub:
    """Watches objects by id. `look` is asked in a thread for the stamps of all of them."""

    def __init__(self, look: Callable[[list[str]], Mapping[str, Any]], seconds: float) -> None:
        self._look = look
        self._seconds = seconds
        self._watches: dict[str, set[Watch]] = {}
        self._wanted = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.closing = asyncio.Event()

    def start(self) -> None:
        """Begin to look, in the running event loop."""
        self._task = asyncio.get_running_loop().create_task(self._run())

    def farewell(self) -> None:
        """Tell all watchers that the service is closing; safe to call twice."""
        self.closing.set()
        for watches in self._watches.values():
            for watch in watches:
                watch.changed.set()

    async def close(self) -> None:
        """Stop looking."""
        self.farewell()
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    @contextlib.asynccontextmanager
    async def watching(self, identifier: str, seen: Any) -> AsyncIterator[Watch]:
        """Watch an object whose stamp `seen` is known, until the block ends."""
        watch = Watch(seen)
        self._watches.setdefault(identifier, set()).add(watch)
        self._wanted.set()
        try:
            yield watch
        finally:
            others = self._watches[identifier]
            others.discard(watch)
            if not others:
                del self._watches[identifier]

    async def next(self, watch: Watch, seconds: float) -> Change | None:
        """The next change, or None when the time is up."""
        if not self.closing.is_set():
            try:
                # Python 3.11's wait_for swallows a cancellation that meets a change.
                async with asyncio.timeout(max(seconds, 0)):
                    await watch.changed.wait()
            except TimeoutError:
                return None
        watch.changed.clear()
        return Change(watch.seen, self.closing.is_set())

    @property
    def watched(self) -> int:
        """How many objects are watched."""
        return len(self._watches)

    async def _run(self) -> None:
        while True:
            if not self._watches:
                self._wanted.clear()
                await self._wanted.wait()
            await self._tick()
            await asyncio.sleep(self._seconds)

    async def _tick(self) -> None:
        identifiers = list(self._watches)
        try:
            stamps = await asyncio.to_thread(self._look, identifiers)
        except Exception as error:
            # A database out of reach: those who wait go on waiting until their time is up.
            log.warning("watched objects cannot be read", error=str(error)[:300])
            await asyncio.sleep(_PATIENCE)
            return
        for identifier in identifiers:
            for watch in self._watches.get(identifier, ()):
                watch.tell(stamps.get(identifier))
