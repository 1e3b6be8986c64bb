"""A queue of 10,000 jobs, drained on PostgreSQL: whether a job costs the same wherever it stands.

`python -m benchmarks.draining --jobs 10000`. The jobs are of several projects and priorities. First
their attempts are claimed, told of and ended as a worker does it, without a training between; then
a real worker trains some of them, with all the others behind them and with none.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from benchmarks.crowd import queue
from benchmarks.postgres import running_on, running_server, sqlalchemy_url
from benchmarks.report import Figure, ratio
from models.attempt import Attempt
from models.census import Census
from models.claim import claim_next
from models.database import Database
from models.job import Job
from models.metric import Logs
from models.model import TrainedModel
from models.reaper import end_waits, reap
from models.slot import Slot
from tests.fixtures.service import Service
from tests.service.jobs import await_job, submit, upload_iris

_SHORT = 100
_TENTHS = 10
_PROJECTS = 5
_SAMPLE = 99
_WARMING = 10
_HOST = "drain"
_PARTS = {"claim": "ms", "all": "ms", "pages": "pages"}
_LOOKS: dict[str, Callable[[Session], Any]] = {
    "jobs for a CPU": lambda session: Job.waits_for(session, "cpu"),
    "jobs for a GPU": lambda session: Job.waits_for(session, "gpu"),
    "reaping": lambda session: (reap(session), end_waits(session)),
    "gauges": Census.take,
}
_PROJECT = "INSERT INTO projects (id, name) VALUES ('prj_' || :id, 'project ' || :id)"
_READ = "SELECT blks_hit + blks_read FROM pg_stat_database WHERE datname = current_database()"
_SKIPPING = (
    """
    UPDATE jobs SET state = 'running', attempt = 1, lease_until = now() WHERE id IN (
        SELECT id FROM jobs WHERE state = 'queued' ORDER BY priority DESC, id LIMIT :jobs
    )
    """,
    """
    UPDATE jobs SET state = 'succeeded', finished_at = now(), lease_until = NULL
    WHERE state = 'running'
    """,
)
_ENDS = """
    SELECT finished_at FROM jobs WHERE id >= :first AND priority = 9 AND state = 'succeeded'
    ORDER BY finished_at
