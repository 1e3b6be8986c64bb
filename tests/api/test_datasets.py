"""Datasets over HTTP: uploads in every form, lists, previews, waiting, deletion."""

import base64
import hashlib
import json
import socket
import threading
import time
from pathlib import Path
from typing import Any

import httpx2
import pytest

from models.dataset import Dataset
from tests.api.rows import CSV, PREVIEW, make_dataset, make_job, read_dataset, unseen
from tests.api.running import Running


def _stored(service: Running, identifier: str) -> bytes:
    with service.database.reading() as session:
        row = session.get_one(Dataset, identifier)
    return service.services.storage.read(row.source_key)


def _count(service: Running) -> int:
    with service.database.reading() as session:
        return session.query(Dataset).count()


def _is_clean(service: Running) -> bool:
    return not list(service.services.uploads.iterdir())


def test_a_raw_body(service: Running) -> None:
    response = service.client.post(
        "/v1/datasets?name=toy&filename=toy.csv", content=CSV, headers={"content-type": "text/csv"}
    )
    assert response.status_code == 202
    body = response.json()
    assert response.headers["location"] == f"/v1/datasets/{body['id']}" == body["links"]["self"]
    assert (body["state"], body["name"], body["filename"]) == ("reading", "toy", "toy.csv")
    assert (body["bytes"], body["digest"]) == (len(CSV), hashlib.sha256(CSV).hexdigest())
    assert _stored(service, body["id"]) == CSV
    assert _is_clean(service)


def test_a_form(service: Running) -> None:
    files = {"file": ("täble.csv", CSV * 1000, "text/csv"), "name": (None, "from a form")}
    body = service.client.post("/v1/datasets", files=files).raise_for_status().json()
    assert (body["filename"], body["name"]) == ("täble.csv", "from a form")
    assert _stored(service, body["id"]) == CSV * 1000


@pytest.mark.parametrize(
    "files",
    [
        {"data": ("a.csv", b"a", "text/csv")},
        [("file", ("a.csv", b"a")), ("file", ("b.csv", b"b"))],
        {"file": ("a.csv", b"a"), "note": (None, "x" * 100_000)},
    ],
)
def test_forms_that_are_refused(service: Running, files: Any) -> None:
    before = _count(service)
    assert service.client.post("/v1/datasets", files=files).status_code == 400
    assert _count(service) == before
    assert _is_clean(service)


def test_a_form_without_its_end(service: Running) -> None:
    content = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n1,2\r\n'
    headers = {"content-type": "multipart/form-data; boundary=x"}
    response = service.client.post("/v1/datasets", content=content, headers=headers)
    assert response.status_code == 400
    response = service.client.post(
        "/v1/datasets", content=content, headers={"content-type": "multipart/form-data"}
    )
    assert response.status_code == 400


def test_rows_as_json(service: Running) -> None:
    rows = [{"a": 1, "label": "yes"}, {"a": 2.5, "label": None}]
    wanted = {"rows": rows, "name": "r", "tags": ["t"], "metadata": {"k": "v"}}
    body = service.client.post("/v1/datasets", json=wanted).raise_for_status().json()
    assert (body["name"], body["tags"], body["metadata"]) == ("r", ["t"], {"k": "v"})
    assert json.loads(_stored(service, body["id"])) == {"rows": rows}


def test_rows_that_are_wrong(service: Running) -> None:
    response = service.client.post("/v1/datasets", json={"rows": [1], "nmae": "x"})
    assert response.status_code == 422
    found = {entry["pointer"]: entry["code"] for entry in response.json()["errors"]}
    assert found == {"/rows/0": "bad-type", "/nmae": "unknown-field"}


def test_nothing_is_no_dataset(service: Running) -> None:
    response = service.client.post("/v1/datasets", content=b"")
    assert response.status_code == 422
    assert response.json()["type"] == "/problems/invalid-dataset"
    assert response.json()["errors"][0]["code"] == "empty"


