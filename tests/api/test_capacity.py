"""Requests that no worker could ever run, and what is said of those that wait for one."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import delete

from api.examples import SMALLEST
from lamina.patch import apply
from models.slot import Slot
from models.worker import Worker
from tests.api.rows import make_dataset
from tests.api.running import Running

GIB = 2**30


@pytest.fixture
def host(whole: Running) -> Iterator[None]:
    """A host with two GPUs and a share of a CPU, as its worker would declare it."""
    slots = [("gpu", "GPU-0", 8 * GIB), ("gpu", "GPU-1", 8 * GIB), ("cpu", "cpu:0", GIB)]
    found = [
        {"kind": kind, "device": device, "name": None, "memory_bytes": memory}
        for kind, device, memory in slots
    ]
    with whole.database.session() as session:
        Slot.declare(session, "large", found)
        worker = Worker.register(session, "large", 1, 60).id
    yield
    with whole.database.session() as session:
        session.execute(delete(Slot).where(Slot.host == "large"))
        session.execute(delete(Worker).where(Worker.id == worker))


@pytest.fixture(scope="module")
def dataset(whole: Running) -> str:
    """A ready dataset."""
    return make_dataset(whole.database, whole.project())


def _body(dataset: str, gpus: Any, units: int = 2) -> dict[str, Any]:
    layers = [
        {"class_name": "Dense", "units": units},
        {"class_name": "Dense", "units": 2, "activation": "softmax"},
    ]
    data = {"dataset": dataset, "target": "label"}
    return {**SMALLEST, "data": data, "stack": layers, "resources": {"gpus": gpus}}


@pytest.mark.usefixtures("host")
def test_more_gpus_than_any_host_has_are_refused_with_the_fix(whole: Running, dataset: str) -> None:
    for path in ("/v1/jobs", "/v1/jobs?validate_only=true"):
        answer = whole.client.post(path, json=_body(dataset, 4))
        assert answer.status_code == 422
        (error,) = answer.json()["errors"]
        assert error["pointer"] == "/resources/gpus"
        assert error["fix"] == [{"op": "replace", "path": "/resources/gpus", "value": 2}]


@pytest.mark.usefixtures("host")
@pytest.mark.parametrize(
    ("gpus", "slots", "fits"),
    [(0, {"cpu": 1}, False), ("auto", {"any": 1}, True), (2, {"gpu": 2}, True)],
)
def test_memory_is_that_of_the_slots_it_would_get(
    whole: Running, dataset: str, gpus: Any, slots: dict[str, int], fits: bool
) -> None:
    """Some 3 GiB to train: more than the share of a CPU, less than a GPU."""
    body = _body(dataset, gpus, units=10**7)
    answer = whole.client.post("/v1/jobs?validate_only=true", json=body)
    assert answer.status_code == (200 if fits else 422), answer.text
    if fits:
        plan = answer.json()
        assert plan["runnable"] is True
        assert {kind: count for kind, count in plan["slots"].items() if count} == slots
        assert 2 * GIB < plan["memory"]["total_bytes"] < 8 * GIB
    else:
        assert answer.json()["type"] == "/problems/stack-too-large"
        checked = whole.client.post("/v1/stacks/check", json={"stack": body["stack"]})
        assert checked.json()["runnable"] is True, "shapes are not known without data"


def test_without_a_worker_nothing_is_known(whole: Running, dataset: str) -> None:
    answer = whole.client.post("/v1/jobs?validate_only=true", json=_body(dataset, 64))
    assert answer.status_code == 200, answer.text
    assert answer.json()["runnable"] is None
    job = whole.client.post("/v1/jobs", json=_body(dataset, 64)).json()
    assert job["waiting"] == {"code": "no-worker", "detail": "No worker is alive."}
    whole.client.post(f"/v1/jobs/{job['id']}/cancel")


@pytest.mark.usefixtures("host")
def test_a_batch_that_fits_in_pieces_is_refused_with_that_as_the_fix(
    whole: Running, dataset: str
) -> None:
    body = _body(dataset, 0, units=10**5)
    body["fit"] = {"batch_size": 10_000}
    answer = whole.client.post("/v1/jobs?validate_only=true", json=body)
    assert answer.status_code == 422
    error = answer.json()["errors"][1]
    assert error["pointer"] == "/resources/on_oom"
    mended = apply(body, error["fix"])
    assert mended["resources"]["gpus"] == 0
    answer = whole.client.post("/v1/jobs?validate_only=true", json=mended)
    assert answer.status_code == 200, answer.text
    assert answer.json()["request"]["resources"]["on_oom"] == "accumulate"
