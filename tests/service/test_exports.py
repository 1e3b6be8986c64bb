"""Models in the forms of other runtimes, from the training to a client's own runtime."""

import hashlib
import threading
from pathlib import Path
from typing import Any

import httpx2
import numpy as np
import onnxruntime

import lamina
from tests.fixtures.service import Service
from tests.service.jobs import await_job, iris_csv, submit, upload_iris

RECORD = {"sepal length": 5.1, "sepal width": 3.5, "petal length": 1.4, "petal width": 0.2}


def test_a_model_is_written_once_and_proven(service: Service, tmp_path: Path) -> None:
    job = await_job(service, submit(service, upload_iris(service)))
    url = f"{service.url}/v1/models/{job['model']}"
    first = httpx2.get(f"{url}/content?format=onnx", headers={"Prefer": "wait=0"}, timeout=60)
    assert first.status_code == 202, first.text
    assert int(first.headers["retry-after"]) > 0
    assert [one["state"] for one in httpx2.get(url).json()["exports"]] in ([], ["making"])

    bodies: list[httpx2.Response] = []

    def ask() -> None:
        headers = {"Prefer": "wait=60"}
        bodies.append(httpx2.get(f"{url}/content?format=onnx", headers=headers, timeout=90))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in bodies} == {200}
    assert len({answer.headers["etag"] for answer in bodies}) == 1

    with lamina.Client(service.url) as client:
        model = client.models.get(job["model"])
        path = model.export("onnx", tmp_path)
        assert path.suffix == ".onnx"
        assert path.read_bytes() == bodies[0].content
        wanted = model.predict(RECORD).predictions[0]["scores"]
        model.export("litert", tmp_path)
        exports = {one.format: one for one in client.models.get(job["model"]).resource.exports}
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    (taken,) = session.get_inputs()
    scores = session.run(None, {taken.name: np.array([[*RECORD.values()]], np.float32)})[0]
    np.testing.assert_allclose(scores[0], list(wanted.values()), atol=1e-5)
    assert set(exports) == {"onnx", "litert"}
    assert _parity(exports["onnx"])["rows"] == 30
    assert _parity(exports["litert"])["max_abs"] < 1e-5

    assert httpx2.get(f"{url}/content?format=pickle").status_code == 406
    with lamina.Client(service.url) as client:
        receipt = client.models.get(job["model"]).receipt()
    assert receipt.request == job["request"]
    assert receipt.data["dataset"].digest == hashlib.sha256(iris_csv()).hexdigest()
    assert receipt.seeds == {"fit": 1, "split": 1}
    assert set(receipt.versions) == {"python", "keras", "tensorflow", "numpy"}
    assert receipt.rows["training"] + receipt.rows["validation"] == 150
    written = f"objects/**/{job['id']}/**/exports/*"
    assert len(list(service.home.glob(written))) == 2
    deleted = httpx2.delete(url, params={"permanently": "true"}, timeout=60)
    assert deleted.status_code == 204, deleted.text
    assert not list(service.home.glob(written))


def _parity(one: Any) -> dict[str, Any]:
    assert one.state == "ready"
    found: dict[str, Any] = one.parity.model_dump()
    return found
