"""Many small jobs queued at once, against as many scripts one after the other."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2

from benchmarks.report import Figure, ratio
from benchmarks.steps import CASES, arrays
from benchmarks.whole_job import body_of, run_script, trained, upload

JOBS = 30
_EPOCHS = 2


def measure(url: str, home: Path, runs: int) -> list[Figure]:
    """From the first POST until the last model is downloaded; the small MLP, two epochs each."""
    case = CASES["small MLP"]
    data = home / "queue.npz"
    data.write_bytes(arrays(case))
    body = body_of(case, upload(url, data), _EPOCHS)
    (home / "network.json").write_bytes(trained(url, body)[1])
    ours, theirs = [], []
    for _ in range(runs):
        ours.append(_queued(url, body))
        theirs.append(sum(run_script(home, data, case, _EPOCHS) for _ in range(JOBS)))
    return [
        Figure(f"{JOBS} scripts, one after the other", theirs, "s"),
        Figure(f"{JOBS} jobs queued at once", ours, "s"),
        ratio("jobs / scripts", ours, theirs),
    ]


def _queued(url: str, body: dict[str, Any]) -> float:
    started = time.perf_counter()
    with httpx2.Client(base_url=url, timeout=600) as client:
        jobs = [client.post("/v1/jobs", json=body).raise_for_status().json() for _ in range(JOBS)]
        with ThreadPoolExecutor(JOBS) as pool:
            list(pool.map(lambda job: _downloaded(client, job["id"]), jobs))
    return time.perf_counter() - started


def _downloaded(client: httpx2.Client, job_id: str) -> None:
    job: dict[str, Any] = {"state": "queued"}
    while job["state"] not in ("succeeded", "failed", "cancelled"):
        job = client.get(f"/v1/jobs/{job_id}", headers={"Prefer": "wait=60"}).json()
    content = f"/v1/models/{job['model']}/content"
    client.get(content, params={"format": "keras"}).raise_for_status().read()
