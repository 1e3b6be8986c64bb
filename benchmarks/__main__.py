"""Run all measurements against one embedded service and print Markdown tables."""

import argparse
import os
import tempfile
from pathlib import Path

import httpx2

from benchmarks import (
    building,
    check,
    footprint,
    hostile,
    job_start,
    many_jobs,
    memory,
    predicting,
    steps,
    waiting,
    whole_job,
)
from benchmarks.report import Figure
from demo.service import running_service
from tests.service.jobs import iris_csv


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser("benchmarks")
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    print(f"{os.cpu_count()} cores; median, range, runs")
    with tempfile.TemporaryDirectory(prefix="lamina-bench-") as folder:
        home = Path(folder)
        data = home / "iris.csv"
        data.write_bytes(iris_csv())
        with running_service(home) as url:
            dataset = _upload(url, data)
            _table("Start of a job", job_start.measure(url, data, dataset, runs))
            _table("A whole job", whole_job.measure(url, home, runs))
            _table("A queue of jobs", many_jobs.measure(url, home, min(runs, 2)))
            _table("Checking", check.measure(url, runs))
            _table("A stack of twenty layers", building.measure(url, runs))
            _table("Hostile documents", hostile.measure(url, runs))
            _table("Predictions", predicting.measure(url, dataset, runs))
            running, other = _submit(url, dataset), _submit(url, dataset)
            _table("Waiting clients", waiting.measure(url, other, running, runs))
            _table("Footprint", footprint.measure(home, runs))
            _table("Memory of a training", memory.measure(min(runs, 3)))
            _table("Steps of a training", steps.measure(runs))
            for job in (other, running):
                httpx2.post(f"{url}/v1/jobs/{job}/cancel")


def _upload(url: str, data: Path) -> str:
    answer = httpx2.post(
        f"{url}/v1/datasets?filename=iris.csv",
        content=data.read_bytes(),
        headers={"Content-Type": "text/csv", "Prefer": "wait=60"},
        timeout=90,
    )
    return str(answer.raise_for_status().json()["id"])


def _submit(url: str, dataset: str) -> str:
    body = {
        "data": {"dataset": dataset, "target": "species"},
        "stack": job_start.STACK,
        "fit": {"epochs": 100_000},
    }
    return str(httpx2.post(f"{url}/v1/jobs", json=body, timeout=60).raise_for_status().json()["id"])


def _table(title: str, figures: list[Figure]) -> None:
    print(f"\n## {title}\n\n| | median | range | runs |\n|---|---|---|---|")
    for figure in figures:
        print(figure.row())


if __name__ == "__main__":
    main()
