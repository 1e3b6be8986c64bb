"""Uploads in pieces: the tus protocol, its extensions, its limits, and what becomes of them."""

import base64
import hashlib
import random
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import update

from models.base import now
from models.dataset import Dataset
from models.key import Key
from models.project import Project
from models.upload import Upload, UploadPart
from tests.api.rows import unseen
from tests.api.running import Absent, Running, running

TUS = {"tus-resumable": "1.0.0"}
PIECE = TUS | {"content-type": "application/offset+octet-stream"}


def _begin(service: Running, length: int, **headers: str) -> str:
    response = service.client.post(
        "/v1/uploads", headers=TUS | {"upload-length": str(length)} | headers
    )
    assert response.status_code == 201, response.text
    assert response.headers["tus-resumable"] == "1.0.0"
    found: str = response.headers["location"]
    return found


def _send(
    service: Running, path: str, offset: int, content: Any, **headers: str
) -> httpx2.Response:
    given = PIECE | {"upload-offset": str(offset)} | headers
    return service.client.patch(path, content=content, headers=given)


def _offset(service: Running, path: str) -> int:
    response = service.client.head(path, headers=TUS)
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    return int(response.headers["upload-offset"])


def _objects(service: Running, path: str) -> list[Path]:
    found = (service.services.settings.home / "objects").rglob(f"*/{path.rpartition('/')[2]}/*")
    return [file for file in found if file.is_file()]


def _rows(service: Running) -> int:
    with service.database.reading() as session:
        return session.query(Upload).count()


def _coded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_discovery(service: Running) -> None:
    for path in ("/v1/uploads", _begin(service, 1)):
        response = service.client.options(path)
        assert response.status_code == 204
        assert response.headers["tus-version"] == "1.0.0"
        assert "creation" in response.headers["tus-extension"].split(",")
        assert int(response.headers["tus-max-size"]) == service.services.settings.upload_bytes
        assert "sha1" in response.headers["tus-checksum-algorithm"].split(",")