def test_digests(service: Running) -> None:
    right = base64.b64encode(hashlib.sha256(CSV).digest()).decode()
    headers = {"content-digest": f"sha-256=:{right}:"}
    assert service.client.post("/v1/datasets", content=CSV, headers=headers).status_code == 202
    before = _count(service)
    response = service.client.post("/v1/datasets", content=CSV + b"x", headers=headers)
    assert response.status_code == 400
    assert response.json()["type"] == "/problems/digest-mismatch"
    assert _count(service) == before
    assert _is_clean(service)


def test_uploads_have_a_limit(tmp_path: Path, make_sqlite: Any) -> None:
    from tests.api.running import Absent, running

    with running(tmp_path, make_sqlite(), Absent(), upload_bytes=1000) as served:
        assert served.client.post("/v1/datasets", content=b"x" * 1000).status_code == 202
        assert served.client.post("/v1/datasets", content=b"x" * 1001).status_code == 413
        pieces = (b"x" * 100 for _ in range(11))
        assert served.client.post("/v1/datasets", content=pieces).status_code == 413
        files = {"file": ("a", b"x" * 1001)}
        assert served.client.post("/v1/datasets", files=files).status_code == 413
        assert served.client.post("/v1/datasets", content=b"x" * 9_000_000).status_code == 413
        assert _is_clean(served)


@pytest.mark.parametrize("head", ["Content-Length: 5000", "Transfer-Encoding: chunked"])
def test_a_broken_upload_leaves_nothing(service: Running, head: str) -> None:
    before = _count(service)
    chunk = b"3e8\r\n" + b"x" * 1000 + b"\r\n" if "chunked" in head else b"x" * 1000
    with socket.create_connection(("127.0.0.1", service.port)) as connection:
        start = f"POST /v1/datasets HTTP/1.1\r\nHost: 127.0.0.1:{service.port}\r\n{head}\r\n\r\n"
        connection.sendall(start.encode() + chunk)
        deadline = time.monotonic() + 5
        while _is_clean(service) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert not _is_clean(service)
    while not _is_clean(service) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert _is_clean(service)
    assert _count(service) == before


