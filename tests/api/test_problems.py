"""Every error is a problem, whoever raised it."""

import re
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from sqlalchemy.exc import OperationalError

from api.remedies import REMEDIES
from lamina.codes import PROBLEMS
from tests.api.running import Running


def _problem(response: httpx2.Response, status: int, slug: str) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert body["type"] == f"/problems/{slug}"
    assert body["status"] == status
    assert body["request_id"] == response.headers["x-request-id"]
    return body


def test_unknown_paths(client: httpx2.Client) -> None:
    body = _problem(client.get("/v1/jbos"), 404, "not-found")
    assert body["instance"] == "/v1/jbos"


def test_a_slash_too_many_is_no_redirect(client: httpx2.Client) -> None:
    _problem(client.get("/v1/jobs/"), 404, "not-found")


def test_wrong_methods_name_the_right_ones(client: httpx2.Client) -> None:
    response = client.patch("/v1/jobs")
    _problem(response, 405, "method-not-allowed")
    assert set(response.headers["allow"].split(", ")) == {"GET", "HEAD", "POST"}


def test_head_is_get_without_content(client: httpx2.Client) -> None:
    for path in ("/healthz", "/v1/jobs", "/docs", "/nothing"):
        head, got = client.head(path), client.get(path)
        assert head.status_code == got.status_code
        assert head.content == b""
        assert head.headers["content-length"] == got.headers["content-length"]
        assert head.headers["content-type"] == got.headers["content-type"]


def test_unknown_query_parameters(client: httpx2.Client) -> None:
    body = _problem(client.get("/v1/jobs?sate=queued&page_size=3"), 400, "malformed-request")
    assert [(found["parameter"], found["did_you_mean"][0]) for found in body["errors"]] == [
        ("sate", "state")
    ]


@pytest.mark.parametrize(
    "query",
    ["page_size=0", "page_size=x", "page_token=%00", "page_token=abc", "state=done", "state=%00"],
)
def test_query_parameters_that_cannot_be_read(client: httpx2.Client, query: str) -> None:
    body = _problem(client.get(f"/v1/jobs?{query}"), 400, "malformed-request")
    assert [found["parameter"] for found in body["errors"]] == [query.partition("=")[0]]


@pytest.mark.parametrize(
    ("content_type", "status", "slug"),
    [
        ("text/plain", 415, "unsupported-media-type"),
        ("application/x-www-form-urlencoded", 415, "unsupported-media-type"),
        ("application/json", 400, "malformed-request"),
        ("application/vnd.api+json; charset=utf-8", 400, "malformed-request"),
    ],
)
def test_content_types(client: httpx2.Client, content_type: str, status: int, slug: str) -> None:
    response = client.post("/v1/jobs", content=b"{", headers={"content-type": content_type})
    _problem(response, status, slug)


def test_compressed_bodies_are_refused(client: httpx2.Client) -> None:
    headers = {"content-type": "application/json", "content-encoding": "gzip"}
    response = client.post("/v1/jobs", content=b"\x1f\x8b", headers=headers)
    _problem(response, 415, "unsupported-media-type")


def test_large_bodies(client: httpx2.Client) -> None:
    headers = {"content-type": "application/json"}
    large = b'"' + b"a" * (5 * 2**20) + b'"'
    _problem(client.post("/v1/jobs", content=large, headers=headers), 413, "too-large")
    pieces = (large[at : at + 2**16] for at in range(0, len(large), 2**16))
    _problem(client.post("/v1/jobs", content=pieces, headers=headers), 413, "too-large")


def test_ids_of_another_kind_are_told(client: httpx2.Client) -> None:
    body = _problem(client.get("/v1/jobs/ds_01kaz8v7m2f5q0r9x3n6t4w1yc"), 404, "not-found")
    assert "is a dataset id" in body["detail"]
    body = _problem(client.get("/v1/models/mdl_01kaz8v7m2f5q0r9x3n6t4w1yc"), 404, "not-found")
    assert "no model" in body["detail"]
    _problem(client.get("/v1/jobs/%00%ff'--"), 404, "not-found")


def test_request_ids(client: httpx2.Client) -> None:
    given = client.get("/healthz", headers={"x-request-id": "abc-1"})
    assert given.headers["x-request-id"] == "abc-1"
    for bad in ("x" * 129, "a b", "<script>"):
        answered = client.get("/healthz", headers={"x-request-id": bad}).headers["x-request-id"]
        assert re.fullmatch("req_[0-9a-z]{26}", answered)


def test_every_problem_type_has_a_page(client: httpx2.Client) -> None:
    assert set(REMEDIES) == set(PROBLEMS)
    listed = client.get("/problems").json()["data"]
    assert [entry["slug"] for entry in listed] == list(PROBLEMS)
    for entry in listed:
        assert client.get(entry["type"]).json() == entry
    body = _problem(client.get("/problems/not-fuond"), 404, "not-found")
    assert body["errors"][0]["did_you_mean"][0] == "not-found"


def test_a_crash_is_a_problem_without_details(
    fresh: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr("models.dataset.Dataset.page", crash)
    response = fresh.client.get("/v1/datasets")
    _problem(response, 500, "internal")
    assert "secret" not in response.text


def test_a_database_out_of_reach_is_503(fresh: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh.client.get("/v1/datasets")

    def broken(*_: Any, **__: Any) -> None:
        raise OperationalError("SELECT secret", {}, Exception("connection refused"))

    monkeypatch.setattr("models.dataset.Dataset.page", broken)
    response = fresh.client.get("/v1/datasets")
    _problem(response, 503, "unavailable")
    assert response.headers["retry-after"] == "2"
    assert "secret" not in response.text


def test_a_database_that_is_gone_is_503(make_postgresql: Callable[[], str], tmp_path: Any) -> None:
    from tests.api.running import Absent, running

    nowhere = make_postgresql().replace("/test_", "/gone_")
    with running(tmp_path, nowhere, Absent()) as served:
        _problem(served.client.get("/v1/jobs"), 503, "unavailable")
        assert served.client.get("/healthz").status_code == 200
        ready = served.client.get("/readyz")
        assert ready.status_code == 503
        assert {check["name"]: check["ok"] for check in ready.json()["checks"]}["database"] is False


def test_an_absent_engine_is_503(client: httpx2.Client) -> None:
    response = client.post("/v1/stacks/check", json={"stack": []})
    _problem(response, 503, "unavailable")
