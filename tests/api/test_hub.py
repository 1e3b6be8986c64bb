"""The hub: one question for all who wait, and nobody is forgotten or told twice."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from api.hub import Change, Hub


class World:
    """Stamps that a test sets by hand."""

    def __init__(self) -> None:
        self.stamps: dict[str, int] = {}
        self.asked: list[list[str]] = []
        self.broken = False

    def look(self, identifiers: list[str]) -> dict[str, int]:
        """What the hub asks in a thread."""
        self.asked.append(sorted(identifiers))
        if self.broken:
            raise ConnectionError("no database")
        return {name: self.stamps[name] for name in identifiers if name in self.stamps}


def _run(test: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(test, 20))


def test_changes_reach_those_who_wait() -> None:
    async def scenario() -> None:
        world = World()
        world.stamps = {"a": 1, "b": 1}
        hub = Hub(world.look, 0.01)
        hub.start()
        async with hub.watching("a", 1) as one, hub.watching("a", 1) as two:
            assert await hub.next(one, 0.05) is None
            world.stamps["a"] = 2
            assert await hub.next(one, 5) == Change(2)
            assert await hub.next(two, 5) == Change(2)
            assert await hub.next(one, 0.05) is None
        assert hub.watched == 0
        assert all(asked == ["a"] for asked in world.asked)
        count = len(world.asked)
        await asyncio.sleep(0.1)
        assert len(world.asked) <= count + 1
        await hub.close()

    _run(scenario())


def test_what_is_gone_is_told() -> None:
    async def scenario() -> None:
        world = World()
        world.stamps = {"a": 1}
        hub = Hub(world.look, 0.01)
        hub.start()
        async with hub.watching("a", 1) as watch:
            del world.stamps["a"]
            assert await hub.next(watch, 5) == Change(None)
        await hub.close()

    _run(scenario())


def test_a_broken_database_is_outlived(monkeypatch: Any) -> None:
    monkeypatch.setattr("api.hub._PATIENCE", 0.01)

    async def scenario() -> None:
        world = World()
        world.stamps, world.broken = {"a": 1}, True
        hub = Hub(world.look, 0.01)
        hub.start()
        async with hub.watching("a", 1) as watch:
            assert await hub.next(watch, 0.1) is None
            world.stamps["a"], world.broken = 2, False
            assert await hub.next(watch, 5) == Change(2)
        await hub.close()

    _run(scenario())


def test_the_farewell_reaches_all() -> None:
    async def scenario() -> None:
        world = World()
        world.stamps = {"a": 1}
        hub = Hub(world.look, 0.01)
        hub.start()
        async with hub.watching("a", 1) as watch:
            waiting = asyncio.ensure_future(hub.next(watch, 10))
            await asyncio.sleep(0.05)
            hub.farewell()
            assert await waiting == Change(1, closing=True)
            assert await hub.next(watch, 10) == Change(1, closing=True)
        await hub.close()

    _run(scenario())


def test_a_watcher_that_is_cancelled_at_the_moment_of_a_change_ends() -> None:
    async def scenario() -> None:
        hub = Hub(World().look, 60)
        async with hub.watching("a", 1) as watch:
            waiting = asyncio.create_task(hub.next(watch, 60))
            await asyncio.sleep(0.01)
            watch.tell(2)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting

    _run(scenario())
