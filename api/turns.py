"""Whose request a warm child of the engine answers next."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

import anyio


class Turns:
    """One request of a subject at a time, of `most` subjects at once.

    Who waits for the turn of a subject takes up no place, and places are given in the order in
    which they were asked for: of two subjects with many requests each has every other turn.
    """

    def __init__(self, most: int) -> None:
        self._places = anyio.CapacityLimiter(most)
        self._locks: WeakValueDictionary[str, anyio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def of(self, subject: str) -> AsyncIterator[anyio.CapacityLimiter]:
        """Wait for the subject's turn; where the work then is to wait for its place."""
        lock = self._locks.get(subject)
        if lock is None:
            lock = self._locks[subject] = anyio.Lock()
        async with lock:
            yield self._places
