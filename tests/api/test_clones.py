"""Clones of jobs: the same request again, with changes, checked like any other."""

from typing import Any
from uuid import uuid4

import pytest

from api.examples import FULLER
from models.job import Job
from tests.api.rows import make_dataset, make_job
from tests.api.running import Running

MERGE = {"content-type": "application/merge-patch+json"}
STEPS = {"content-type": "application/json-patch+json"}


@pytest.fixture(scope="module")
def dataset(whole: Running) -> str:
    """A ready dataset."""
    return make_dataset(whole.database, whole.project())


@pytest.fixture(scope="module")
def job(whole: Running, dataset: str) -> dict[str, Any]:
    """A queued job."""
    body = {**FULLER, "data": {"dataset": dataset, "target": "label"}}
    found: dict[str, Any] = whole.client.post("/v1/jobs", json=body).json()
    return found


def _jobs(whole: Running) -> int:
    with whole.database.reading() as session:
        return session.query(Job).count()


def test_the_same_again_in_any_state(whole: Running, job: dict[str, Any]) -> None:
    path = f"/v1/jobs/{job['id']}/clone"
    first = whole.client.post(path)
    assert first.status_code == 202, first.text
    clone = first.json()
    assert (clone["cloned_from"], clone["state"], clone["retry_of"]) == (job["id"], "queued", None)
    assert clone["request"] == job["request"]
    assert first.headers["location"] == f"/v1/jobs/{clone['id']}"
    whole.client.post(f"/v1/jobs/{clone['id']}/cancel")
    again = whole.client.post(f"/v1/jobs/{clone['id']}/clone", json={}).json()
    assert (again["cloned_from"], again["request"]) == (clone["id"], job["request"])
    assert whole.client.get(f"/v1/jobs/{again['id']}").json()["cloned_from"] == clone["id"]
    # The first of the line may go: a clone needs nothing of what it was made from.
    assert whole.client.delete(f"/v1/jobs/{clone['id']}").status_code == 204


@pytest.mark.parametrize(
    "headers", [MERGE, {"content-type": "application/json"}], ids=["merge", "json"]
)
def test_merged_changes(whole: Running, job: dict[str, Any], headers: dict[str, str]) -> None:
    changes = (
        b'{"fit": {"epochs": 9}, "compile": {"optimizer": {"learning_rate": 0.5}}, "tags": null}'
    )
    clone = whole.client.post(
        f"/v1/jobs/{job['id']}/clone", content=changes, headers=headers
    ).json()
    expected = {**job["request"], "tags": []}
    expected["fit"] = {**expected["fit"], "epochs": 9}
    optimizer = {**expected["compile"]["optimizer"], "learning_rate": 0.5}
    expected["compile"] = {**expected["compile"], "optimizer": optimizer}
    assert clone["request"] == expected


@pytest.mark.parametrize("headers", [STEPS, {"content-type": "application/json"}])
def test_steps_of_changes(whole: Running, job: dict[str, Any], headers: dict[str, str]) -> None:
    steps = b'[{"op": "replace", "path": "/stack/layers/1/units", "value": 64}]'
    clone = whole.client.post(f"/v1/jobs/{job['id']}/clone", content=steps, headers=headers).json()
    assert clone["request"]["stack"]["layers"][1]["units"] == 64
    assert clone["parameters"]["total"] > job["parameters"]["total"]


def test_a_key_clones_once(whole: Running, job: dict[str, Any]) -> None:
    headers = {"idempotency-key": uuid4().hex}
    path = f"/v1/jobs/{job['id']}/clone"
    first = whole.client.post(path, json={"fit": {"epochs": 2}}, headers=headers)
    again = whole.client.post(path, json={"fit": {"epochs": 2}}, headers=headers)
    assert again.json()["id"] == first.json()["id"]
    assert again.headers["idempotency-replayed"] == "true"
    other = whole.client.post(path, json={"fit": {"epochs": 3}}, headers=headers)
    assert other.json()["type"] == "/problems/idempotency-key-reused"


def test_a_plan_stores_nothing(whole: Running, job: dict[str, Any]) -> None:
    before = _jobs(whole)
    path = f"/v1/jobs/{job['id']}/clone?validate_only=true"
    plan = whole.client.post(path, json={"fit": {"epochs": 77}}).json()
    assert (plan["object"], plan["request"]["fit"]["epochs"]) == ("plan", 77)
    assert _jobs(whole) == before


@pytest.mark.parametrize(
    ("changes", "kind", "slug", "pointer"),
    [
        ({"fti": {}}, MERGE, "invalid-request", "/fti"),
        ({"stack": None}, MERGE, "invalid-request", "/stack"),
        (
            {"stack": {"layers": [{"class_name": "Desne"}]}},
            MERGE,
            "invalid-stack",
            "/stack/layers/0",
        ),
        ({"data": {"target": "lable"}}, MERGE, "data-stack-mismatch", "/data/target"),
        ({"data": {"dataset": "ds_none"}}, MERGE, "invalid-request", "/data/dataset"),
        ({"data": {"features": ["a"]}}, MERGE, "data-stack-mismatch", "/data"),
        ("fit", MERGE, "invalid-request", ""),
        ([1], MERGE, "invalid-request", ""),
        ({"op": "remove", "path": "/fit"}, STEPS, "invalid-request", ""),
        ([{"op": "remove", "path": "/nowhere"}], STEPS, "invalid-request", "/0"),
        ([{"op": "replace", "path": 7, "value": 1}], STEPS, "invalid-request", "/0"),
        ([{"op": "replace", "path": "", "value": []}], STEPS, "invalid-request", ""),
        (
            [{"op": "copy", "from": "", "path": f"/{n}"} for n in range(40)],
            STEPS,
            "invalid-request",
            None,
        ),
    ],
)
def test_what_is_refused_stores_nothing(
    whole: Running, job: dict[str, Any], changes: Any, kind: dict[str, str], slug: str, pointer: Any
) -> None:
    before = _jobs(whole)
    response = whole.client.post(f"/v1/jobs/{job['id']}/clone", json=changes, headers=kind)
    assert response.status_code == 422, response.text
    problem = response.json()
    assert problem["type"] == f"/problems/{slug}"
    if pointer is not None:
        assert problem["errors"][0]["pointer"].startswith(pointer)
    assert _jobs(whole) == before


def test_what_cannot_be_read(whole: Running, job: dict[str, Any]) -> None:
    path = f"/v1/jobs/{job['id']}/clone"
    wrong = whole.client.post(path, content=b"a=1", headers={"content-type": "text/plain"})
    assert wrong.status_code == 415
    assert whole.client.post(path, content=b"{", headers=MERGE).status_code == 400
    unknown = f"/v1/jobs/{uuid4().hex}/clone"
    assert whole.client.post(unknown).status_code == 404


def test_a_prediction_names_its_model(whole: Running, dataset: str) -> None:
    request = {"dataset": dataset, "model": "mdl_gone", "display_name": None, "priority": 0}
    job = make_job(whole.database, whole.project(), dataset, kind="predict", request=request)
    path = f"/v1/jobs/{job}/clone"
    problem = whole.client.post(path).json()
    assert (problem["errors"][0]["pointer"], problem["errors"][0]["code"]) == (
        "/model",
        "unknown-model",
    )
    problem = whole.client.post(f"{path}?validate_only=true").json()
    assert problem["errors"][0]["parameter"] == "validate_only"
