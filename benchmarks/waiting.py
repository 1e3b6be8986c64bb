"""A GET beside 200 clients that wait, against the same GET alone."""

import asyncio
import time
from statistics import median

import httpx2

from benchmarks.report import Figure, ratio

_WAITERS = 200
_REQUESTS = 300


def measure(url: str, waited_for: str, asked_for: str, runs: int) -> list[Figure]:
    """`waited_for` is a job that does not end meanwhile, `asked_for` another one."""
    return asyncio.run(_measure(url, waited_for, asked_for, runs))


async def _measure(url: str, waited_for: str, asked_for: str, runs: int) -> list[Figure]:
    alone, beside = [], []
    limits = httpx2.Limits(max_connections=_WAITERS + 10)
    async with httpx2.AsyncClient(base_url=url, limits=limits, timeout=120) as client:
        for _ in range(runs):
            alone.append(await _median_get(client, asked_for))
            waiters = [asyncio.create_task(_wait(client, waited_for)) for _ in range(_WAITERS)]
            await asyncio.sleep(3)
            beside.append(await _median_get(client, asked_for))
            if any(waiter.done() for waiter in waiters):
                raise RuntimeError("a client did not wait")
            for waiter in waiters:
                waiter.cancel()
            await asyncio.gather(*waiters, return_exceptions=True)
    return [
        Figure("median GET alone", [value * 1000 for value in alone], "ms"),
        Figure(f"median GET beside {_WAITERS} waiting clients", [v * 1000 for v in beside], "ms"),
        ratio("beside / alone", beside, alone),
    ]


async def _wait(client: httpx2.AsyncClient, job: str) -> None:
    await client.get(f"/v1/jobs/{job}", headers={"Prefer": "wait=60"})


async def _median_get(client: httpx2.AsyncClient, job: str) -> float:
    seconds = []
    for _ in range(_REQUESTS):
        started = time.perf_counter()
        (await client.get(f"/v1/jobs/{job}")).raise_for_status()
        seconds.append(time.perf_counter() - started)
    return median(seconds)
