"""Submitting with the real engine: plans, every error at once, once per key."""

import threading
import time
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from sqlalchemy import event

from api.examples import FULLER, SMALLEST, STACK_ALONE, STACK_WITH_DATA
from models.dataset import Dataset
from models.job import Job
from models.usage import queued_jobs
from tests.api.rows import make_dataset, read_dataset, unseen
from tests.api.running import Running
from tests.models.test_waits import end, pass_time


@pytest.fixture(scope="module")
def dataset(whole: Running) -> str:
    """A ready dataset."""
    return make_dataset(whole.database, whole.project())


def _body(dataset: str, **changes: Any) -> dict[str, Any]:
    return {**SMALLEST, "data": {"dataset": dataset, "target": "label"}, **changes}


def _jobs(whole: Running) -> int:
    with whole.database.reading() as session:
        return session.query(Job).count()


def test_a_stack_alone(whole: Running) -> None:
    response = whole.client.post("/v1/stacks/check", json=STACK_ALONE)
    assert response.status_code == 200, response.text
    plan = response.json()
    assert plan["object"] == "plan"
    assert plan["parameters"]["total"] == 3 * 3 * 8 + 8 + 26 * 26 * 8 * 10 + 10


def test_a_stack_with_data(whole: Running, dataset: str) -> None:
    body = {**STACK_WITH_DATA, "data": {"dataset": dataset, "target": "label"}}
    plan = whole.client.post("/v1/stacks/check", json=body).json()
    loss = plan["request"]["compile"]["loss"]
    assert loss["class_name"] == "SparseCategoricalCrossentropy"
    body["data"] = {"dataset": dataset, "target": "lable"}
    problem = whole.client.post("/v1/stacks/check", json=body).json()
    assert problem["type"] == "/problems/data-stack-mismatch"


def test_a_plan_stores_nothing(whole: Running, dataset: str) -> None:
    before = _jobs(whole)
    response = whole.client.post("/v1/jobs?validate_only=true", json=_body(dataset))
    assert response.status_code == 200, response.text
    assert response.json()["request"]["data"]["target"] == "label"
    assert response.json()["request"]["fit"]["epochs"] == 10
    assert _jobs(whole) == before


@pytest.mark.parametrize("example", [SMALLEST, FULLER])
def test_accepted(whole: Running, dataset: str, example: dict[str, Any]) -> None:
    body = {**example, "data": {"dataset": dataset, "target": "label"}}
    response = whole.client.post("/v1/jobs", json=body)
    assert response.status_code == 202, response.text
    job = response.json()
    assert response.headers["location"] == f"/v1/jobs/{job['id']}"
    assert response.headers["retry-after"] == "2"
    assert response.headers["link"] == f'<{job["links"]["stream"]}>; rel="monitor"'
    assert job["display_name"] == example.get("display_name")
    assert job["parameters"]["total"] == 1 * 8 + 8 + 8 * 2 + 2
    assert whole.client.get(f"/v1/jobs/{job['id']}").json()["request"] == job["request"]
    again = whole.client.post("/v1/jobs?validate_only=true", json=job["request"])
    assert again.status_code == 200, again.text


def test_every_error_at_once(whole: Running, dataset: str) -> None:
    body = _body(dataset, fti={}, compile={"optimizer": "adamm"})
    body["stack"] = [{"class_name": "Dense", "unit": 8}, {"class_name": "Desne", "units": 2}]
    response = whole.client.post("/v1/jobs", json=body)
    assert response.status_code == 422
    problem = response.json()
    assert problem["type"] == "/problems/invalid-request"
    found = {entry["pointer"]: entry for entry in problem["errors"]}
    assert found["/fti"]["did_you_mean"] == ["fit"]
    assert found["/stack/0/unit"]["did_you_mean"] == ["units"]
    assert found["/stack/1/class_name"]["did_you_mean"][0] == "Dense"


def test_what_the_engine_alone_finds(whole: Running, dataset: str) -> None:
    body = _body(dataset, stack=[{"class_name": "Dense", "unit": 8}])
    problem = whole.client.post("/v1/jobs", json=body).json()
    assert problem["type"] == "/problems/invalid-stack"
    body = _body(dataset)
    body["data"]["target"] = "lable"
    problem = whole.client.post("/v1/jobs", json=body).json()
    assert problem["type"] == "/problems/data-stack-mismatch"
    assert problem["errors"][0]["pointer"] == "/data/target"


