"""The dashboard as it is served: small, strict, and open to the right browser alone."""

import gzip
import re
from pathlib import Path

import pytest

from api.bundle import FOLDER, built
from api.refusal import Refusal
from tests.api.running import Running

_MOST_SCRIPT = 100_000


@pytest.fixture
def secret(fresh: Running) -> str:
    """The key of a service that is closed to callers without one."""
    made = fresh.client.post("/v1/keys", json={"name": "door", "scopes": ["admin"]})
    found: str = made.json()["secret"]
    return found


def test_the_page_is_strict_and_revalidated(service: Running) -> None:
    answer = service.client.get("/")
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "unsafe" not in policy
    assert "<script>" not in answer.text
    assert "style=" not in answer.text
    again = service.client.get("/", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


def test_assets_are_kept_for_ever(service: Running) -> None:
    names = re.findall(r"/(assets/[^\"]+)", service.client.get("/").text)
    assert names
    for name in names:
        answer = service.client.get(f"/{name}")
        assert "immutable" in answer.headers["cache-control"]
        assert answer.content == (FOLDER / name).read_bytes()
    assert service.client.get("/assets/none.js").status_code == 404


def test_scripts_are_small() -> None:
    scripts = [file.content for path, file in built().items() if path.endswith(".js")]
    assert scripts
    assert sum(len(gzip.compress(content)) for content in scripts) <= _MOST_SCRIPT


def test_an_absent_bundle_says_so(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="make setup"):
        built(tmp_path)


def test_a_cookie_carries_the_key(fresh: Running, secret: str) -> None:
    assert fresh.client.get("/v1/server").status_code == 401
    assert fresh.client.post("/session", json={"key": "lmn_wrong"}).status_code == 401
    entered = fresh.client.post("/session", json={"key": secret})
    cookie = entered.headers["set-cookie"].lower()
    assert entered.status_code == 204
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert fresh.client.get("/v1/server").is_success
    assert fresh.client.delete("/session").status_code == 204
    fresh.client.cookies.clear()
    assert fresh.client.get("/v1/server").status_code == 401


def test_no_other_page_can_use_the_cookie(fresh: Running, secret: str) -> None:
    cookie = {"Cookie": f"lamina_key={secret}"}
    foreign = {**cookie, "Origin": "http://127.0.0.1:1"}
    own = {**cookie, "Origin": fresh.url}
    body = {"name": "x", "rows": [{"a": 1}, {"a": 2}]}
    assert fresh.client.post("/v1/datasets", json=body, headers=cookie).status_code == 401
    assert fresh.client.post("/v1/datasets", json=body, headers=foreign).status_code == 401
    assert fresh.client.post("/v1/datasets", json=body, headers=own).status_code == 202
    other = {**cookie, "Sec-Fetch-Site": "same-site"}
    assert fresh.client.get("/v1/server", headers=other).status_code == 401
    login = {"Origin": "http://127.0.0.1:1"}
    answer = fresh.client.post("/session", json={"key": secret}, headers=login)
    assert answer.status_code == 403
