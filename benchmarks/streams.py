"""A thousand open event streams on one API process, on PostgreSQL.

`python -m benchmarks.streams --streams 1000 --runs 5`. Of one running job, then of as many running
jobs: how soon all have an event after it was committed, what a stream takes of memory, files and
connections to the database, and how long another request takes beside them.
"""

import argparse
import asyncio
import resource
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

import httpx2
import psutil
from sqlalchemy import create_engine, text

from benchmarks.crowd import queue
from benchmarks.postgres import running_on, running_server, sqlalchemy_url
from benchmarks.report import Figure, ratio
from models.attempt import Attempt
from models.database import Database
from models.job import Job
from tests.fixtures.service import Service
from tests.service.jobs import await_job, submit, upload_iris

_REQUESTS = 100
_OWN_FILES = 200
_CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
_RUNNING = """
    UPDATE jobs SET state = 'running', attempt = 1, lease_until = now() + interval '1 day'
    WHERE state = 'queued' RETURNING id
"""


def main() -> None:
    """Open, write, read, print."""
    parser = argparse.ArgumentParser("benchmarks.streams")
    parser.add_argument("--streams", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    for figure in figures(asked.runs, asked.streams):
        print(figure.row(), flush=True)


def figures(runs: int, streams: int = 1000) -> Iterator[Figure]:
    """Of a service that is started for it, on a PostgreSQL of its own."""
    _allow_files(streams + _OWN_FILES)
    with (
        tempfile.TemporaryDirectory(prefix="lamina-streams-") as folder,
        running_server(Path(folder)) as server,
        running_on(server, Path(folder) / "streamed", LAMINA_WATCH_SECONDS="0.25") as service,
    ):
        ended = submit(service, upload_iris(service), epochs=1)
        await_job(service, ended)
        service.stop("worker")
        jobs = _running(service, ended, streams)
        for name, watched in (
            ("of one job", jobs[:1] * streams),
            (f"of {len(jobs):,} jobs", jobs),
        ):
            for figure in asyncio.run(measure(service, ended, watched, runs)):
                yield replace(figure, name=f"streams {name}: {figure.name}")


async def measure(service: Service, other: str, watched: list[str], runs: int) -> list[Figure]:
    """Streams of these jobs, opened and closed again; `other` is a job that requests ask for."""
    process = psutil.Process(service.processes["api"].pid)
    alone, beside, firsts, lasts = [], [], [], []
    alone.append(await _median_get(service, other))
    before = _held(process, service)
    began = time.perf_counter()
    async with _open(service, watched) as streams:
        opened = time.perf_counter() - began
        for _ in range(runs):
            beside.append(await _median_get(service, other))
            seconds = await _told(service, watched, streams)
            firsts.append(seconds[0])
            lasts.append(seconds[-1])
        after = _held(process, service)
    for _ in range(runs - 1):
        alone.append(await _median_get(service, other))
    grown = [(now - then) / len(watched) for then, now in zip(before, after, strict=True)]
    return [
        Figure("opened", [opened], "s"),
        Figure("memory of one", [grown[0] / 1024], "KiB"),
        Figure("files of one", [grown[1]], ""),
        Figure("connections to the database, all in all", [after[2]], ""),
        Figure("the first is told of an event", [1000 * one for one in firsts], "ms"),
        Figure("the last is told of it", [1000 * one for one in lasts], "ms"),
        Figure("median GET alone", [1000 * one for one in alone], "ms"),
        Figure("median GET beside them", [1000 * one for one in beside], "ms"),
        ratio("beside / alone", beside, alone),
    ]


class _Stream:
    """One client; `told` is its latest event and when that came."""

    def __init__(self) -> None:
        self.told = (0, 0.0)
        self.ready = asyncio.Event()
        self._writer: asyncio.StreamWriter | None = None

    async def run(self, url: str, job: str) -> None:
        """Read until cancelled."""
        host = urlsplit(url)
        reader, self._writer = await asyncio.open_connection(host.hostname, host.port)
        head = f"GET /v1/jobs/{job}/events/stream HTTP/1.1\r\nHost: {host.netloc}\r\n\r\n"
        self._writer.write(head.encode())
        try:
            status = await reader.readline()
            if b" 200 " not in status:
                raise RuntimeError(status)
            while line := await reader.readline():
                if line.startswith(b"id: "):
                    self.told = (int(line[4:]), time.perf_counter())
                    self.ready.set()
            raise RuntimeError("a stream has ended")
        finally:
            self._writer.close()


@asynccontextmanager
async def _open(service: Service, watched: list[str]) -> AsyncIterator[list[_Stream]]:
    """A stream of each, open until the block ends, once all were told of the events so far."""
    streams = [_Stream() for _ in watched]
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(stream.run(service.url, job))
            for stream, job in zip(streams, watched, strict=True)
        ]
        for stream in streams:
            await stream.ready.wait()
        yield streams
        for task in tasks:
            task.cancel()


async def _told(service: Service, watched: list[str], streams: list[_Stream]) -> list[float]:
    """Seconds from the commit of an event of each job until the streams had it, in order."""
    numbers = [stream.told[0] for stream in streams]
    for stream in streams:
        stream.ready.clear()
    committed = await asyncio.to_thread(_report, service, sorted(set(watched)), max(numbers))
    for stream, number in zip(streams, numbers, strict=True):
        while stream.told[0] == number:
            await stream.ready.wait()
    return sorted(stream.told[1] - committed for stream in streams)


def _report(service: Service, jobs: list[str], epoch: int) -> float:
    """Tell of an epoch of each job in one transaction; when it was committed."""
    database = Database(service.database_url)
    with database.session() as session:
        for job in jobs:
            attempt = Attempt(session.get_one(Job, job), 1, ())
            attempt.report_epoch(session, epoch, {"loss": 1.0, "val_loss": 1.0}, 0.1)
    committed = time.perf_counter()
    database.close()
    return committed


def _running(service: Service, template: str, count: int) -> list[str]:
    """So many running jobs with an event each."""
    engine = create_engine(sqlalchemy_url(service.database_url))
    with engine.connect() as connection:
        queue(connection, template, count, 1)
        jobs = list(connection.scalars(text(_RUNNING)))
        connection.commit()
    engine.dispose()
    _report(service, jobs, 0)
    return jobs


def _held(process: psutil.Process, service: Service) -> tuple[float, float, float]:
    """Bytes of memory, open files, connections to the database of all processes."""
    engine = create_engine(sqlalchemy_url(service.database_url))
    with engine.connect() as connection:
        connections = connection.scalar(text(_CONNECTIONS)) or 0
    engine.dispose()
    return process.memory_info().rss, process.num_fds(), connections


async def _median_get(service: Service, job: str) -> float:
    seconds = []
    async with httpx2.AsyncClient(base_url=service.url, timeout=60) as client:
        for _ in range(_REQUESTS):
            started = time.perf_counter()
            (await client.get(f"/v1/jobs/{job}")).raise_for_status()
            seconds.append(time.perf_counter() - started)
    return median(seconds)


def _allow_files(wanted: int) -> None:
    """Let this process, the client, open as many; raises SystemExit when it may not."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        if hard != resource.RLIM_INFINITY and hard < wanted:
            raise SystemExit(f"{wanted} open files are needed; {hard} are allowed (ulimit -n)")
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


if __name__ == "__main__":
    main()