@pytest.mark.parametrize(
    ("identifier", "says"),
    [
        ("ds_01kaz8v7m2f5q0r9x3n6t4w1yc", "no dataset"),
        ("job_01kaz8v7m2f5q0r9x3n6t4w1yc", "id of a job"),
        ("'; DROP TABLE", "no dataset"),
    ],
)
def test_unknown_datasets(whole: Running, identifier: str, says: str) -> None:
    response = whole.client.post("/v1/jobs", json=_body(identifier))
    assert response.status_code == 422
    entry = next(e for e in response.json()["errors"] if e["pointer"] == "/data/dataset")
    assert entry["code"] == "unknown-dataset"
    assert says in entry["detail"]


def test_a_dataset_may_be_named(whole: Running) -> None:
    made = [
        whole.client.post("/v1/datasets?name=by-name", content=unseen()).json()["id"]
        for _ in range(2)
    ]
    for _ in made:
        read_dataset(whole.database)
    for reference, meant in (("by-name@1", made[0]), ("by-name", made[1])):
        job = whole.client.post("/v1/jobs", json=_body(reference)).raise_for_status().json()
        assert (job["dataset"], job["request"]["data"]["dataset"]) == (meant, meant)
    suggested = whole.client.post(
        "/v1/stacks/suggest", json={"data": {"dataset": "by-name@1", "target": "label"}}
    )
    assert suggested.is_success, suggested.text
    assert suggested.json()["request"]["data"]["dataset"] == made[0]
    refused = whole.client.post("/v1/jobs", json=_body("by-name@3"))
    assert refused.json()["errors"][0]["pointer"] == "/data/dataset"


