"""Predictions for whole datasets, as jobs."""

import csv
import io
from pathlib import Path
from typing import Any

import httpx2
import polars as pl
import pytest

import lamina
from tests.core.test_host import await_death
from tests.fixtures.service import Service
from tests.service.jobs import await_job, children, iris_csv, submit, upload_iris


@pytest.fixture(scope="module")
def trained(service: Service) -> dict[str, Any]:
    """A job that has made a model of iris."""
    return await_job(service, submit(service, upload_iris(service)))


def test_a_dataset_is_answered_row_by_row(
    service: Service, trained: dict[str, Any], tmp_path: Path
) -> None:
    dataset = trained["request"]["data"]["dataset"]
    url = f"{service.url}/v1/models/{trained['model']}"
    headers = {"Idempotency-Key": "whole"}
    made = httpx2.post(f"{url}/predictions", json={"dataset": dataset}, headers=headers, timeout=60)
    assert made.status_code == 202, made.text
    assert made.json()["kind"] == "predict"
    again = httpx2.post(
        f"{url}/predictions", json={"dataset": dataset}, headers=headers, timeout=60
    )
    assert again.json()["id"] == made.json()["id"]
    job = await_job(service, made.json()["id"])
    assert job["state"] == "succeeded", job["error"]
    assert job["result"]["rows"] == 150
    assert job["model"] is None

    table = f"{service.url}/v1/jobs/{job['id']}/predictions"
    rows = list(csv.DictReader(io.StringIO(httpx2.get(table).text)))
    assert [int(row["row"]) for row in rows] == list(range(150))
    records = list(csv.DictReader(io.StringIO(iris_csv().decode())))
    some = [
        {name: float(value) for name, value in record.items() if name != "species"}
        for record in records[::30]
    ]
    answers = httpx2.post(f"{url}/predict", json={"records": some}, timeout=60).json()
    for row, answer in zip(rows[::30], answers["predictions"], strict=True):
        assert row["label"] == answer["label"]
        for name, score in answer["scores"].items():
            assert abs(float(row[f"score_{name}"]) - score) < 1e-6
    with lamina.Client(service.url) as client:
        path = client.jobs.get(job["id"]).predictions(tmp_path / "out.parquet")
        assert pl.read_parquet(path)["label"].to_list() == [row["label"] for row in rows]
    assert httpx2.get(f"{service.url}/v1/jobs/{trained['id']}/predictions").status_code == 404


def test_a_killed_api_leaves_no_model_loaded(service: Service, trained: dict[str, Any]) -> None:
    url = f"{service.url}/v1/models/{trained['model']}/predict"
    record = {"sepal length": 5.1, "sepal width": 3.5, "petal length": 1.4, "petal width": 0.2}

    def ask() -> Any:
        return httpx2.post(url, json={"records": [record]}, timeout=90).json()["predictions"]

    answer = ask()
    loaded = children(service, "warm-predict-")
    assert loaded
    service.kill("api")
    service.start("api")
    service.await_api()
    for pid in loaded:
        await_death(pid)
    assert ask() == answer


def test_a_dataset_that_lacks_columns_is_refused(service: Service, trained: dict[str, Any]) -> None:
    text = iris_csv().decode().replace("petal width", "petal wdth").encode()
    other = httpx2.post(
        f"{service.url}/v1/datasets?filename=other.csv",
        content=text,
        headers={"Content-Type": "text/csv", "Prefer": "wait=60"},
        timeout=90,
    ).json()
    url = f"{service.url}/v1/models/{trained['model']}/predictions"
    refused = httpx2.post(url, json={"dataset": other["id"]}, timeout=60)
    assert refused.status_code == 422, refused.text
    (found,) = refused.json()["errors"]
    assert found["pointer"] == "/dataset"
    assert found["code"] == "unknown-column"
    assert found["did_you_mean"][0] == "petal wdth"
    for body, pointer in (({}, "/dataset"), ({"dataset": "no such"}, "/dataset")):
        refused = httpx2.post(url, json=body, timeout=60)
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["pointer"] == pointer
