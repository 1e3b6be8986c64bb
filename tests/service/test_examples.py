"""The worked examples, each sent as it stands and trained to what it can learn."""

import json
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.fixtures.databases import ROOT
from tests.fixtures.service import Service
from tests.service.example_data import DATA, FILES
from tests.service.jobs import await_job

EXAMPLES = {path.stem: path for path in sorted((ROOT / "examples").glob("*.json"))}

LEARNT = {
    "mlp": ("val_accuracy", 0.9),
    "cnn": ("val_accuracy", 0.85),
    "embedding-bilstm": ("val_accuracy", 0.9),
    "two-towers": ("val_kind_accuracy", 0.9),
    "autoencoder": ("val_mae", 0.15),
    "unet": ("val_binary_io_u", 0.7),
    "transformer": ("val_accuracy", 0.9),
    "stacked-bilstm": ("val_accuracy", 0.9),
    "wavenet": ("val_mae", 0.3),
}
"""What each example must reach: a metric, and its bound from below (from above for errors)."""

ERRORS = ("mae", "loss")


def test_each_example_has_its_bound() -> None:
    assert set(LEARNT) == set(EXAMPLES)


@pytest.fixture(scope="module")
def uploaded(service: Service) -> dict[str, str]:
    """The id of every dataset and side file that an example names."""
    found = {name: _upload(service, *make()) for name, make in DATA.items()}
    for name, make in FILES.items():
        filename, content = make()
        answer = httpx2.post(
            f"{service.url}/v1/files?filename={filename}", content=content, timeout=60
        )
        assert answer.status_code == 201, answer.text
        found[name] = answer.json()["id"]
    return found


def _upload(service: Service, filename: str, content: bytes) -> str:
    answer = httpx2.post(
        f"{service.url}/v1/datasets?name={Path(filename).stem}&filename={filename}",
        content=content,
        headers={"Content-Type": "application/octet-stream", "Prefer": "wait=60"},
        timeout=90,
    )
    assert answer.is_success, answer.text
    return str(answer.json()["id"])


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_trains(service: Service, uploaded: dict[str, str], name: str) -> None:
    text = EXAMPLES[name].read_text()
    for placeholder, identifier in uploaded.items():
        text = text.replace(f'"{placeholder}"', f'"{identifier}"')
    body: dict[str, Any] = json.loads(text)
    answer = httpx2.post(f"{service.url}/v1/jobs", json=body, timeout=60)
    assert answer.status_code == 202, answer.text
    job = await_job(service, answer.json()["id"])
    assert job["state"] == "succeeded", job["error"]
    metric, bound = LEARNT[name]
    best = job["metrics"][metric]["best"]
    assert best <= bound if metric.endswith(ERRORS) else best >= bound, job["metrics"]
