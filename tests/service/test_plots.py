"""Pictures of a job on images, its learned filters among them."""

import io
import json
from xml.etree import ElementTree

import httpx2
from PIL import Image

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

    plots = httpx2.get(f"{service.url}/v1/jobs/{job['id']}/plots", timeout=60).json()["data"]
    names = {"confusion_matrix", "curves", "filters", "learning_rate", "pr", "roc", "worst"}
    assert {plot["name"] for plot in plots} == names
    for plot in plots:
        drawn = httpx2.get(service.url + plot["svg"], timeout=60)
        ElementTree.fromstring(drawn.text)
        unchanged = {"If-None-Match": drawn.headers["etag"]}
        again = httpx2.get(service.url + plot["svg"], headers=unchanged, timeout=60)
        assert again.status_code == 304
    png = httpx2.get(f"{service.url}/v1/jobs/{job['id']}/plots/worst.png?width=300", timeout=60)
    assert Image.open(io.BytesIO(png.content)).width == 300
    missing = httpx2.get(f"{service.url}/v1/jobs/{job['id']}/plots/residuals.svg", timeout=60)
    assert "confusion_matrix" in missing.json()["detail"]


def test_a_model_without_a_convolution_has_none(service: Service) -> None:
    job = await_job(service, submit(service, upload_iris(service), epochs=1))
    answer = httpx2.get(f"{service.url}/v1/models/{job['model']}/filters.svg", timeout=60)
    assert answer.status_code == 404
    assert "Conv1D" in answer.json()["detail"]