"""
_SLOT = {"kind": "cpu", "device": "cpu:0", "name": None, "memory_bytes": 2**30}
_LOGS: Logs = {"loss": 0.5, "accuracy": 0.8, "val_loss": 0.6, "val_accuracy": 0.7}


def main() -> None:
    """Queue, drain, print."""
    parser = argparse.ArgumentParser("benchmarks.draining")
    parser.add_argument("--jobs", type=int, default=10_000)
    parser.add_argument("--trained", type=int, default=50, help="by a real worker; 0: none")
    asked = parser.parse_args()
    for figure in figures(asked.jobs, asked.trained):
        print(figure.row(), flush=True)


def figures(jobs: int = 10_000, trainings: int = 50) -> Iterator[Figure]:
    """Of a service that is started for it, on a PostgreSQL of its own; no training, if 0."""
    with (
        tempfile.TemporaryDirectory(prefix="lamina-draining-") as folder,
        running_server(Path(folder)) as server,
        running_on(server, Path(folder) / "drained") as service,
    ):
        job = submit(service, upload_iris(service), epochs=1)
        await_job(service, job)
        service.close()  # so that nobody else reads pages meanwhile
        queued = _Queue(service.database_url, job)
        yield from measure(queued, jobs)
        if trainings:
            yield from trained(queued, service, trainings, jobs)


def measure(queued: "_Queue", jobs: int) -> Iterator[Figure]:
    """What a job costs in each tenth of a queue, against a short queue; looks at the queue."""
    queued.grow(_SHORT)
    shortly, short = queued.looks(), queued.drained(_SHORT)
    yield from _figures(f"one of {_SHORT} queued jobs", short)
    queued.grow(jobs)
    fully, tenths = queued.looks(), []
    for number in range(1, _TENTHS + 1):
        tenths.append(queued.drained(jobs // _TENTHS))
        yield from _figures(f"one of {jobs:,}, tenth {number}", tenths[-1])
    for part, unit in _PARTS.items():
        name = f"{part}, {unit}"
        yield ratio(f"{name}: last tenth / first tenth", [tenths[-1][part]], [tenths[0][part]])
        yield ratio(f"{name}: first tenth / one of {_SHORT}", [tenths[0][part]], [short[part]])
    for name in shortly:
        yield ratio(f"{name}: {jobs:,} queued / {_SHORT} queued", [fully[name]], [shortly[name]])


def trained(queued: "_Queue", service: Service, trainings: int, jobs: int) -> Iterator[Figure]:
    """The time in which a real worker trains jobs, with others behind them and with none."""
    alone = queued.trained(service, trainings, 0)
    yield Figure(f"{trainings} trainings, no job behind them", [alone], "s")
    before = queued.trained(service, trainings, jobs)
    yield Figure(f"{trainings} trainings, {jobs:,} jobs behind them", [before], "s")
    yield ratio("trainings: jobs behind them / none", [before], [alone])


def _figures(name: str, found: dict[str, float]) -> Iterator[Figure]:
    for part, unit in _PARTS.items():
        yield Figure(f"{name}: {part}", [found[part]], unit)


class _Queue:
    """Copies of one job, of several projects and priorities, and what becomes of them."""

    def __init__(self, url: str, template: str) -> None:
        self._template, self._next = template, 1
        self._engine = create_engine(sqlalchemy_url(url), isolation_level="AUTOCOMMIT")
        with self._engine.connect() as connection:
            # What a disk takes for a commit depends on everything but the queue.
            name = connection.scalar(text("SELECT current_database()"))
            connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit = off"))
            connection.execute(text(_PROJECT), [{"id": str(n)} for n in range(_PROJECTS)])
        self._database = Database(url)
        with self._database.session() as session:
            Slot.declare(session, _HOST, [_SLOT])

    def grow(self, jobs: int, **values: str) -> None:
        """Add so many jobs."""
        spread = {"project_id": f"'prj_' || n % {_PROJECTS}", "priority": "n / 7 % 3"} | values
        with self._engine.connect() as connection:
            queue(connection, self._template, jobs, self._next, **spread)
        self._next += jobs

    def drained(self, jobs: int) -> dict[str, float]:
        """What one of the next jobs costs: `_PARTS`; of times the medians.

        `_SAMPLE` of them by the code of the worker, the others by the same changes of their rows.
        """
        self._life()  # which finds what the others have left
        claims, lives, pages = [], [], self._pages()
        for _ in range(_SAMPLE):
            claim, life = self._life()
            claims.append(claim)
            lives.append(life)
        found = {
            "claim": 1000 * median(claims),
            "all": 1000 * median(lives),
            "pages": (self._pages() - pages) / _SAMPLE,
        }
        with self._engine.connect() as connection:
            for step in _SKIPPING:
                connection.execute(text(step), {"jobs": jobs - _SAMPLE - 1})
        return found

    def _life(self) -> tuple[float, float]:
        """Claim the next job and end it; the seconds of its claim, and of all."""
        started = time.perf_counter()
        with self._database.session() as session:
            attempt = claim_next(session, "wrk_drain", _HOST, 60)
        if attempt is None:
            raise SystemExit("nothing was claimed")
        claimed = time.perf_counter()
        _live(self._database, attempt)
        return claimed - started, time.perf_counter() - started

    def looks(self) -> dict[str, float]:
        """Milliseconds of what the processes ask of the queue now and then."""
        found = {}
        for name, look in _LOOKS.items():
            seconds = []
            for _ in range(40):
                started = time.perf_counter()
                with self._database.session() as session:
                    look(session)
                seconds.append(time.perf_counter() - started)
            found[name] = 1000 * median(seconds)
        return found

    def trained(self, service: Service, jobs: int, behind: int) -> float:
        """Seconds in which a worker trains jobs, with so many less urgent ones behind them.

        From the end of its tenth on, as it first has to import what it needs.
        """
        first, wanted = self._next, jobs + _WARMING
        self.grow(wanted, priority="9")
        self.grow(behind)
        service.start("worker")
        ends: list[datetime] = []
        while len(ends) < wanted:
            time.sleep(1)
            with self._engine.connect() as connection:
                ends = list(connection.scalars(text(_ENDS), {"first": f"job_{first:026}"}))
        service.stop("worker")
        return (ends[-1] - ends[_WARMING - 1]).total_seconds()

    def _pages(self) -> int:
        """Pages of the database that were looked at so far."""
        with self._database.reading() as session:
            session.execute(text("SELECT pg_stat_force_next_flush()"))
        with self._engine.connect() as connection:
            return int(connection.scalar(text(_READ)) or 0)


def _live(database: Database, attempt: Attempt) -> None:
    """Tell of an epoch and end well, in transactions of their own."""
    job = attempt.job
    model = TrainedModel(
        **{"id": TrainedModel.new_id(), "project_id": job.project_id, "job_id": job.id},
        **{"dataset_id": job.dataset_id, "attempt": attempt.number, "prefix": attempt.prefix},
        **{"files": {}, "stack": job.request["stack"], "summary": ""},
    )
    with database.session() as session:
        attempt.report_epoch(session, 0, _LOGS, 0.1)
    with database.session() as session:
        attempt.succeed(session, model, stop_reason="epochs")


if __name__ == "__main__":
    main()
