"""`Content-Digest` and `Repr-Digest` on everything that has a body."""

import base64
import hashlib
from typing import Any

import pytest

from models.dataset import Dataset
from tests.api.rows import CSV
from tests.api.running import Running


def _field(content: bytes, name: str = "sha-256") -> str:
    digest = hashlib.new(name.replace("-", ""), content).digest()
    return f"{name}=:{base64.b64encode(digest).decode()}:"


RIGHT, WRONG = _field(CSV), _field(CSV + b"x")
RIGHT_512 = _field(CSV, "sha-512")


def _count(service: Running) -> int:
    with service.database.reading() as session:
        return session.query(Dataset).count()


@pytest.mark.parametrize("field", ["content-digest", "repr-digest"])
@pytest.mark.parametrize(
    ("value", "slug"),
    [
        (RIGHT, None),
        (RIGHT_512, None),
        (f"{RIGHT}, {RIGHT_512}", None),
        (f"md5=:AAAA:, {RIGHT};q=1", None),
        ("unixsum=:AAAA:", None),
        (WRONG, "digest-mismatch"),
        (f"{RIGHT}, {_field(b'', 'sha-512')}", "digest-mismatch"),
        ("", "malformed-request"),
        ("sha-256", "malformed-request"),
        (RIGHT.replace(":", ""), "malformed-request"),
        ("sha-256=:####:", "malformed-request"),
        ("sha-256=:AAAA:", "malformed-request"),
        (f"{RIGHT},", "malformed-request"),
        (f"SHA-256{RIGHT[7:]}", "malformed-request"),
        ("sha-256=" + hashlib.sha256(CSV).hexdigest(), "malformed-request"),
        (f"{RIGHT}{', a=:AA==:' * 1000}", "malformed-request"),
    ],
)
def test_raw_bodies(service: Running, field: str, value: str, slug: str | None) -> None:
    before = _count(service)
    response = service.client.post("/v1/datasets", content=CSV, headers={field: value})
    if slug is None:
        assert response.status_code == 202, response.text
        assert response.json()["digest"] == hashlib.sha256(CSV).hexdigest()
        return
    assert response.status_code == 400
    body = response.json()
    assert body["type"] == f"/problems/{slug}"
    assert body["errors"][0]["parameter"].lower() == field
    assert _count(service) == before
    assert not list(service.services.uploads.iterdir())


def test_forms_and_documents(service: Running) -> None:
    form = b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\n1,2\r\n--x--\r\n'
    kinds: dict[str, bytes] = {
        "multipart/form-data; boundary=x": form,
        "application/json": b'{"rows": [{"a": 1}]}',
    }
    for kind, content in kinds.items():
        headers: dict[str, Any] = {"content-type": kind, "content-digest": _field(content)}
        assert service.client.post("/v1/datasets", content=content, headers=headers).is_success
        headers["content-digest"] = WRONG
        before = _count(service)
        refused = service.client.post("/v1/datasets", content=content, headers=headers)
        assert (refused.status_code, refused.json()["type"]) == (400, "/problems/digest-mismatch")
        assert _count(service) == before
