"""Work that was done before is answered, where the client allows it, and not done again."""

from typing import Any
from uuid import uuid4

import pytest

from api.versions import training_versions
from models.dataset import Dataset
from models.job import Job
from models.model import TrainedModel
from tests.api.rows import claim_job, make_dataset, read_dataset
from tests.api.running import Running

STACK = [
    {"class_name": "Dense", "units": 8, "activation": "relu"},
    {"class_name": "Dense", "units": 2, "activation": "softmax"},
]


def _body(dataset: str, **changes: Any) -> dict[str, Any]:
    return {"data": {"dataset": dataset, "target": "label"}, "stack": STACK, **changes}


def _end(whole: Running, job: dict[str, Any], versions: dict[str, str], **found: Any) -> str:
    """Have the job succeed as a worker with these versions would; its model."""
    attempt = claim_job(whole.database, f"host-{uuid4().hex[:6]}")
    assert attempt.job.id == job["id"]
    with whole.database.session() as session:
        attempt.report(session, "started", {"versions": versions})
    with whole.database.session() as session:
        model = TrainedModel(
            id=TrainedModel.new_id(),
            project_id=whole.project(),
            job_id=job["id"],
            dataset_id=job["dataset"],
            attempt=1,
            prefix=f"{attempt.prefix}/model",
            files={},
            stack=job["request"]["stack"],
        )
        attempt.succeed(session, model, **found)
        return model.id


@pytest.fixture(scope="module")
def dataset(whole: Running) -> str:
    """A ready dataset."""
    return make_dataset(whole.database, whole.project())


@pytest.fixture(scope="module")
def done(whole: Running, dataset: str) -> dict[str, Any]:
    """A job that has succeeded."""
    job: dict[str, Any] = whole.client.post("/v1/jobs", json=_body(dataset)).json()
    versions = {**training_versions(), "python": "3.0"}
    _end(whole, job, {name: versions[name] for name in versions if name != "lamina"})
    return job


def test_the_same_work_is_answered(whole: Running, dataset: str, done: dict[str, Any]) -> None:
    body = _body(dataset, cache=True, display_name="other", tags=["x"], priority=3)
    body["fit"] = {"epochs": 10}  # the default, written out
    body["resources"] = {"max_seconds": 77}
    headers = {"idempotency-key": uuid4().hex}
    with whole.database.reading() as session:
        before = session.query(Job).count()
    answers = [whole.client.post("/v1/jobs", json=body, headers=headers) for _ in range(2)]
    for answer in answers:
        assert answer.status_code == 200, answer.text
        assert (answer.json()["id"], answer.json()["cached"]) == (done["id"], True)
        assert answer.headers["location"] == f"/v1/jobs/{done['id']}"
        assert answer.json()["state"] == "succeeded"
        assert answer.json()["model"]
    assert answers[1].headers["idempotency-replayed"] == "true"
    with whole.database.reading() as session:
        assert session.query(Job).count() == before
    assert whole.client.get(f"/v1/jobs/{done['id']}").json()["cached"] is False
    clone = whole.client.post(f"/v1/jobs/{done['id']}/clone", json={"cache": True})
    assert (clone.status_code, clone.json()["id"]) == (200, done["id"])


def test_the_same_bytes_in_another_dataset_are_the_same_work(
    whole: Running, dataset: str, done: dict[str, Any]
) -> None:
    twin = make_dataset(whole.database, whole.project())
    answer = whole.client.post("/v1/jobs", json=_body(twin, cache=True))
    assert answer.json()["id"] == done["id"]
    with whole.database.session() as session:
        other = Dataset(id=Dataset.new_id(), project_id=whole.project(), bytes=9, digest="1" * 64)
        session.add(other)
    read_dataset(whole.database)
    answer = whole.client.post("/v1/jobs", json=_body(other.id, cache=True))
    assert (answer.status_code, answer.json()["cached"]) == (202, False)
    whole.client.post(f"/v1/jobs/{answer.json()['id']}/cancel")


@pytest.mark.parametrize(
    "changes",
    [
        {"cache": False},
        {"fit": {"seed": 5}},
        {"fit": {"epochs": 11}},
        {"stack": [STACK[0], {**STACK[1], "name": "out"}]},
        {"compile": {"optimizer": "sgd"}},
        {"callbacks": ["TerminateOnNaN"]},
        {"data": {"split": {"validation": 0.3}}},
    ],
)
def test_other_work_is_done(
    whole: Running, dataset: str, done: dict[str, Any], changes: dict[str, Any]
) -> None:
    body = {**_body(dataset), "cache": True, **changes}
    body["data"] = {**_body(dataset)["data"], **changes.get("data", {})}
    answer = whole.client.post("/v1/jobs", json=body)
    assert answer.status_code == 202, answer.text
    assert answer.json()["id"] != done["id"]
    whole.client.post(f"/v1/jobs/{answer.json()['id']}/cancel")


@pytest.mark.parametrize(
    ("versions", "found"),
    [({"keras": "0.0"}, {}), ({}, {"stop_reason": "user"}), ({}, {"stop_reason": "time-budget"})],
)
def test_what_would_end_elsewhere_is_done_again(
    whole: Running, dataset: str, versions: dict[str, str], found: dict[str, Any]
) -> None:
    body = _body(dataset, fit={"epochs": 3, "seed": uuid4().int % 2**31}, cache=True)
    first = whole.client.post("/v1/jobs", json=body).json()
    model = _end(whole, first, versions, **found)
    again = whole.client.post("/v1/jobs", json=body)
    assert again.status_code == 202
    assert model
    whole.client.post(f"/v1/jobs/{again.json()['id']}/cancel")


def test_without_its_model_a_job_answers_nothing(whole: Running, dataset: str) -> None:
    body = _body(dataset, fit={"epochs": 4}, cache=True)
    model = _end(whole, whole.client.post("/v1/jobs", json=body).json(), {})
    assert whole.client.post("/v1/jobs", json=body).status_code == 200
    assert whole.client.delete(f"/v1/models/{model}").status_code == 204
    again = whole.client.post("/v1/jobs", json=body)
    assert again.status_code == 202
    whole.client.post(f"/v1/jobs/{again.json()['id']}/cancel")
