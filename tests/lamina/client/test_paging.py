"""Lists that turn their own pages."""

import asyncio
from itertools import islice

from lamina.client import AsyncClient, Client
from tests.lamina import resources
from tests.lamina.outside import Asked, Reply, outside

_PAGES = {
    None: resources.page(resources.job("running"), resources.job("queued"), token="t1"),
    "t1": resources.page(token="t2"),
    "t2": resources.page(resources.job("failed")),
}


def _script(request: Asked) -> Reply:
    return Reply(200, _PAGES[request.query.get("page_token")])


def test_every_element_of_every_page_comes() -> None:
    with outside(_script) as world, Client(world.url) as client:
        states = [job.state for job in client.jobs.list(state="x", page_size=2)]
    assert states == ["running", "queued", "failed"]
    assert [request.query for request in world.asked] == [
        {"state": "x", "page_size": "2"},
        {"state": "x", "page_size": "2", "page_token": "t1"},
        {"state": "x", "page_size": "2", "page_token": "t2"},
    ]


def test_a_page_is_asked_for_when_it_is_needed() -> None:
    with outside(_script) as world, Client(world.url) as client:
        assert len(list(islice(client.jobs.list(), 2))) == 2
        assert len(world.asked) == 1


def test_async_lists() -> None:
    async def states(url: str) -> list[str]:
        async with AsyncClient(url) as client:
            return [job.state async for job in client.jobs.list()]

    with outside(_script) as world:
        assert asyncio.run(states(world.url)) == ["running", "queued", "failed"]
