"""Out of memory: the job goes on with fewer rows at a time, or says what it would take."""

import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from tests.fixtures.service import MakeService, Service
from tests.service.jobs import await_job, events, submit, upload_iris

LIMIT = 1300 * 2**20
"""More than the runtime and 16 of the rows below need, less than all 120 of a batch."""

STACK: list[dict[str, Any]] = [
    {"class_name": "Dense", "units": 8},
    {"class_name": "RepeatVector", "n": 50_000},
    {"class_name": "Conv1D", "filters": 16, "kernel_size": 1, "activation": "relu"},
    {"class_name": "GlobalMaxPooling1D"},
    {"class_name": "Dense", "units": 3, "activation": "softmax"},
]
FIT = {"epochs": 6, "batch_size": 120, "seed": 1}


@pytest.fixture(scope="module")
def small(make_service: MakeService) -> Iterator[Service]:
    """A service whose trainings may hold little."""
    made = make_service(LAMINA_JOB_MEMORY_BYTES=str(LIMIT))
    yield made
    made.close()


@pytest.fixture(scope="module")
def dataset(small: Service) -> str:
    return upload_iris(small)


def test_a_batch_too_large_is_taken_in_pieces(small: Service, dataset: str) -> None:
    job = await_job(small, submit(small, dataset, stack=STACK, fit=FIT), seconds=300)
    assert job["state"] == "succeeded", job["error"]
    repairs = job["repairs"]
    assert [one["micro_batch"] for one in repairs] == [60 >> place for place in range(len(repairs))]
    assert repairs
    assert repairs[0]["accumulation"] == 2
    assert job["failures"] == 0
    assert job["attempt"] == len(repairs) + 1
    told = [event for event in events(small, job["id"]) if event["type"] == "repair"]
    assert [event["data"] for event in told] == repairs


@pytest.mark.long
def test_what_looks_at_a_whole_batch_is_repaired_when_that_is_asked_for(
    small: Service, dataset: str
) -> None:
    stack = [*STACK[:4], {"class_name": "BatchNormalization", "name": "norm"}, STACK[4]]
    job = await_job(small, submit(small, dataset, stack=stack, fit=FIT), seconds=300)
    error = job["error"]
    assert (error["code"], error["pointer"]) == ("out-of-memory", "/resources/on_oom")
    assert "the layer 'norm' (BatchNormalization)" in error["detail"]
    assert (job["attempt"], job["repairs"]) == (1, [])
    answer = httpx2.post(
        f"{small.url}/v1/jobs/{job['id']}/clone",
        content=json.dumps(error["errors"][0]["fix"]),
        headers={"Content-Type": "application/json-patch+json"},
        timeout=60,
    )
    assert answer.is_success, answer.text
    clone = await_job(small, answer.json()["id"], seconds=300)
    assert clone["state"] == "succeeded", clone["error"]
    assert clone["repairs"][0]["micro_batch"] == 60
