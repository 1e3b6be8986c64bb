"""Starting from the weights of another job: found, compared and told before anything is stored."""

from typing import Any
from uuid import uuid4

import pytest

from models.job import Job
from models.model import TrainedModel
from models.project import Project
from tests.api.rows import claim_job, make_dataset, make_job
from tests.api.running import Running

STACK = [
    {"class_name": "Dense", "units": 8, "activation": "relu"},
    {"class_name": "Dense", "units": 2, "activation": "softmax"},
]


@pytest.fixture(scope="module")
def dataset(whole: Running) -> str:
    """A ready dataset."""
    return make_dataset(whole.database, whole.project())


def _body(dataset: str, init_from: Any, stack: Any = STACK) -> dict[str, Any]:
    return {
        "data": {"dataset": dataset, "target": "label"},
        "stack": stack,
        "init_from": init_from,
    }


@pytest.fixture(scope="module")
def trained(whole: Running, dataset: str) -> tuple[str, str]:
    """A job that has succeeded, and its model."""
    body = _body(dataset, None)
    job = whole.client.post("/v1/jobs", json=body).json()
    attempt = claim_job(whole.database, f"host-{uuid4().hex[:6]}")
    assert attempt.job.id == job["id"]
    with whole.database.session() as session:
        model = TrainedModel(
            id=TrainedModel.new_id(),
            project_id=whole.project(),
            job_id=job["id"],
            dataset_id=dataset,
            attempt=1,
            prefix=f"{attempt.prefix}/model",
            files={},
            stack=job["request"]["stack"],
        )
        attempt.succeed(session, model)
        return job["id"], model.id


@pytest.mark.parametrize("by", ["job", "model"])
def test_it_is_told_which_layers_match(
    whole: Running, dataset: str, trained: tuple[str, str], by: str
) -> None:
    job, model = trained
    origin = {"job": job} if by == "job" else {"model": model}
    stack = [STACK[0], {"class_name": "Dense", "units": 5}, STACK[1]]
    body = _body(dataset, origin, stack)
    plan = whole.client.post("/v1/jobs?validate_only=true", json=body).json()
    assert plan["init"]["matched"] == [{"layer": "dense", "source": "dense"}]
    heir = whole.client.post("/v1/jobs", json=body).json()
    assert (heir["init"]["job"], heir["init"]["model"]) == trained
    assert [one["layer"] for one in heir["init"]["left"]] == ["dense_1", "dense_2"]
    assert heir["request"]["init_from"] == {"model": model}
    again = whole.client.post("/v1/jobs?validate_only=true", json=heir["request"])
    assert again.json()["request"]["init_from"] == {"model": model}
    # While a job needs it, the model stays.
    assert whole.client.delete(f"/v1/models/{model}").json()["type"] == "/problems/in-use"
    whole.client.post(f"/v1/jobs/{heir['id']}/cancel")


def test_a_job_without_it_tells_nothing(whole: Running, trained: tuple[str, str]) -> None:
    assert whole.client.get(f"/v1/jobs/{trained[0]}").json()["init"] is None


def test_what_cannot_be_started_from(
    whole: Running, dataset: str, trained: tuple[str, str]
) -> None:
    with whole.database.session() as session:
        other = Project(id=f"prj_{uuid4().hex[:8]}", name=uuid4().hex)
        session.add(other)
    foreign = make_job(whole.database, other.id, dataset)
    queued = make_job(whole.database, whole.project(), dataset)
    cases: list[tuple[Any, str, str]] = [
        ({"job": "job_none"}, "/init_from/job", "unknown-job"),
        ({"job": foreign}, "/init_from/job", "unknown-job"),
        ({"job": trained[1]}, "/init_from/job", "unknown-job"),
        ({"job": queued}, "/init_from/job", "no-model"),
        ({"model": "mdl_none"}, "/init_from/model", "unknown-model"),
        ({"model": trained[1], "job": trained[0]}, "/init_from", "bad-value"),
        ({}, "/init_from", "bad-value"),
        ({"modle": trained[1]}, "/init_from/modle", "unknown-field"),
        ("mdl_none", "/init_from", "bad-type"),
    ]
    with whole.database.reading() as session:
        before = session.query(Job).count()
    for origin, pointer, code in cases:
        response = whole.client.post("/v1/jobs", json=_body(dataset, origin))
        assert response.status_code == 422, origin
        found = [(one["pointer"], one["code"]) for one in response.json()["errors"]]
        assert (pointer, code) in found, response.text
    with whole.database.reading() as session:
        assert session.query(Job).count() == before


def test_nothing_that_fits(whole: Running, dataset: str, trained: tuple[str, str]) -> None:
    stack = [{"class_name": "Dense", "units": 3, "name": "a"}, {**STACK[1], "name": "b"}]
    response = whole.client.post("/v1/jobs", json=_body(dataset, {"model": trained[1]}, stack))
    problem = response.json()
    assert (response.status_code, problem["type"]) == (422, "/problems/invalid-stack")
    assert problem["errors"][0]["pointer"] == "/init_from"
