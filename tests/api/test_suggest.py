"""Suggestions over HTTP, with the real engine: bodies that can be submitted as they come."""

from typing import Any

import pytest

from api.examples import SUGGEST_LABELS, SUGGEST_TARGET
from lamina import ids
from lamina.schemas.job_request import JobRequest
from tests.api.rows import make_dataset
from tests.api.running import Running


@pytest.fixture(scope="module")
def dataset(whole: Running) -> str:
    """A ready dataset."""
    return make_dataset(whole.database, whole.project())


def ask(whole: Running, data: dict[str, Any]) -> Any:
    return whole.client.post("/v1/stacks/suggest", json={"data": data})


def test_a_suggestion_is_a_job_body(whole: Running, dataset: str) -> None:
    response = ask(whole, {**SUGGEST_TARGET["data"], "dataset": dataset})
    assert response.status_code == 200, response.text
    found = response.json()
    assert found["object"] == "suggestion"
    body = found["request"]
    JobRequest.model_validate(body)
    assert body["data"] | {"dataset": dataset, "target": "label"} == body["data"]
    assert all(reason["because"] for reason in found["reasons"])
    plan = whole.client.post("/v1/jobs?validate_only=true", json=body)
    assert plan.status_code == 200, plan.text
    assert plan.json()["parameters"]["total"] > 0


def test_without_a_target_the_candidates_are_named(whole: Running, dataset: str) -> None:
    response = ask(whole, {**SUGGEST_LABELS["data"], "dataset": dataset})
    assert response.status_code == 422
    (error,) = response.json()["errors"]
    assert (error["pointer"], error["code"]) == ("/data/target", "missing-field")
    assert error["did_you_mean"][0] == "label"
    assert error["fix"] == [{"op": "add", "path": "/data/target", "value": "label"}]


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        ({"dataset": ids.new("ds")}, "unknown-dataset", "/data/dataset"),
        ({"target": "lable"}, "unknown-column", "/data/target"),
        ({"tarjet": "label"}, "unknown-field", "/data/tarjet"),
    ],
)
def test_refusals(
    whole: Running, dataset: str, change: dict[str, Any], code: str, pointer: str
) -> None:
    response = ask(whole, {"dataset": dataset, "target": "label", **change})
    assert response.status_code == 422
    error = response.json()["errors"][0]
    assert (error["code"], error["pointer"]) == (code, pointer)
