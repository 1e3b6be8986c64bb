"""Small real requests that the tests of the whole service send."""

import csv
import io
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
from sklearn.datasets import load_iris

from tests.fixtures.service import Service

STACK = [
    {"class_name": "Dense", "units": 16, "activation": "relu"},
    {"class_name": "Dense", "units": 3, "activation": "softmax"},
]


def iris_csv() -> bytes:
    """Iris as a CSV with the species as a string."""
    iris = load_iris()
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*(name.split(" (")[0] for name in iris.feature_names), "species"])
    for row, target in zip(iris.data, iris.target, strict=True):
        writer.writerow([*row, iris.target_names[target]])
    return text.getvalue().encode()


def upload_iris(service: Service) -> str:
    """A ready dataset of the service."""
    answer = httpx2.post(
        f"{service.url}/v1/datasets?name=iris&filename=iris.csv",
        content=iris_csv(),
        headers={"Content-Type": "text/csv", "Prefer": "wait=60"},
        timeout=90,
    )
    assert answer.is_success, answer.text
    dataset: dict[str, Any] = answer.json()
    assert dataset["state"] == "ready", dataset
    return str(dataset["id"])


def submit(
    service: Service,
    dataset: str,
    epochs: int = 3,
    headers: dict[str, str] | None = None,
    **more: Any,
) -> str:
    """A job that trains a small network on iris."""
    body = {
        "data": {"dataset": dataset, "target": "species"},
        "stack": STACK,
        "fit": {"epochs": epochs, "seed": 1},
        **more,
    }
    answer = httpx2.post(f"{service.url}/v1/jobs", json=body, headers=headers, timeout=60)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


def get_job(service: Service, job: str) -> dict[str, Any]:
    """The job as it is now."""
    answer = httpx2.get(f"{service.url}/v1/jobs/{job}", timeout=30)
    assert answer.is_success, answer.text
    found: dict[str, Any] = answer.json()
    return found


def await_job(
    service: Service,
    job: str,
    condition: Callable[[dict[str, Any]], bool] | None = None,
    seconds: float = 120,
) -> dict[str, Any]:
    """The job once the condition holds; by default once it has ended."""
    met = condition or (lambda found: found["state"] in {"succeeded", "failed", "cancelled"})
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = get_job(service, job)
        if met(found):
            return found
        time.sleep(0.1)
    raise TimeoutError(f"{found}\n{(service.home / 'worker.log').read_text()[-3000:]}")


def events(service: Service, job: str) -> list[dict[str, Any]]:
    """The job's durable log."""
    answer = httpx2.get(f"{service.url}/v1/jobs/{job}/events?page_size=200", timeout=30)
    assert answer.is_success, answer.text
    found: list[dict[str, Any]] = answer.json()["data"]
    return found


def epochs_done(count: int) -> Callable[[dict[str, Any]], bool]:
    """Condition: so many epochs have been recorded."""

    def met(job: dict[str, Any]) -> bool:
        return bool(job["metrics"]) and (job["progress"] or {}).get("epoch", 0) >= count

    return met


def training_children(service: Service) -> list[int]:
    """Processes at work in a task folder of this service."""
    return children(service, "task-")


def children(service: Service, prefix: str) -> list[int]:
    """Engine processes of this service whose folder's name begins so."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            folder = (entry / "cwd").readlink()
        except OSError:
            continue
        if folder.is_relative_to(service.home / "scratch") and folder.name.startswith(prefix):
            found.append(int(entry.name))
    return found
