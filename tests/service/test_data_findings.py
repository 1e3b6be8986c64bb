"""What the service tells of a dataset, and how findings in it reach jobs."""

from typing import Any

import httpx2
import numpy as np
import pytest

from tests.fixtures.service import Service

ROWS = 400
REPEATED = 40
STACK = [
    {"class_name": "Dense", "units": 4, "activation": "relu"},
    {"class_name": "Dense", "units": 2, "activation": "softmax"},
]


def rows(seed: int) -> list[dict[str, Any]]:
    rng = np.random.default_rng(seed)
    found = []
    for place, answer in enumerate(rng.integers(0, 2, ROWS)):
        found.append(
            {
                "x": float(rng.normal()),
                "z": float(rng.normal()),
                "leak": float(answer * 10 + rng.random()),
                "sex": ["Male", "male ", "F"][place % 3],
                "outcome": ["no", "yes"][answer],
            }
        )
    return [*found, *found[:REPEATED]]


@pytest.fixture(scope="module")
def client(service: Service) -> httpx2.Client:
    return httpx2.Client(base_url=service.url, timeout=120)


def upload(client: httpx2.Client, found: list[dict[str, Any]]) -> dict[str, Any]:
    answer = client.post("/v1/datasets", json={"rows": found}, headers={"Prefer": "wait=60"})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


@pytest.fixture(scope="module")
def dataset(client: httpx2.Client) -> dict[str, Any]:
    return upload(client, rows(0))


def body(dataset: dict[str, Any], **data: Any) -> dict[str, Any]:
    given = {"dataset": dataset["id"], "target": "outcome", **data}
    return {"data": given, "stack": STACK, "fit": {"epochs": 1, "seed": 1}}


def test_statistics(client: httpx2.Client, dataset: dict[str, Any]) -> None:
    path = dataset["links"]["stats"]
    answer = client.get(path)
    found = answer.json()
    assert (found["rows"], found["detail"]) == (ROWS + REPEATED, "full")
    columns = {one["name"]: one for one in found["columns"]}
    assert list(columns) == ["x", "z", "leak", "sex", "outcome"]
    histogram = columns["x"]["number"]["histogram"]
    assert len(histogram["edges"]) == len(histogram["counts"]) + 1
    assert sum(histogram["counts"]) + histogram["below"] + histogram["above"] == ROWS + REPEATED
    assert {one["value"] for one in columns["outcome"]["category"]["top"]} == {"no", "yes"}
    same = client.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert same.status_code == 304
    chosen = client.get(path, params={"column": ["z", "x"]}).json()["columns"]
    assert [one["name"] for one in chosen] == ["z", "x"]
    refused = client.get(path, params={"column": "w"})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["code"] == "unknown-column"


def test_a_preview_shows_each_class(client: httpx2.Client, dataset: dict[str, Any]) -> None:
    found = client.get(dataset["links"]["preview"]).json()
    assert len(found["rows"]) == 20
    assert [one["label"] for one in found["samples"]] == ["no", "no", "yes", "yes"]
    assert all(one["values"]["outcome"] == one["label"] for one in found["samples"])


def test_a_report_with_reasons(dataset: dict[str, Any]) -> None:
    assert dataset["progress"] is None
    found = {one["rule"]: one for one in dataset["advice"]}
    assert {"duplicate-rows", "spelling-variants"} <= set(found)
    assert found["spelling-variants"]["pointer"] == "/columns/3"
    assert found["duplicate-rows"]["evidence"]["rows"] == REPEATED
    assert all(one["handling"] and one["why"] for one in found.values())


def test_findings_reach_the_plan_and_block(client: httpx2.Client, dataset: dict[str, Any]) -> None:
    plan = client.post("/v1/jobs?validate_only=true", json=body(dataset)).json()
    found = {one["rule"]: one for one in plan["advice"] if one["severity"] != "hint"}
    assert {"target-leakage", "duplicates-across-split", "spelling-variants"} <= set(found)
    fix = found["target-leakage"]["fix"]
    assert fix == [{"op": "add", "path": "/data/features", "value": ["x", "z", "sex"]}]
    assert plan["request"]["data"]["on_findings"] == "warn"
    refused = client.post("/v1/jobs", json=body(dataset, on_findings="block"))
    assert refused.status_code == 422
    problem = refused.json()
    assert problem["type"].endswith("/data-findings")
    assert {one["code"] for one in problem["errors"]} == {"data-finding"}
    assert fix in [one.get("fix") for one in problem["errors"]]


def test_a_training_tells_what_it_has_seen_already(
    client: httpx2.Client, dataset: dict[str, Any]
) -> None:
    job = client.post(
        "/v1/jobs", json=body(dataset, features=["x", "z"]), headers={"Prefer": "wait=60"}
    ).json()
    assert job["state"] == "succeeded", job["error"]
    found = {one["rule"]: one for one in job["advice"]}
    repeated = found["repeated-rows"]
    assert (repeated["source"], repeated["evidence"]["part"]) == ("data", "validation")
    assert 0 < repeated["evidence"]["rows"] <= REPEATED
    events = client.get(f"/v1/jobs/{job['id']}/events?page_size=200").json()["data"]
    told = [one["data"]["rule"] for one in events if one["type"] == "advice"]
    assert "repeated-rows" in told


def test_what_only_the_training_sees_can_end_it(client: httpx2.Client) -> None:
    clean = [{**row, "sex": "F"} for row in rows(2)[:ROWS]]
    main, same = upload(client, clean), upload(client, clean[:100])
    asked = body(main, features=["x", "z"], on_findings="block", validation=same["id"])
    job = client.post("/v1/jobs", json=asked, headers={"Prefer": "wait=60"}).json()
    assert (job["state"], job["error"]["code"]) == ("failed", "data-error")
    assert job["error"]["blame"] == "data"
    assert job["error"]["pointer"] == "/data/validation"
    assert "[repeated-rows]" in job["error"]["errors"][0]["detail"]
