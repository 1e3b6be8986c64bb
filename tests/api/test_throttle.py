"""Requests a key may make: shared by processes, bounded without Redis, told in every answer."""

import asyncio
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

from api.buckets import Buckets
from api.services import THREADS
from models.key import Key
from models.project import Project
from tests.api.running import Absent, Running, running
from tests.fixtures.redis import RedisServer

BURST = 5


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def limited(
    make_sqlite: Callable[[], str], tmp_path: Path, redis_server: RedisServer
) -> Iterator[Running]:
    settings = {"request_rate": 1, "request_burst": BURST, "redis_url": redis_server.url}
    with running(tmp_path, make_sqlite(), Absent(), **settings) as served:
        yield served


def _key(served: Running, name: str = "default") -> dict[str, str]:
    with served.database.session() as session:
        _, secret = Key.issue(session, Project.named(session, name).id, "", ["read"])
    served.app.state.guard.forget()
    return {"authorization": f"Bearer {secret}"}


def _ask(served: Running, headers: dict[str, str]) -> httpx2.Response:
    return served.client.get("/v1/jobs", headers=headers)


def _empty(served: Running, headers: dict[str, str]) -> httpx2.Response:
    """Ask until it is refused, which is sooner or later however fast this machine is."""
    for _ in range(BURST * 50):
        answer = _ask(served, headers)
        if answer.status_code == 429:
            return answer
        assert answer.status_code == 200
    raise AssertionError


def test_without_keys_nothing_is_counted(limited: Running) -> None:
    answers = [limited.client.get("/v1/jobs") for _ in range(BURST * 3)]
    assert {answer.status_code for answer in answers} == {200}
    assert "ratelimit" not in answers[0].headers


def test_a_key_that_asks_too_much_is_told_when_to_come_back(limited: Running) -> None:
    first, second = _key(limited), _key(limited)
    fine = _ask(limited, first)
    assert fine.headers["ratelimit-policy"] == f'"requests";q={BURST};w={BURST}'
    assert re.fullmatch(r'"requests";r=4;t=\d+', fine.headers["ratelimit"])
    refused = _empty(limited, first)
    assert refused.json()["type"] == "/problems/rate-limited"
    assert int(refused.headers["retry-after"]) >= 1
    assert refused.headers["ratelimit"].startswith('"requests";r=0;t=')
    assert _ask(limited, second).status_code == 200
    assert limited.client.get("/healthz").status_code == 200


def test_without_redis_each_process_counts(limited: Running, redis_server: RedisServer) -> None:
    headers = _key(limited)
    _empty(limited, headers)
    redis_server.kill()
    served = _ask(limited, headers)  # a bucket of this process alone, full at first
    assert served.status_code == 200
    assert served.headers["ratelimit"].startswith('"requests";r=4;t=')
    _empty(limited, headers)


def test_processes_share_a_bucket(redis_server: RedisServer) -> None:
    async def share() -> None:
        one, two = Buckets(redis_server.url), Buckets(redis_server.url)
        try:
            left = [(await one.take("key", 1, 1000)).remaining for _ in range(10)]
            assert left[0] == 999
            assert (await two.take("key", 1, 1000)).remaining < 998
            assert (await two.take("other", 1, 1000)).remaining == 999
        finally:
            await one.close()
            await two.close()

    asyncio.run(share())


def test_what_no_thread_is_free_for_is_refused(
    make_sqlite: Callable[[], str], tmp_path: Path
) -> None:
    with (
        running(tmp_path, make_sqlite(), Absent(), requests_waiting=1) as served,
        ThreadPoolExecutor(THREADS + 1) as asking,
    ):
        with served.database.session() as session:
            session.connection()  # SQLite lets one writer in: all others wait in threads
            posted = [
                asking.submit(httpx2.post, f"{served.url}/v1/keys", json={"name": "x"}, timeout=60)
                for _ in range(THREADS + 1)
            ]
            answer = _refused(served)
        assert answer.json()["type"] == "/problems/overloaded"
        assert answer.headers["retry-after"] == "1"
        # Nothing is lost of what was let in, nor half done of what was not.
        statuses = [future.result().status_code for future in posted]
        assert set(statuses) <= {201, 401, 503}
        assert 201 in statuses


def _refused(served: Running) -> httpx2.Response:
    """The first answer that is no success; those asked before it may have to wait."""
    for _ in range(200):
        try:
            answer = served.client.get("/v1/jobs", timeout=0.5)
        except httpx2.TimeoutException:
            continue
        if answer.status_code == 503:
            return answer
        time.sleep(0.02)
    raise AssertionError
