"""From POST to the first training step, against the user's own script with the same network."""

import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2

from benchmarks.report import Figure, ratio

STACK = [
    {"class_name": "Dense", "units": 16, "activation": "relu"},
    {"class_name": "Dense", "units": 3, "activation": "softmax"},
]


def measure(url: str, data: Path, dataset: str, runs: int) -> list[Figure]:
    """Both in turn. A job is timed to the end of its first epoch, which bounds its first step."""
    script, job = [], []
    _job_seconds(url, dataset)  # the first job of a worker also waits for the imports
    for _ in range(runs):
        script.append(_script_seconds(data))
        job.append(_job_seconds(url, dataset))
    return [
        Figure("plain Keras script, start to first step", script, "s"),
        Figure("Lamina job, POST to end of first epoch", job, "s"),
        ratio("script / job", script, job),
    ]


def _script_seconds(data: Path) -> float:
    program = Path(__file__).parent / "plain_keras.py"
    started = time.time()
    done = subprocess.run(
        [sys.executable, str(program), str(data)], capture_output=True, text=True, check=True
    )
    return float(done.stdout.split()[-1]) - started


def _job_seconds(url: str, dataset: str) -> float:
    body: dict[str, Any] = {
        "data": {"dataset": dataset, "target": "species", "split": {"validation": 0}},
        "stack": STACK,
        "fit": {"epochs": 1},
    }
    started = time.time()
    job = httpx2.post(f"{url}/v1/jobs", json=body, timeout=60).raise_for_status().json()
    ended = httpx2.get(
        f"{url}/v1/jobs/{job['id']}", headers={"Prefer": "wait=60"}, timeout=90
    ).json()
    if ended["state"] != "succeeded":
        raise RuntimeError(ended)
    events = httpx2.get(f"{url}/v1/jobs/{job['id']}/events").json()["data"]
    first = next(event["at"] for event in events if event["type"] == "epoch")
    return datetime.fromisoformat(first).timestamp() - started