def test_no_row_means_no_bytes(fresh: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.placing.present", lambda row: 1 / 0)
    assert fresh.client.post("/v1/datasets", content=CSV).status_code == 500
    assert _count(fresh) == 0
    stored = [path for path in fresh.services.settings.home.rglob("source") if path.is_file()]
    assert stored == []


def test_get_wait_and_preview(service: Running) -> None:
    created = service.client.post("/v1/datasets", content=unseen()).json()
    path = created["links"]["self"]
    first = service.client.get(path)
    assert first.json()["state"] == "reading"
    assert service.client.get(f"{path}/preview").json()["type"] == "/problems/not-ready"
    later = threading.Timer(0.3, _read_all, [service])
    later.start()
    began = time.monotonic()
    waited = service.client.get(path, headers={"prefer": "wait=20"})
    assert 0.1 < time.monotonic() - began < 10
    later.join()
    assert waited.headers["preference-applied"] == "wait=20"
    body = waited.json()
    assert (body["state"], body["rows"], body["format"]) == ("ready", 4, "csv")
    assert [column["name"] for column in body["columns"]] == ["a", "label"]
    assert body["classes"] == {"label": {"no": 2, "yes": 2}}
    assert waited.headers["etag"] != first.headers["etag"]
    tag = {"if-none-match": waited.headers["etag"]}
    unchanged = service.client.get(path, headers=tag)
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert service.client.get(path, headers=tag | {"prefer": "wait=1"}).status_code == 304
    preview = service.client.get(f"{path}/preview?rows=1").json()
    assert preview["rows"] == PREVIEW[:1]


def _read_all(service: Running) -> None:
    with service.database.reading() as session:
        waiting = session.query(Dataset).filter(Dataset.state == "reading").count()
    for _ in range(waiting):
        read_dataset(service.database)


def test_post_may_wait(service: Running) -> None:
    later = threading.Timer(0.3, _read_all, [service])
    later.start()
    response = service.client.post("/v1/datasets", content=unseen(), headers={"prefer": "wait=20"})
    later.join()
    assert (response.status_code, response.json()["state"]) == (200, "ready")
    assert "retry-after" not in response.headers
    response = service.client.post("/v1/datasets", content=unseen(), headers={"prefer": "wait=0"})
    assert (response.status_code, response.json()["state"]) == (202, "reading")


def test_lists_go_page_by_page(service: Running) -> None:
    made = [make_dataset(service.database, service.project()) for _ in range(5)]
    _read_all(service)
    seen: list[str] = []
    query = "page_size=2"
    while True:
        page = service.client.get(f"/v1/datasets?{query}").json()
        seen += [entry["id"] for entry in page["data"]]
        assert page["has_more"] == (page["next_page_token"] is not None)
        if not page["has_more"]:
            break
        query = f"page_size=2&page_token={page['next_page_token']}"
    assert seen[:5] == made[::-1]
    assert len(seen) == len(set(seen)) == _count(service)
    token = service.client.get("/v1/datasets?page_size=1").json()["next_page_token"]
    assert service.client.get(f"/v1/jobs?page_token={token}").status_code == 400
    assert service.client.get("/v1/datasets?page_size=100000").status_code == 200


def test_delete(service: Running) -> None:
    created = service.client.post("/v1/datasets", content=unseen()).json()
    path = created["links"]["self"]
    response = service.client.delete(path, headers={"if-match": '"other"'})
    assert response.status_code == 412
    with service.database.reading() as session:
        key = session.get_one(Dataset, created["id"]).source_key
    tag = service.client.get(path).headers["etag"]
    gone = {"permanently": "true"}
    response = service.client.delete(path, headers={"if-match": tag}, params=gone)
    assert response.status_code == 204
    assert service.client.get(path).status_code == 404
    assert service.client.delete(path).status_code == 404
    with pytest.raises(FileNotFoundError):
        service.services.storage.read(key)


def test_a_dataset_in_use_stays(service: Running) -> None:
    dataset = make_dataset(service.database, service.project())
    job = make_job(service.database, service.project(), dataset)
    response = service.client.delete(f"/v1/datasets/{dataset}")
    assert response.status_code == 409
    assert response.json()["type"] == "/problems/in-use"
    assert job in response.json()["detail"]


def test_a_key_creates_once(service: Running) -> None:
    headers = {"idempotency-key": f"upload-{time.time_ns()}"}
    first = service.client.post("/v1/datasets", content=CSV, headers=headers)
    again = service.client.post("/v1/datasets", content=CSV, headers=headers)
    assert again.json() == first.json()
    assert again.status_code == 202
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["idempotency-replayed"] == "true"
    other = service.client.post("/v1/datasets", content=CSV + b"4,no\n", headers=headers)
    assert other.status_code == 422
    assert other.json()["type"] == "/problems/idempotency-key-reused"
    for bad in ("", "x" * 256, "a b"):
        response = service.client.post(
            "/v1/datasets", content=CSV, headers={"idempotency-key": bad}
        )
        assert response.status_code == 400


def test_a_key_creates_once_at_the_same_time(service: Running) -> None:
    headers = {"idempotency-key": f"race-{time.time_ns()}"}
    answers: list[httpx2.Response] = []

    def send() -> None:
        answers.append(httpx2.post(f"{service.url}/v1/datasets", content=CSV, headers=headers))

    before = _count(service)
    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert _count(service) == before + 1
    stored = service.services.settings.home.rglob("source")
    with service.database.reading() as session:
        kept = {row.source_key for row in session.query(Dataset)}
    objects = service.services.settings.home / "objects"
    assert {str(path.relative_to(objects)) for path in stored} <= kept