def test_a_file_in_pieces_becomes_a_dataset(service: Running) -> None:
    content = unseen()
    meta = f"filename {_coded('täble.csv')},filetype {_coded('text/csv')},private"
    path = _begin(service, len(content), **{"upload-metadata": meta})
    assert _offset(service, path) == 0
    for start in range(0, len(content), 10):
        response = _send(service, path, start, content[start : start + 10])
        assert response.status_code == 204
        assert int(response.headers["upload-offset"]) == min(start + 10, len(content))
        assert "upload-expires" in response.headers
    head = service.client.head(path, headers=TUS)
    assert head.headers["upload-metadata"] == meta
    assert head.headers["upload-length"] == str(len(content))
    shown = service.client.get(path).json()
    assert (shown["complete"], shown["metadata"]["filename"]) == (True, "täble.csv")
    listed = service.client.get("/v1/uploads").json()["data"]
    assert shown in listed

    wanted = {"upload": shown["id"], "name": "pieces", "tags": ["t"], "metadata": {"k": "v"}}
    digest = hashlib.sha256(content).hexdigest()
    wrong = service.client.post("/v1/datasets", json=wanted | {"digest": "0" * 64})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (400, "/digest")
    headers = {"idempotency-key": path}
    made = service.client.post("/v1/datasets", json=wanted | {"digest": digest}, headers=headers)
    assert made.status_code == 202, made.text
    body = made.json()
    assert (body["digest"], body["bytes"]) == (digest, len(content))
    assert (body["name"], body["filename"], body["tags"]) == ("pieces", "täble.csv", ["t"])
    with service.database.reading() as session:
        row = session.get_one(Dataset, body["id"])
        assert session.query(UploadPart).filter_by(upload_id=shown["id"]).count() == 0
    assert service.services.storage.read(row.source_key) == content
    assert _objects(service, path) == []
    assert service.client.head(path, headers=TUS).status_code == 404
    again = service.client.post("/v1/datasets", json=wanted | {"digest": digest}, headers=headers)
    assert again.headers["idempotency-replayed"] == "true"
    assert again.json() == body
    gone = service.client.post("/v1/datasets", json=wanted)
    assert (gone.status_code, gone.json()["errors"][0]["code"]) == (422, "unknown-upload")


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("POST", "", {"upload-length": "1"}, 412),
        ("POST", "", {"upload-length": "1", "tus-resumable": "0.2.0"}, 412),
        ("HEAD", "/x", {}, 412),
        ("GET", "", {"tus-resumable": "2.0.0"}, 412),
        ("POST", "", TUS, 400),
        ("POST", "", TUS | {"upload-length": "-1"}, 400),
        ("POST", "", TUS | {"upload-length": "1e3"}, 400),
        ("POST", "", TUS | {"upload-length": "9" * 19}, 400),
        ("POST", "", TUS | {"upload-length": "9" * 18}, 413),
        ("POST", "", TUS | {"upload-length": "1", "upload-defer-length": "1"}, 400),
        ("POST", "", TUS | {"upload-defer-length": "2"}, 400),
        ("POST", "", TUS | {"upload-length": "1", "upload-metadata": "a !"}, 400),
        ("POST", "", TUS | {"upload-length": "1", "upload-metadata": "a YQ==,a YQ=="}, 400),
        ("POST", "", TUS | {"upload-length": "1", "upload-metadata": "a " + "YWFh" * 2000}, 400),
        ("PATCH", "/upl_01kaz8v7m2f5q0r9x3n6t4w1yc", PIECE | {"upload-offset": "0"}, 404),
        ("PATCH", "/ds_01kaz8v7m2f5q0r9x3n6t4w1yc", PIECE | {"upload-offset": "0"}, 404),
        ("DELETE", "/upl_01kaz8v7m2f5q0r9x3n6t4w1yc", TUS, 404),
    ],
)
def test_what_is_refused(
    service: Running, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    before = _rows(service)
    response = service.client.request(method, f"/v1/uploads{path}", headers=headers)
    assert response.status_code == status, response.text
    assert response.headers["tus-resumable"] == "1.0.0"
    if status == 412:
        assert response.headers["tus-version"] == "1.0.0"
    assert _rows(service) == before


def test_pieces_that_are_refused_change_nothing(service: Running) -> None:
    path = _begin(service, 10)
    assert _send(service, path, 0, b"01234").status_code == 204
    for offset, content, headers, status in [
        ("0", b"x", {}, 409),
        ("6", b"x", {}, 409),
        ("five", b"x", {}, 400),
        ("5", b"x" * 6, {}, 413),
        ("5", iter([b"x" * 3, b"x" * 3]), {}, 413),
        ("5", b"x", {"content-type": "text/plain"}, 415),
        ("5", b"x", {"content-encoding": "gzip"}, 415),
        ("5", b"x", {"upload-checksum": "crc32 AAAA"}, 400),
        ("5", b"x", {"upload-checksum": "sha1 !!"}, 400),
        ("5", b"x", {"upload-checksum": f"sha1 {_coded('x' * 20)}"}, 460),
        ("5", b"x", {"upload-length": "11"}, 400),
    ]:
        response = _send(service, path, offset, content, **headers)  # type: ignore[arg-type]
        assert response.status_code == status, (headers, response.text)
        assert response.headers["tus-resumable"] == "1.0.0"
        if status == 409:
            assert response.headers["upload-offset"] == "5"
        assert _offset(service, path) == 5
    missing = service.client.patch(path, content=b"x", headers=PIECE)
    assert missing.status_code == 400
    assert len(_objects(service, path)) == 1
    incomplete = {"upload": path.rpartition("/")[2]}
    refused = service.client.post("/v1/datasets", json=incomplete)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (409, "/upload")


def test_checksums(service: Running) -> None:
    content = random.Random(1).randbytes(9 * 2**20)
    path = _begin(service, len(content) * 4)
    for number, name in enumerate(("sha1", "sha256", "sha512", "md5")):
        checksum = f"{name} {base64.b64encode(hashlib.new(name, content).digest()).decode()}"
        offset = number * len(content)
        broken = _send(service, path, offset, content[:-1] + b"?", **{"upload-checksum": checksum})
        assert (broken.status_code, _offset(service, path)) == (460, offset)
        sent = _send(service, path, offset, content, **{"upload-checksum": checksum})
        assert sent.status_code == 204
    assert sum(file.stat().st_size for file in _objects(service, path)) == len(content) * 4


def test_a_first_piece_may_come_along(service: Running) -> None:
    headers = PIECE | {"upload-length": "5", "idempotency-key": f"first-{time.time_ns()}"}
    made = service.client.post("/v1/uploads", content=b"012", headers=headers)
    assert (made.status_code, made.headers["upload-offset"]) == (201, "3")
    again = service.client.post("/v1/uploads", content=b"012", headers=headers)
    assert again.headers["location"] == made.headers["location"]
    assert (again.headers["idempotency-replayed"], again.headers["upload-offset"]) == ("true", "3")
    plain = TUS | {"upload-length": "5", "content-type": "text/plain"}
    assert service.client.post("/v1/uploads", content=b"012", headers=plain).status_code == 415


def test_the_length_may_be_told_later(service: Running) -> None:
    headers = TUS | {"upload-defer-length": "1"}
    path = service.client.post("/v1/uploads", headers=headers).headers["location"]
    assert _send(service, path, 0, b"01234").status_code == 204
    head = service.client.head(path, headers=TUS)
    assert (head.headers["upload-defer-length"], head.headers.get("upload-length")) == ("1", None)
    assert service.client.get(path).json()["complete"] is False
    assert _send(service, path, 5, b"x", **{"upload-length": "4"}).status_code == 400
    assert _send(service, path, 5, b"56", **{"upload-length": "7"}).status_code == 204
    assert service.client.get(path).json()["complete"] is True
    assert _send(service, path, 7, b"8").status_code == 413


def test_an_upload_can_be_given_up(service: Running) -> None:
    path = _begin(service, 10)
    _send(service, path, 0, b"01234")
    assert len(_objects(service, path)) == 1
    assert service.client.delete(path, headers=TUS).status_code == 204
    assert _objects(service, path) == []
    assert service.client.head(path, headers=TUS).status_code == 404
    assert service.client.delete(path, headers=TUS).status_code == 404


def test_post_may_stand_for_other_methods(service: Running) -> None:
    path = _begin(service, 3)
    headers = PIECE | {"upload-offset": "0", "x-http-method-override": "PATCH"}
    with httpx2.Client(base_url=service.url) as client:
        assert client.post(path, content=b"012", headers=headers).status_code == 204
        head = client.post(path, headers=TUS | {"x-http-method-override": "HEAD"})
        assert head.headers["upload-offset"] == "3"
        gone = client.post(path, headers=TUS | {"x-http-method-override": "DELETE"})
        assert gone.status_code == 204


def test_an_upload_of_nothing_is_no_dataset(service: Running) -> None:
    path = _begin(service, 0)
    refused = service.client.post("/v1/datasets", json={"upload": path.rpartition("/")[2]})
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "empty")


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, {""}),
        ({"name": "x"}, {""}),
        ({"rows": [{"a": 1}], "upload": "upl_x"}, {"/upload"}),
        ({"rows": [{"a": 1}], "filename": "a.csv", "digest": "0" * 64}, {"/filename", "/digest"}),
        ({"upload": "upl_x", "digest": "abc"}, {"/digest"}),
        ({"upload": "upl_x"}, {"/upload"}),
        ({"upload": "ds_01kaz8v7m2f5q0r9x3n6t4w1yc"}, {"/upload"}),
        ({"upload": 7}, {"/upload"}),
    ],
)
def test_sources_that_are_wrong(service: Running, body: Any, pointers: set[str]) -> None:
    response = service.client.post("/v1/datasets", json=body)
    assert response.status_code == 422
    assert {entry["pointer"] for entry in response.json()["errors"]} == pointers


