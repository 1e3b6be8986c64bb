"""The learned filters of a convolution, drawn."""

import json
from xml.etree import ElementTree

import httpx2

from tests.fixtures.databases import ROOT
from tests.fixtures.service import Service
from tests.service.example_data import digits
from tests.service.jobs import await_job, submit, upload_iris

_RECT = "{http://www.w3.org/2000/svg}rect"


def test_a_tile_for_each_filter(service: Service) -> None:
    filename, content = digits()
    dataset = httpx2.post(
        f"{service.url}/v1/datasets?filename={filename}",
        content=content,
        headers={"Content-Type": "application/octet-stream", "Prefer": "wait=60"},
        timeout=90,
    ).json()
    body = json.loads((ROOT / "examples/cnn.json").read_text())
    body["data"]["dataset"] = dataset["id"]
    body["fit"]["epochs"] = 1
    job = await_job(
        service, httpx2.post(f"{service.url}/v1/jobs", json=body, timeout=60).json()["id"]
    )
    answer = httpx2.get(f"{service.url}/v1/models/{job['model']}/filters.svg", timeout=60)
    assert answer.headers["content-type"] == "image/svg+xml"
    cells = ElementTree.fromstring(answer.text).findall(_RECT)
    assert len(cells) == 16 * (3 * 3 + 1), "nine weights and a frame for each of 16 filters"
    colours = {cell.get("fill") for cell in cells}
    assert len(colours) > 20


def test_a_model_without_a_convolution_has_none(service: Service) -> None:
    job = await_job(service, submit(service, upload_iris(service), epochs=1))
    answer = httpx2.get(f"{service.url}/v1/models/{job['model']}/filters.svg", timeout=60)
    assert answer.status_code == 404
    assert "Conv1D" in answer.json()["detail"]
