"""Questions to a service with a million jobs, against one with a thousand, on PostgreSQL.

`python -m benchmarks.scale --jobs 1000000 --runs 5`. Two databases in one server, an API before
each, asked turn by turn.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import httpx2
from sqlalchemy import create_engine, text

from benchmarks.crowd import EPOCHS, KEYS, fill
from benchmarks.postgres import running_on, running_server, sqlalchemy_url
from benchmarks.report import Figure, ratio
from tests.fixtures.postgresql import PostgresServer
from tests.fixtures.service import Service
from tests.service.jobs import await_job, submit, upload_iris

_FEW = 1000
_REQUESTS = 40
_JOB = f"job_{500:026}"
_METRIC = "metrics.val_accuracy.best"
QUESTIONS = {
    "the newest jobs": "/v1/jobs",
    "filter by a metric, half of the jobs": f"/v1/jobs?filter={_METRIC} > 0.5",
    "filter by a metric, twenty jobs": f"/v1/jobs?filter={_METRIC} > {{rare}}",
    "filter by a metric, no job": f"/v1/jobs?filter={_METRIC} > 2",
    "filter by layers, no job": "/v1/jobs?filter=layers.LSTM >= 1",
    "ordered by a metric": f"/v1/jobs?order_by={_METRIC} desc",
    "state failed, no job": "/v1/jobs?state=failed",
    "one job": "/v1/jobs/{job}",
    "curves of one job": "/v1/jobs/{job}/metrics",
}


def main() -> None:
    """Fill, ask, print."""
    parser = argparse.ArgumentParser("benchmarks.scale")
    parser.add_argument("--jobs", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    for figure in figures(asked.runs, asked.jobs):
        print(figure.row(), flush=True)


def figures(runs: int, jobs: int = 1_000_000) -> Iterator[Figure]:
    """Of two services that are started and filled for it, on a PostgreSQL of their own."""
    with tempfile.TemporaryDirectory(prefix="lamina-scale-") as folder:
        home = Path(folder)
        with (
            running_server(home) as server,
            _filled(server, home / "few", _FEW) as few,
            _filled(server, home / "many", jobs) as many,
        ):
            yield from measure({_FEW: few, jobs: many}, runs)


def measure(services: dict[int, Service], runs: int) -> list[Figure]:
    """The median time of each question, to both in turn, by their number of jobs; the ratio."""
    figures = []
    for name, path in QUESTIONS.items():
        times: tuple[list[float], list[float]] = ([], [])
        for _ in range(runs):
            for (jobs, service), found in zip(services.items(), times, strict=True):
                found.append(_asked(service, path.format(job=_JOB, rare=1 - 20 / jobs)))
        figures += [
            Figure(f"{name}: few", [1000 * value for value in times[0]], "ms"),
            Figure(f"{name}: many", [1000 * value for value in times[1]], "ms"),
            ratio(f"{name}: many / few", times[1], times[0]),
        ]
    return figures


def _asked(service: Service, path: str) -> float:
    seconds = []
    with httpx2.Client(base_url=service.url, timeout=60) as client:
        for _ in range(_REQUESTS):
            started = time.perf_counter()
            client.get(path).raise_for_status()
            seconds.append(time.perf_counter() - started)
    return median(seconds)


@contextmanager
def _filled(server: PostgresServer, home: Path, jobs: int) -> Iterator[Service]:
    """A service whose database holds one trained job and copies of it."""
    with running_on(server, home) as service:
        job = submit(service, upload_iris(service), epochs=EPOCHS)
        await_job(service, job)
        service.close()
        started = time.perf_counter()
        engine = create_engine(sqlalchemy_url(service.database_url))
        with engine.connect() as connection:
            fill(connection, job, jobs)
            size = connection.scalar(text("SELECT pg_database_size(current_database())"))
        engine.dispose()
        seconds = time.perf_counter() - started
        points = jobs * EPOCHS * len(KEYS)
        filled = f"filled with {jobs:,} jobs and {points:,} points in {seconds:.0f} s"
        print(f"{filled}: {size / 2**30:.2f} GiB", file=sys.stderr, flush=True)
        service.start("api")
        service.await_api()
        yield service


if __name__ == "__main__":
    main()
