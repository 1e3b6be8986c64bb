"""Run the measurements against one embedded service and print Markdown tables."""

import argparse
import os
import tempfile
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path

import httpx2

from benchmarks import (
    building,
    check,
    draining,
    footprint,
    hostile,
    job_start,
    many_jobs,
    memory,
    orders,
    predicting,
    scale,
    steps,
    streams,
    submitting,
    waiting,
    whole_job,
)
from benchmarks.report import Figure
from demo.service import running_service
from tests.service.jobs import iris_csv


class Scene(ExitStack):
    """What measurements share; the service is started, and Iris uploaded, by the first to ask."""

    def __init__(self, home: Path, runs: int) -> None:
        super().__init__()
        self.home, self.runs = home, runs
        self.data = home / "iris.csv"
        self.data.write_bytes(iris_csv())

    @cached_property
    def url(self) -> str:
        """Where the service listens."""
        return self.enter_context(running_service(self.home))

    @cached_property
    def dataset(self) -> str:
        """The id of Iris."""
        answer = httpx2.post(
            f"{self.url}/v1/datasets?filename=iris.csv",
            content=self.data.read_bytes(),
            headers={"Content-Type": "text/csv", "Prefer": "wait=60"},
            timeout=90,
        )
        return str(answer.raise_for_status().json()["id"])


def _waiting(scene: Scene) -> list[Figure]:
    """Beside two jobs that do not end by themselves."""
    jobs = [_submit(scene) for _ in range(2)]
    try:
        return waiting.measure(scene.url, jobs[1], jobs[0], scene.runs)
    finally:
        for job in reversed(jobs):
            httpx2.post(f"{scene.url}/v1/jobs/{job}/cancel")


def _submit(scene: Scene) -> str:
    body = {
        "data": {"dataset": scene.dataset, "target": "species"},
        "stack": job_start.STACK,
        "fit": {"epochs": 100_000},
    }
    answer = httpx2.post(f"{scene.url}/v1/jobs", json=body, timeout=60)
    return str(answer.raise_for_status().json()["id"])


def _footprint(scene: Scene) -> list[Figure]:
    """Of a service that has answered at least once."""
    httpx2.get(f"{scene.url}/healthz").raise_for_status()
    return footprint.measure(scene.home, scene.runs)


_Tables = dict[str, tuple[str, Callable[[Scene], Iterable[Figure]]]]

TABLES: _Tables = {
    "job_start": (
        "Start of a job",
        lambda scene: job_start.measure(scene.url, scene.data, scene.dataset, scene.runs),
    ),
    "whole_job": (
        "A whole job",
        lambda scene: whole_job.measure(scene.url, scene.home, scene.runs),
    ),
    "many_jobs": (
        "A queue of jobs",
        lambda scene: many_jobs.measure(scene.url, scene.home, scene.runs),
    ),
    "check": ("Checking", lambda scene: check.measure(scene.url, scene.runs)),
    "building": (
        "A stack of twenty layers",
        lambda scene: building.measure(scene.url, scene.runs),
    ),
    "hostile": ("Hostile documents", lambda scene: hostile.measure(scene.url, scene.runs)),
    "predicting": (
        "Predictions",
        lambda scene: predicting.measure(scene.url, scene.dataset, scene.runs),
    ),
    "orders": (
        "Progress and cancels",
        lambda scene: orders.measure(scene.url, scene.home, scene.runs),
    ),
    "waiting": ("Waiting clients", _waiting),
    "footprint": ("Footprint", _footprint),
    "memory": ("Memory of a training", lambda scene: memory.measure(min(scene.runs, 3))),
    "steps": ("Steps of a training", lambda scene: steps.measure(scene.runs)),
}
"""By the module that measures the title of its table and how it is asked, in their order."""

LARGE: _Tables = {
    "submitting": ("Submitting", lambda scene: submitting.figures(scene.runs)),
    "scale": ("A million jobs", lambda scene: scale.figures(scene.runs)),
    "streams": ("A thousand streams", lambda scene: streams.figures(scene.runs)),
    "draining": ("A long queue", lambda _scene: draining.figures()),
}
"""What takes long, each on a PostgreSQL of its own: measured where it is named, or with --large."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser("benchmarks", description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="of each measurement (5)")
    parser.add_argument(
        "--only",
        nargs="+",
        choices=[*TABLES, *LARGE],
        metavar="NAME",
        help=f"measure these tables alone: {', '.join([*TABLES, *LARGE])}",
    )
    parser.add_argument(
        "--large", action="store_true", help=f"measure also what takes long: {', '.join(LARGE)}"
    )
    asked = parser.parse_args()
    print(f"{os.cpu_count()} cores; median, range, runs")
    with (
        tempfile.TemporaryDirectory(prefix="lamina-bench-") as folder,
        Scene(Path(folder), asked.runs) as scene,
    ):
        usual = [*TABLES, *LARGE] if asked.large else TABLES
        for name, (title, measure) in (TABLES | LARGE).items():
            if name in (asked.only or usual):
                _table(title, measure(scene))


def _table(title: str, figures: Iterable[Figure]) -> None:
    print(f"\n## {title}\n\n| | median | range | runs |\n|---|---|---|---|")
    for figure in figures:
        print(figure.row(), flush=True)


if __name__ == "__main__":
    main()