def test_a_dataset_is_read_once_and_looked_for_each_time(whole: Running) -> None:
    named = make_dataset(whole.database, whole.project())
    asked: list[str] = []

    @event.listens_for(whole.database.engine, "before_cursor_execute")
    def _listen(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    try:
        for _ in range(2):
            asked.clear()
            plan = whole.client.post("/v1/jobs?validate_only=true", json=_body(named))
            assert plan.status_code == 200, plan.text
    finally:
        event.remove(whole.database.engine, "before_cursor_execute", _listen)
    assert any("datasets.version" in statement for statement in asked)
    assert not any("datasets.schema" in statement for statement in asked)
    assert whole.client.delete(f"/v1/datasets/{named}").status_code == 204
    gone = whole.client.post("/v1/jobs?validate_only=true", json=_body(named))
    assert gone.json()["errors"][0]["code"] == "unknown-dataset"


def test_a_dataset_that_is_being_read_is_awaited(whole: Running) -> None:
    created = whole.client.post("/v1/datasets", content=unseen()).json()["id"]
    later = threading.Timer(0.5, read_dataset, [whole.database])
    later.start()
    response = whole.client.post("/v1/jobs", json=_body(created))
    later.join()
    assert response.status_code == 202, response.text


def test_a_dataset_that_is_not_read_in_time(
    whole: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.checking.READING_SECONDS", 0.1)
    created = whole.client.post("/v1/datasets", content=unseen()).json()["id"]
    response = whole.client.post("/v1/jobs", json=_body(created))
    assert response.status_code == 409
    assert response.json()["type"] == "/problems/not-ready"
    read_dataset(whole.database)


def test_a_dataset_that_failed(whole: Running) -> None:
    whole.client.post("/v1/datasets", content=unseen())
    with whole.database.session() as session:
        row = Dataset.claim(session, 60)
        assert row is not None
        row.refuse(session, {"code": "invalid-dataset", "detail": "It has no rows.", "errors": []})
    shown = whole.client.get(f"/v1/datasets/{row.id}").json()
    assert (shown["state"], shown["error"]["detail"]) == ("failed", "It has no rows.")
    entry = whole.client.post("/v1/jobs", json=_body(row.id)).json()["errors"][0]
    assert (entry["pointer"], entry["code"]) == ("/data/dataset", "dataset-not-ready")


def test_once_per_key(whole: Running, dataset: str) -> None:
    headers = {"idempotency-key": f'"{uuid4().hex}"'}
    before = _jobs(whole)
    first = whole.client.post("/v1/jobs", json=_body(dataset), headers=headers)
    again = whole.client.post(
        "/v1/jobs", json=dict(reversed(_body(dataset).items())), headers=headers
    )
    assert (again.status_code, again.json()) == (202, first.json())
    assert again.headers["idempotency-replayed"] == "true"
    assert again.headers["link"] == first.headers["link"]
    other = whole.client.post("/v1/jobs", json=_body(dataset, priority=1), headers=headers)
    assert other.json()["type"] == "/problems/idempotency-key-reused"
    assert _jobs(whole) == before + 1


def test_a_refused_request_may_use_its_key_again(whole: Running, dataset: str) -> None:
    headers = {"idempotency-key": uuid4().hex}
    wrong = whole.client.post("/v1/jobs", json=_body(dataset, stack=[]), headers=headers)
    assert wrong.status_code == 422
    right = whole.client.post("/v1/jobs", json=_body(dataset), headers=headers)
    assert right.status_code == 202


def test_waiting_for_the_end(whole: Running, dataset: str) -> None:
    def cancel() -> None:
        newest = httpx2.get(f"{whole.url}/v1/jobs?page_size=1").json()["data"][0]["id"]
        httpx2.post(f"{whole.url}/v1/jobs/{newest}/cancel")

    later = threading.Timer(2, cancel)
    later.start()
    began = time.monotonic()
    response = whole.client.post(
        "/v1/jobs", json=_body(dataset, tags=["waited"]), headers={"prefer": "wait=20"}
    )
    later.join()
    assert (response.status_code, response.json()["state"]) == (200, "cancelled")
    assert response.json()["tags"] == ["waited"]
    assert time.monotonic() - began < 15


def test_the_queue_has_an_end(whole: Running, dataset: str) -> None:
    settings = whole.services.settings
    with whole.database.reading() as session:
        waiting = queued_jobs(session, whole.project())
    whole.services.settings = settings.model_copy(update={"queue_jobs": waiting})
    try:
        response = whole.client.post("/v1/jobs", json=_body(dataset))
    finally:
        whole.services.settings = settings
    assert response.status_code == 503
    assert response.json()["type"] == "/problems/queue-full"
    assert response.headers["retry-after"] == "30"


def test_memory_has_an_end(whole: Running, dataset: str) -> None:
    settings = whole.services.settings
    whole.services.settings = settings.model_copy(update={"job_memory_bytes": 1000})
    try:
        response = whole.client.post("/v1/jobs", json=_body(dataset))
    finally:
        whole.services.settings = settings
    assert response.status_code == 422
    assert response.json()["type"] == "/problems/stack-too-large"


def test_any_size_is_checked_but_not_submitted(whole: Running, dataset: str) -> None:
    wide = 10**12
    layers = [
        {"class_name": "Dense", "units": wide},
        {"class_name": "Dense", "units": wide},
        {"class_name": "Dense", "units": 2, "activation": "softmax"},
    ]
    began = time.monotonic()
    response = whole.client.post("/v1/stacks/check", json=_body(dataset, stack=layers))
    assert time.monotonic() - began < 10
    assert response.status_code == 200, response.text
    assert response.json()["parameters"]["total"] == 2 * wide + wide * (wide + 1) + 2 * (wide + 1)
    refused = whole.client.post("/v1/jobs", json=_body(dataset, stack=layers))
    assert refused.status_code == 422
    assert refused.json()["type"] == "/problems/stack-too-large"


def test_the_catalogue(whole: Running) -> None:
    response = whole.client.get("/v1/catalog/layers")
    names = [entry["name"] for entry in response.json()["data"]]
    assert {"Dense", "Conv2D", "LSTM"} <= set(names)
    tag = {"if-none-match": response.headers["etag"]}
    assert whole.client.get("/v1/catalog/layers", headers=tag).status_code == 304
    dense = whole.client.get("/v1/catalog/layers/Dense").json()
    assert dense["arguments"][0]["name"] == "units"
    missing = whole.client.get("/v1/catalog/layers/Desne")
    assert missing.status_code == 404
    assert missing.json()["errors"][0]["did_you_mean"][0] == "Dense"
    unknown = whole.client.get("/v1/catalog/layer")
    assert unknown.status_code == 404
    assert "'layers'" in unknown.json()["errors"][0]["detail"]
    for kind in ("operations", "optimizers", "losses", "callbacks", "encodings", "formats"):
        assert whole.client.get(f"/v1/catalog/{kind}").json()["data"]


def test_a_retry_may_wait_as_long_again(whole: Running, dataset: str) -> None:
    body = _body(dataset, resources={"max_wait_seconds": 0})
    problem = whole.client.post("/v1/jobs", json=body).json()
    assert problem["errors"][0]["pointer"] == "/resources/max_wait_seconds"
    body["resources"]["max_wait_seconds"] = 60
    answer = whole.client.post("/v1/jobs", json=body)
    assert answer.status_code == 202, answer.text
    first = answer.json()["id"]
    pass_time(whole.database)
    assert end(whole.database) >= 1
    told = whole.client.get(f"/v1/jobs/{first}").json()
    assert (told["state"], told["error"]["code"]) == ("failed", "wait-timed-out")
    again = whole.client.post(f"/v1/jobs/{first}/retry").json()
    with whole.database.reading() as session:
        job = session.get_one(Job, again["id"])
        assert job.start_by is not None
        assert 50 < (job.start_by - job.created_at).total_seconds() <= 61
