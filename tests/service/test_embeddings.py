"""Word vectors, from the upload of a file to the vectors of a trained model and its heir."""

import csv
import json
from typing import Any

import httpx2
import numpy as np

from tests.fixtures.databases import ROOT
from tests.fixtures.service import Service
from tests.service.example_data import reviews, words
from tests.service.jobs import await_job, events

BODY = json.loads((ROOT / "examples/embedding-bilstm.json").read_text())


def submit(service: Service, dataset: str, weights: dict[str, str], frozen: bool) -> dict[str, Any]:
    """The example, with other first weights; the job at its end."""
    body: dict[str, Any] = json.loads(json.dumps(BODY))
    body["data"]["dataset"] = dataset
    body["fit"]["epochs"] = 2
    body["stack"][1] |= {"name": "words", "weights": weights, "trainable": not frozen}
    answer = httpx2.post(f"{service.url}/v1/jobs", json=body, timeout=60)
    assert answer.status_code == 202, answer.text
    job = await_job(service, answer.json()["id"])
    assert job["state"] == "succeeded", job["error"]
    return job


def vectors(service: Service, job: dict[str, Any]) -> dict[str, list[float]]:
    """Word to vector, as the service hands them out."""
    url = f"{service.url}/v1/models/{job['model']}/embeddings/words"
    answer = httpx2.get(url, timeout=60)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/csv")
    again = httpx2.get(url, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    rows = list(csv.reader(answer.text.splitlines()))[1:]
    return {label: [float(value) for value in values] for label, *values in rows}


def test_from_a_file_to_the_vectors_of_a_model_and_its_heir(service: Service) -> None:
    filename, content = words()
    url = f"{service.url}/v1/files"
    file = httpx2.post(f"{url}?filename={filename}", content=content, timeout=60).json()
    assert file["description"] == {"words": 21, "dimension": 8, "repeated": 0}
    assert httpx2.get(f"{url}/{file['id']}/content").content == content
    uploaded = httpx2.post(
        f"{service.url}/v1/datasets?filename={reviews()[0]}",
        content=reviews()[1],
        headers={"Content-Type": "text/csv", "Prefer": "wait=60"},
        timeout=90,
    ).json()
    given = {
        line.split()[0]: [float(number) for number in line.split()[1:]]
        for line in content.decode().splitlines()
    }

    frozen = submit(service, uploaded["id"], {"file": file["id"]}, frozen=True)
    kept = vectors(service, frozen)
    assert all(
        abs(a - b) < 1e-6 for word in given for a, b in zip(kept[word], given[word], strict=True)
    )
    (coverage,) = (e["data"] for e in events(service, frozen["id"]) if "coverage" in e["type"])
    assert (coverage["found"], coverage["words"]) == (21, 26)
    assert set(coverage["missing"]) == {f"word{number}" for number in range(15, 20)}

    heir = submit(service, uploaded["id"], {"model": frozen["model"]}, frozen=False)
    assert heir["request"]["stack"]["layers"][1]["weights"] == {"model": frozen["model"]}
    moved = vectors(service, heir)
    assert moved["great"] != kept["great"]
    assert np.corrcoef(moved["great"], kept["great"])[0, 1] > 0.8, "it begins with the other's"

    missing = httpx2.get(f"{service.url}/v1/models/{heir['model']}/embeddings/word")
    assert missing.status_code == 404
    assert "words" in missing.json()["detail"]
    assert httpx2.delete(f"{url}/{file['id']}").status_code == 204
