"""Trained models judged by other datasets, as jobs."""

import csv
import io
from typing import Any

import httpx2
import pytest
from typer.testing import CliRunner

import lamina
from lamina.cli.app import build
from tests.fixtures.service import Service
from tests.service.jobs import await_job, iris_csv, submit, upload_iris


def _uploaded(service: Service, rows: list[dict[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    answer = httpx2.post(
        f"{service.url}/v1/datasets?filename=other.csv",
        content=text.getvalue().encode(),
        headers={"Content-Type": "text/csv", "Prefer": "wait=60"},
        timeout=90,
    )
    assert answer.json()["state"] == "ready", answer.text
    return str(answer.json()["id"])


def _rows() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(iris_csv().decode())))


@pytest.fixture(scope="module")
def trained(service: Service) -> dict[str, Any]:
    """A job with a split by column order, so that a dataset can hold its very validation part."""
    return await_job(service, submit(service, upload_iris(service)))


def _evaluated(service: Service, model: str, dataset: str) -> dict[str, Any]:
    url = f"{service.url}/v1/models/{model}/evaluations"
    made = httpx2.post(url, json={"dataset": dataset}, timeout=60)
    assert made.status_code == 202, made.text
    assert made.json()["kind"] == "evaluate"
    return await_job(service, made.json()["id"])


def test_the_validation_part_again_gives_the_same_evaluation(
    service: Service, trained: dict[str, Any]
) -> None:
    split = httpx2.get(f"{service.url}/v1/jobs/{trained['id']}/split").json()
    rows = _rows()
    held = [rows[row] for row in split["parts"]["validation"]["rows"]]
    job = _evaluated(service, trained["model"], _uploaded(service, held))
    assert job["state"] == "succeeded", job["error"]
    assert job["evaluation"]["part"] == "dataset"
    assert job["evaluation"]["metrics"] == pytest.approx(trained["evaluation"]["metrics"], abs=1e-6)

    ours, theirs = (
        httpx2.get(f"{service.url}/v1/jobs/{one['id']}/evaluation").json() for one in (job, trained)
    )
    assert ours["rows"] == theirs["rows"] == len(held)
    (mine,), (same,) = ours["outputs"].values(), theirs["outputs"].values()
    for name in ("confusion", "classes", "averages", "metrics", "roc"):
        assert mine[name] == same[name], name
    assert ours["baseline"] is None
    plots = httpx2.get(f"{service.url}/v1/jobs/{job['id']}/plots").json()["data"]
    assert {"confusion_matrix", "roc"} <= {plot["name"] for plot in plots}
    picture = httpx2.get(f"{service.url}/v1/jobs/{job['id']}/plots/roc.svg").text
    assert f"{len(held)} rows of the dataset" in picture


def test_rows_that_cannot_count_are_told(service: Service, trained: dict[str, Any]) -> None:
    rows = _rows()[::5]
    for place, label in ((0, "sibirica"), (1, "sibirica"), (2, "pumila"), (3, "")):
        rows[place]["species"] = label
    dataset = _uploaded(service, rows)
    result = CliRunner().invoke(
        build(), ["evaluate", trained["model"], dataset], env={"LAMINA_URL": service.url}
    )
    assert result.exit_code == 0, result.output
    assert "sibirica (2), pumila (1)" in result.output
    with lamina.Client(service.url) as client:
        job = client.models.get(trained["model"]).evaluate(dataset, "again")
        job.wait()
        found = job.evaluation()
    assert found.rows == len(rows) - 4
    assert found.left_out == 4
    assert found.unknown_labels == {"sibirica": 2, "pumila": 1}
    again = httpx2.post(f"{service.url}/v1/jobs/{job.id}/clone", timeout=60)
    assert again.json()["kind"] == "evaluate", again.text
    assert await_job(service, again.json()["id"])["state"] == "succeeded"


def test_a_dataset_that_does_not_fit_is_refused(service: Service, trained: dict[str, Any]) -> None:
    url = f"{service.url}/v1/models/{trained['model']}/evaluations"
    rows = [{("kind" if k == "species" else k): v for k, v in row.items()} for row in _rows()]
    unlabelled = httpx2.post(url, json={"dataset": _uploaded(service, rows)}, timeout=60)
    assert unlabelled.status_code == 422, unlabelled.text
    (found,) = unlabelled.json()["errors"]
    assert (found["pointer"], found["code"]) == ("/dataset", "unknown-column")
    assert "'species'" in found["detail"]
    rows = [{**row, "sepal length": "long"} for row in _rows()]
    texts = httpx2.post(url, json={"dataset": _uploaded(service, rows)}, timeout=60)
    assert [one["code"] for one in texts.json()["errors"]] == ["bad-type"]
    strange = [{**row, "species": "sibirica"} for row in _rows()[::9]]
    job = _evaluated(service, trained["model"], _uploaded(service, strange))
    assert (job["state"], job["error"]["code"]) == ("failed", "data-error")
