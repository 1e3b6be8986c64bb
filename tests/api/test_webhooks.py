"""Webhooks over HTTP: made, tried, rotated, replayed; their secrets, and whose they are."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook as Verifier

import lamina
from models.job import Job
from models.key import Key
from models.project import Project
from tests.api.rows import make_dataset, make_job
from tests.api.running import Absent, Running, running
from tests.lamina.cli.command import lamina as run
from tests.lamina.outside import Outside, Reply, in_turn, outside

_SECONDS = 60


@pytest.fixture(scope="module")
def there() -> Iterator[Outside]:
    with outside(in_turn(Reply(204))) as world:
        yield world


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def telling(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, there: Outside
) -> Iterator[Running]:
    """A service that may tell the receiver."""
    make: Callable[[], str] = request.getfixturevalue(f"make_{request.param}")
    settings: dict[str, Any] = {
        "webhook_to": [there.url, "https://*"],
        "webhook_private": ["127.0.0.0/24"],
        "relay_seconds": 0.05,
    }
    home: Path = tmp_path_factory.mktemp("home")
    with running(home, make(), Absent(), **settings) as served:
        yield served


def _made(served: Running, url: str, **values: Any) -> dict[str, Any]:
    answer = served.client.post("/v1/webhooks", json={"url": url, **values})
    assert answer.status_code == 201, answer.text
    assert answer.headers["cache-control"] == "no-store"
    found: dict[str, Any] = answer.json()
    return found


def _settled(served: Running, webhook: str, count: int = 1) -> list[dict[str, Any]]:
    path, deadline = f"/v1/webhooks/{webhook}/deliveries", time.monotonic() + _SECONDS
    while True:
        data: list[dict[str, Any]] = served.client.get(path).json()["data"]
        if len(data) == count and all(one["state"] != "pending" for one in data):
            return data
        assert time.monotonic() < deadline, data
        time.sleep(0.02)


def test_a_webhook_is_made_tried_and_deleted(telling: Running, there: Outside) -> None:
    there.asked.clear()
    made = _made(telling, f"{there.url}/x", description="mine")
    path = f"/v1/webhooks/{made['id']}"
    assert made["secret"].startswith("whsec_")
    assert telling.client.get(path).json()["secret"] is None
    assert telling.client.get("/v1/webhooks").json()["data"][0]["secret"] is None
    assert telling.client.post(f"{path}/test").status_code == 202
    [delivery] = _settled(telling, made["id"])
    assert (delivery["type"], delivery["state"], delivery["tries"]) == (
        "webhook.test",
        "delivered",
        1,
    )
    assert delivery["log"][0]["status"] == 204
    [asked] = there.asked
    assert Verifier(made["secret"]).verify(asked.body, asked.headers)["type"] == "webhook.test"
    assert telling.client.get(path).json()["last_success_at"] is not None
    one = f"{path}/deliveries/{delivery['id']}"
    assert telling.client.get(one).json() == delivery
    assert telling.client.post(f"{one}/replay").json()["state"] == "pending"
    [again] = _settled(telling, made["id"])
    assert [entry["status"] for entry in again["log"]] == [204, 204]
    assert len({asked.headers["webhook-id"] for asked in there.asked}) == 1
    assert telling.client.delete(path).status_code == 204
    assert telling.client.get(path).status_code == 404
    assert telling.client.get(one).status_code == 404


def test_jobs_are_told_and_replayed(telling: Running, there: Outside) -> None:
    there.asked.clear()
    events = ["job.cancelled"]
    narrow = _made(telling, there.url, events=events, filter='display_name = "asked for"')
    project = telling.project()
    jobs = [
        make_job(telling.database, project, make_dataset(telling.database, project))
        for _ in range(2)
    ]
    with telling.database.session() as session:
        session.get_one(Job, jobs[0]).display_name = "asked for"
    for job in jobs:
        assert telling.client.post(f"/v1/jobs/{job}/cancel").status_code == 200
    [delivery] = _settled(telling, narrow["id"])
    assert (delivery["type"], delivery["subject"]) == ("job.cancelled", jobs[0])
    trace = telling.client.get(f"/v1/jobs/{jobs[0]}").json()["trace_id"]
    assert there.asked[0].headers["traceparent"].split("-")[1] == trace
    late = _made(telling, there.url, events=events)
    again = telling.client.post(
        f"/v1/webhooks/{late['id']}/replay", json={"from_event": delivery["event"]}
    )
    assert again.json() == {"object": "replay", "deliveries": 2, "next_event": None}
    assert {one["subject"] for one in _settled(telling, late["id"], 2)} == set(jobs)
    unknown = telling.client.post(
        f"/v1/webhooks/{late['id']}/replay", json={"from_event": "evt_01kaz8v7m2f5q0r9x3n6t4w1yc"}
    )
    assert unknown.status_code == 422
    for one in (narrow, late):
        telling.client.delete(f"/v1/webhooks/{one['id']}")


def test_creating_twice_with_a_key_makes_one(telling: Running, there: Outside) -> None:
    headers = {"Idempotency-Key": "once"}
    body = {"url": there.url}
    first, second = (
        telling.client.post("/v1/webhooks", json=body, headers=headers) for _ in range(2)
    )
    assert first.json() == second.json()
    assert second.headers["idempotency-replayed"] == "true"
    assert len(telling.client.get("/v1/webhooks").json()["data"]) == 1
    telling.client.delete(f"/v1/webhooks/{first.json()['id']}")


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"url": "https://127.1.2.3/"}, "/url", "forbidden-url"),
        ({"url": "https://[::1]/"}, "/url", "forbidden-url"),
        ({"url": "https://169.254.169.254/latest"}, "/url", "forbidden-url"),
        ({"url": "http://example.org/"}, "/url", "forbidden-url"),
        ({"url": "https://user:secret@example.org/"}, "/url", "forbidden-url"),
        ({"url": "s3://bucket/key"}, "/url", "forbidden-url"),
        ({"url": "https://example.org", "filter": "metrics.x > 1"}, "/filter", "bad-value"),
        ({"url": "https://example.org", "filter": "state ="}, "/filter", "bad-value"),
        ({"url": "https://example.org", "events": ["job.reached"]}, "/filter", "missing-field"),
        (
            {"url": "https://example.org", "events": ["dataset.ready"], "filter": "kind = x"},
            "/filter",
            "bad-value",
        ),
        ({"url": "https://example.org", "events": ["job.done"]}, "/events/0", "bad-value"),
        ({"url": "https://example.org", "events": []}, "/events", "bad-value"),
        ({}, "/url", "missing-field"),
    ],
)
def test_what_cannot_be_is_refused(
    telling: Running, body: dict[str, Any], pointer: str, code: str
) -> None:
    answer = telling.client.post("/v1/webhooks", json=body)
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [(pointer, code)]
    assert "secret" not in answer.text
    assert telling.client.get("/v1/webhooks").json()["data"] == []


def test_changes_and_rotation(telling: Running, there: Outside) -> None:
    made = _made(telling, there.url, filter="kind = train")
    path = f"/v1/webhooks/{made['id']}"
    changed = telling.client.patch(path, json={"state": "disabled", "filter": None}).json()
    assert (changed["state"], changed["filter"], changed["url"]) == ("disabled", None, there.url)
    assert telling.client.post(f"{path}/test").status_code == 409
    refused = telling.client.patch(path, json={"events": ["job.reached"]})
    assert refused.status_code == 422
    assert telling.client.patch(path, json={"url": "https://10.0.0.1"}).status_code == 422
    rotated = telling.client.post(f"{path}/rotate")
    assert rotated.headers["cache-control"] == "no-store"
    assert rotated.json()["secret"] not in (None, made["secret"])
    assert rotated.json()["previous_secret_until"] is not None
    telling.client.delete(path)


def test_without_an_allowance_there_are_no_webhooks(fresh: Running) -> None:
    answer = fresh.client.post("/v1/webhooks", json={"url": "https://example.org"})
    assert answer.status_code == 422
    assert "operator" in answer.json()["errors"][0]["detail"]


def test_client_and_command(telling: Running, there: Outside) -> None:
    there.asked.clear()
    with lamina.Client(telling.url) as client:
        made = client.webhooks.create(there.url, ["job.cancelled"], "kind = train", "mine")
        assert made.secret is not None
        assert client.webhooks.change(made.id, filter="").filter is None
        sent = client.webhooks.test(made.id)
        assert client.webhooks.get(made.id).description == "mine"
        _settled(telling, made.id)
        assert client.webhooks.replay(made.id, delivery=sent.id) == 1
        assert client.webhooks.replay(made.id, since=sent.event) == 1
        assert [one.id for one in client.webhooks.list()] == [made.id]
    shown = run("webhooks", "deliveries", made.id, url=telling.url)
    assert "webhook.test" in shown.stdout
    assert made.id in run("webhooks", "list", url=telling.url).stdout
    assert "webhooks" in run("usage", url=telling.url).stdout
    assert run("webhooks", "rotate", made.id, url=telling.url).stdout.startswith("whsec_")
    assert "deleted" in run("webhooks", "delete", made.id, url=telling.url).stdout


def test_of_another_project_there_is_nothing(telling: Running, there: Outside) -> None:
    """Last: with its first key the service is closed."""
    made = _made(telling, there.url)
    sent = telling.client.post(f"/v1/webhooks/{made['id']}/test").json()
    _settled(telling, made["id"])
    with telling.database.session() as session:
        _, secret = Key.issue(session, Project.named(session, "other").id, "", ["admin"])
    telling.app.state.guard.forget()
    headers = {"authorization": f"Bearer {secret}"}
    assert telling.client.get("/v1/webhooks", headers=headers).json()["data"] == []
    path = f"/v1/webhooks/{made['id']}"
    for method, tail in (
        *(("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/rotate"), ("POST", "/test")),
        *(("GET", "/deliveries"), ("GET", f"/deliveries/{sent['id']}")),
        *(("POST", f"/deliveries/{sent['id']}/replay"), ("POST", "/replay")),
    ):
        body = {"from_event": sent["event"]} if tail == "/replay" else {}
        answer = telling.client.request(method, path + tail, headers=headers, json=body)
        assert answer.status_code == 404, (method, tail)
