"""Jobs made of other jobs: clones, and trainings that start from weights trained before."""

from typing import Any

import httpx2
import pytest

from tests.fixtures.service import Service
from tests.service.jobs import STACK, await_job, events, submit, upload_iris

_ADAM = {"optimizer": {"class_name": "Adam", "learning_rate": 0.02}}


@pytest.fixture(scope="module")
def dataset(service: Service) -> str:
    """Iris."""
    return upload_iris(service)


@pytest.fixture(scope="module")
def first(service: Service, dataset: str) -> dict[str, Any]:
    """A job that has learned iris."""
    return await_job(service, submit(service, dataset, epochs=40, compile=_ADAM))


def _post(service: Service, path: str, body: Any = None) -> dict[str, Any]:
    answer = httpx2.post(f"{service.url}{path}", json=body, timeout=60)
    assert answer.is_success, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_training_goes_on_from_the_weights_of_another_job(
    service: Service, dataset: str, first: dict[str, Any]
) -> None:
    heir = submit(service, dataset, epochs=2, compile=_ADAM, init_from={"job": first["id"]})
    job = await_job(service, heir)
    assert job["state"] == "succeeded", job
    assert [one["layer"] for one in job["init"]["matched"]] == ["dense", "dense_1"]
    (told,) = (one for one in events(service, heir) if one["type"] == "initialized")
    assert told["data"]["matched"] == job["init"]["matched"]
    # In its first epoch it is where the first job ended, not where that one began.
    path = f"{service.url}/v1/jobs/{{}}/history"
    losses = [
        httpx2.get(path.format(one)).json()["history"]["val_loss"] for one in (first["id"], heir)
    ]
    assert losses[1][0] == pytest.approx(losses[0][-1], rel=0.5)
    assert losses[1][0] < losses[0][0] / 2


def test_another_head_keeps_the_body(service: Service, dataset: str, first: dict[str, Any]) -> None:
    stack = [{**STACK[0], "trainable": False}, {"class_name": "Dense", "units": 6}, STACK[1]]
    body = {
        "data": {"dataset": dataset, "target": "species"},
        "stack": stack,
        "fit": {"epochs": 2},
        "init_from": {"model": first["model"]},
    }
    job = await_job(service, _post(service, "/v1/jobs", body)["id"])
    assert job["state"] == "succeeded", job
    assert [one["layer"] for one in job["init"]["matched"]] == ["dense"]
    assert [one["layer"] for one in job["init"]["left"]] == ["dense_1", "dense_2"]
    assert "frozen-without-weights" not in {one["rule"] for one in job["advice"]}


def test_a_clone_trains_and_predictions_are_cloned_too(
    service: Service, dataset: str, first: dict[str, Any]
) -> None:
    clone = _post(service, f"/v1/jobs/{first['id']}/clone")
    predicted = _post(service, f"/v1/models/{first['model']}/predictions", {"dataset": dataset})
    ended = await_job(service, clone["id"])
    assert (ended["state"], ended["cloned_from"]) == ("succeeded", first["id"])
    assert ended["metrics"] == first["metrics"], "the same seed, the same numbers"
    path = f"/v1/jobs/{predicted['id']}/clone"
    other = _post(service, path, {"model": ended["model"], "display_name": "again"})
    job = await_job(service, other["id"])
    assert (job["state"], job["kind"]) == ("succeeded", "predict")
    assert job["result"]["model"] == ended["model"]


def test_the_same_work_is_not_done_twice(
    service: Service, dataset: str, first: dict[str, Any]
) -> None:
    body = {
        "data": {"dataset": upload_iris(service), "target": "species"},
        "stack": STACK,
        "fit": {"epochs": 40, "seed": 1},
        "compile": _ADAM,
        "cache": True,
    }
    found = _post(service, "/v1/jobs", body)
    assert found["cached"] is True
    assert found["request"] == first["request"]
    assert found["id"] != _post(service, "/v1/jobs", {**body, "cache": False})["id"]


def test_a_model_tells_how_it_was_trained(service: Service, first: dict[str, Any]) -> None:
    path = f"{service.url}/v1/models/{first['model']}/code"
    answer = httpx2.get(path, timeout=60)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/x-python; charset=utf-8"
    assert first["model"] in answer.text.splitlines()[0]
    compile(answer.text, "script.py", "exec")
    assert "EPOCHS = 40" in answer.text
    assert httpx2.get(path.replace(first["model"], "mdl_none"), timeout=60).status_code == 404
