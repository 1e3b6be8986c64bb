"""How fresh the progress of a training is, and how soon a cancel is honoured.

`python -m benchmarks.orders --runs 5`: epochs of about ten seconds, the progress asked for every
tenth of a second, then a cancel, waited for until the job has ended.
"""

import argparse
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx2

from benchmarks.report import Figure
from benchmarks.steps import CASES, arrays
from benchmarks.whole_job import body_of, upload
from demo.service import running_service

_LOOKS = 100
_ROWS = 30_000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser("benchmarks.orders")
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    with (
        tempfile.TemporaryDirectory(prefix="lamina-orders-") as folder,
        running_service(Path(folder)) as url,
    ):
        for figure in measure(url, Path(folder), runs):
            print(figure.row(), flush=True)


def measure(url: str, home: Path, runs: int) -> list[Figure]:
    """The longest pause of the progress in each run, and the seconds from cancel to end."""
    layers, shape, _, batch = CASES["wide MLP, where computing dominates"]
    case = (layers, shape, _ROWS, batch)
    data = home / "orders.npz"
    data.write_bytes(arrays(case))
    body = body_of(case, upload(url, data), 1000)
    oldest, ends = [], []
    with httpx2.Client(base_url=url, timeout=90) as client:
        for _ in range(runs):
            job = client.post("/v1/jobs", json=body).raise_for_status().json()["id"]
            while not _job(client, job)["progress"]:
                time.sleep(0.05)
            oldest.append(max(_pauses(client, job)))
            ends.append(_cancelled(client, job))
    return [
        Figure("longest time without new progress, in ten seconds", oldest, "s"),
        Figure("cancel until the job has ended", ends, "s"),
    ]


def _pauses(client: httpx2.Client, job: str) -> list[float]:
    """How long what was told of the steps, or of a validation, stood there until more was."""
    pauses, seen, since = [0.0], None, time.perf_counter()
    for _ in range(_LOOKS):
        progress = _job(client, job)["progress"]
        place = (progress["epoch"], progress["step"], progress.get("validated"))
        if place != seen:
            if seen is not None:
                pauses.append(time.perf_counter() - since)
            seen, since = place, time.perf_counter()
        time.sleep(0.1)
    return pauses


def _cancelled(client: httpx2.Client, job: str) -> float:
    started = time.perf_counter()
    client.post(f"/v1/jobs/{job}/cancel").raise_for_status()
    while _job(client, job)["state"] != "cancelled":
        time.sleep(0.02)
    return time.perf_counter() - started


def _job(client: httpx2.Client, job: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/v1/jobs/{job}").raise_for_status().json()
    return found


if __name__ == "__main__":
    main()