def test_of_two_writers_one_wins(service: Running) -> None:
    size = 2**20
    for _ in range(5):
        path = _begin(service, size)

        def send(letter: bytes, path: str = path) -> int:
            with httpx2.Client(base_url=service.url, timeout=60) as client:
                given = PIECE | {"upload-offset": "0"}
                pieces = (letter * (size // 8) for _ in range(8))
                return client.patch(path, content=pieces, headers=given).status_code

        with ThreadPoolExecutor(4) as pool:
            statuses = sorted(pool.map(send, (b"a", b"b", b"c", b"d")))
        assert statuses == [204, 409, 409, 409]
        (file,) = _objects(service, path)
        assert len(set(file.read_bytes())) == 1
        assert file.stat().st_size == size


def test_a_later_request_takes_over_from_one_that_hangs(service: Running) -> None:
    path = _begin(service, 10)
    with socket.create_connection(("127.0.0.1", service.port)) as slow:
        slow.sendall(_head(service, path, 0, 10) + b"01")
        deadline = time.monotonic() + 30
        while _writer(service, path) is None and time.monotonic() < deadline:
            time.sleep(0.01)
        assert _send(service, path, 0, b"abcde").status_code == 204
        slow.sendall(b"23456789")
        assert slow.recv(1000).startswith(b"HTTP/1.1 409")
    assert _offset(service, path) == 5
    (file,) = _objects(service, path)
    assert file.read_bytes() == b"abcde"


def _writer(service: Running, path: str) -> str | None:
    with service.database.reading() as session:
        return session.get_one(Upload, path.rpartition("/")[2]).writer


def _head(service: Running, path: str, offset: int, size: int) -> bytes:
    return (
        f"PATCH {path} HTTP/1.1\r\nHost: 127.0.0.1:{service.port}\r\nTus-Resumable: 1.0.0\r\n"
        f"Content-Type: application/offset+octet-stream\r\nUpload-Offset: {offset}\r\n"
        f"Content-Length: {size}\r\n\r\n"
    ).encode()


@pytest.mark.parametrize("seed", [1, 2])
def test_an_upload_cut_fifty_times_arrives_whole(service: Running, seed: int) -> None:
    chance = random.Random(seed)
    content = chance.randbytes(3 * 2**20)
    path = _begin(service, len(content), **{"upload-metadata": f"filename {_coded('x.npy')}"})
    cuts = 0
    while (offset := _offset(service, path)) < len(content):
        rest = len(content) - offset
        size = rest if cuts >= 50 else min(rest, chance.randrange(1, 2 * len(content) // 50))
        with socket.create_connection(("127.0.0.1", service.port)) as connection:
            connection.sendall(_head(service, path, offset, rest) + content[offset : offset + size])
            if size < rest and chance.random() < 0.5:
                time.sleep(chance.random() * 0.02)
            if size == rest:
                # 409 when what was cut off last was stored after we had asked for the offset.
                assert connection.recv(1000)[9:12] in (b"204", b"409")
        cuts += size < rest
    assert cuts == 50
    made = service.client.post("/v1/datasets", json={"upload": path.rpartition("/")[2]}).json()
    assert made["digest"] == hashlib.sha256(content).hexdigest()
    with service.database.reading() as session:
        row = session.get_one(Dataset, made["id"])
    assert service.services.storage.read(row.source_key) == content


def test_uploads_expire(service: Running) -> None:
    path = _begin(service, 10)
    _send(service, path, 0, b"01234")
    with service.database.session() as session:
        session.execute(
            update(Upload).where(Upload.id == path.rpartition("/")[2]).values(expires_at=now(-1))
        )
    assert service.client.head(path, headers=TUS).status_code == 410
    assert _send(service, path, 5, b"56789").status_code == 410
    refused = service.client.post("/v1/datasets", json={"upload": path.rpartition("/")[2]})
    assert refused.json()["errors"][0]["code"] == "unknown-upload"
    assert path not in str(service.client.get("/v1/uploads").json())


def test_limits(tmp_path: Path, make_sqlite: Callable[[], str]) -> None:
    with running(tmp_path, make_sqlite(), Absent(), upload_bytes=1000, uploads_open=2) as served:
        refused = served.client.post("/v1/uploads", headers=TUS | {"upload-length": "1001"})
        assert (refused.status_code, refused.headers["tus-max-size"]) == (413, "1000")
        headers = TUS | {"upload-defer-length": "1"}
        path = served.client.post("/v1/uploads", headers=headers).headers["location"]
        assert _send(served, path, 0, b"x" * 1001).status_code == 413
        assert _send(served, path, 0, b"x" * 5, **{"upload-length": "1001"}).status_code == 413
        _begin(served, 1)
        full = served.client.post("/v1/uploads", headers=TUS | {"upload-length": "1"})
        assert (full.status_code, full.json()["type"]) == (429, "/problems/quota-exceeded")
        assert "retry-after" in full.headers
        served.client.delete(path, headers=TUS)
        _begin(served, 1)


def test_two_who_use_one_upload(service: Running) -> None:
    content = unseen()
    path = _begin(service, len(content))
    _send(service, path, 0, content)
    body = {"upload": path.rpartition("/")[2]}
    answers: list[int] = []

    def use() -> None:
        answers.append(httpx2.post(f"{service.url}/v1/datasets", json=body, timeout=60).status_code)

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [202, 422, 422, 422]


def test_parts_that_go_while_they_are_put_together(service: Running) -> None:
    """As they do when another request is quicker in making something of the upload."""
    content = unseen()
    path = _begin(service, len(content))
    _send(service, path, 0, content)
    identifier = path.rpartition("/")[2]
    service.services.storage.delete(f"{service.project()}/uploads/{identifier}")
    answer = service.client.post("/v1/datasets", json={"upload": identifier})
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"] == "/upload"


def test_uploads_and_bytes_belong_to_a_project(fresh: Running) -> None:
    secrets = []
    with fresh.database.session() as session:
        for name in ("one", "two"):
            owner = Project.named(session, name).id
            secrets.append(Key.issue(session, owner, "test", ["train"])[1])
    fresh.app.state.guard.forget()
    one, two = ({"authorization": f"Bearer {secret}"} for secret in secrets)
    content = unseen()
    headers = TUS | one | {"upload-length": str(len(content))}
    path = fresh.client.post("/v1/uploads", headers=headers).headers["location"]
    upload = {"upload": path.rpartition("/")[2]}
    assert _send(fresh, path, 0, content, **two).status_code == 404
    assert fresh.client.head(path, headers=TUS | two).status_code == 404
    assert fresh.client.delete(path, headers=TUS | two).status_code == 404
    assert fresh.client.get("/v1/uploads", headers=two).json()["data"] == []
    assert fresh.client.head(path).status_code == 401
    assert fresh.client.head(path, headers=one).status_code == 412
    assert fresh.client.head(path, headers=TUS).status_code == 401
    assert _send(fresh, path, 0, content, **one).status_code == 204
    assert fresh.client.post("/v1/datasets", json=upload, headers=two).status_code == 422
    assert fresh.client.post("/v1/datasets", json=upload, headers=one).status_code == 202
    other = fresh.client.post("/v1/datasets", content=content, headers=two).json()
    assert other["duplicate_of"] is None, "another project's bytes are nobody's business"


def test_a_side_file_may_come_in_pieces(whole: Running) -> None:
    content = b"the 1.0 2.0\ncat 3.0 4.0\n"
    path = _begin(whole, len(content), **{"upload-metadata": f"filename {_coded('w.txt')}"})
    _send(whole, path, 0, content)
    wanted = {"upload": path.rpartition("/")[2], "name": "words"}
    wrong = whole.client.post("/v1/files", json=wanted | {"digest": "0" * 64})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (400, "/digest")
    made = whole.client.post("/v1/files", json=wanted)
    assert made.status_code == 201, made.text
    assert (made.json()["filename"], made.json()["description"]["words"]) == ("w.txt", 2)
    assert whole.client.head(path, headers=TUS).status_code == 404
