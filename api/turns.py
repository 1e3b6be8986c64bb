"""Whose request a warm child of the engine answers next."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

import anyio

_SECONDS = 1.0
"""How long a subject may go on with its requests while others wait for a place: to begin with
another one may take a load from disk, which is not to be done for every request."""


class Turns:
    """One request of a subject at a time, of `most` subjects at once.

    Places are given in the order in which they were asked for. A subject keeps its place as long
    as it has requests, but only for some `seconds` when others wait for one.
    """

    def __init__(self, most: int, seconds: float = _SECONDS) -> None:
        self._places = anyio.CapacityLimiter(most)
        self._threads = anyio.CapacityLimiter(most)
        self._seconds = seconds
        self.asking = 0
        """Requests that wait or are answered."""
        self._turns: WeakValueDictionary[str, _Turn] = WeakValueDictionary()

    @asynccontextmanager
    async def of(self, subject: str) -> AsyncIterator[anyio.CapacityLimiter]:
        """Wait for the subject's turn; what then limits the threads that work."""
        turn = self._turns.get(subject)
        if turn is None:
            turn = self._turns[subject] = _Turn()
        turn.asking += 1
        self.asking += 1
        try:
            async with turn.lock:
                if not turn.has_place:
                    await self._places.acquire_on_behalf_of(turn)
                    turn.has_place, turn.since = True, None
                turn.is_busy = True
                try:
                    yield self._threads
                finally:
                    turn.is_busy = False
                    # The first request may have waited for the load: it does not count.
                    turn.since = turn.since or time.monotonic()
        finally:
            turn.asking -= 1
            self.asking -= 1
            self._settle(turn)

    def _settle(self, turn: "_Turn") -> None:
        """Give the place away where nobody needs it, or others have waited for long enough."""
        if not turn.has_place or turn.is_busy:
            return
        others = self._places.statistics().tasks_waiting > 0
        gone = time.monotonic() - (turn.since or 0)
        if not turn.asking or (others and gone >= self._seconds):
            turn.has_place = False
            self._places.release_on_behalf_of(turn)


class _Turn:
    """Where a subject stands: how many ask, whether it has a place, and when it was warm there."""

    def __init__(self) -> None:
        self.lock = anyio.Lock()
        self.asking = 0
        self.has_place = False
        self.is_busy = False
        self.since: float | None = None
