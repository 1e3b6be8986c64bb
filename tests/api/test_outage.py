"""Every route of the OpenAPI document while PostgreSQL is gone, without Redis all along."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from models.key import Key
from tests.api.rows import CSV, make_dataset, make_job
from tests.api.running import Absent, Running, running
from tests.fixtures.databases import migrate
from tests.fixtures.postgresql import PostgresServer

BOUND_SECONDS = 30
SLACK_SECONDS = 15
"""For a machine with much else to do."""


class World:
    """A service on a PostgreSQL of its own, and what is asked of it."""

    def __init__(self, postgres: PostgresServer, served: Running) -> None:
        self.postgres, self.served = postgres, served
        project = served.project()
        with served.database.session() as session:
            _, secret = Key.issue(session, project, "boss", ["admin"])
        served.app.state.guard.forget()
        self.headers = {"authorization": f"Bearer {secret}", "tus-resumable": "1.0.0"}
        dataset = make_dataset(served.database, project)
        job = make_job(served.database, project, dataset)
        self.known = {"dataset_id": dataset, "job_id": job}

    def operations(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Method, path and what to send, of every operation."""
        for path, entry in self.served.app.openapi()["paths"].items():
            for method, operation in entry.items():
                yield method, self._filled(path, operation), _sent(operation)

    def ask(self, method: str, path: str, sent: dict[str, Any]) -> tuple[int, Any]:
        """Status and headers; streams are left."""
        headers = {**self.headers, **sent.get("headers", {})}
        given = {**sent, "headers": headers, "timeout": BOUND_SECONDS + SLACK_SECONDS}
        with self.served.client.stream(method, path, **given) as answer:
            return answer.status_code, answer.headers

    def answers(self, asked: list[tuple[str, str, dict[str, Any]]]) -> dict[str, int]:
        """The status of every path that can be read."""
        paths = [path for method, path, _ in asked if method == "get"]
        return {path: self.ask("get", path, {})[0] for path in paths}

    def _filled(self, path: str, operation: dict[str, Any]) -> str:
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "path":
                name = parameter["name"]
                value = self.known.get(name) or parameter["schema"].get("examples", ["x"])[0]
                path = path.replace(f"{{{name}}}", str(value))
        return path


def _sent(operation: dict[str, Any]) -> dict[str, Any]:
    content = operation.get("requestBody", {}).get("content", {})
    for kind in ("application/json", "application/merge-patch+json"):
        if kind in content:
            return {"json": next(iter(content[kind]["examples"].values()))["value"]}
    headers = {"content-type": next(iter(content), "application/json"), "upload-offset": "0"}
    return {"content": CSV if content else b"", "headers": headers}


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Callers are remembered for long, so that every route itself meets the outage."""
    monkeypatch.setattr("api.auth._REMEMBERED_SECONDS", 3600)
    postgres = PostgresServer(tmp_path)
    postgres.start()
    try:
        migrate(postgres.url)
        with running(tmp_path, postgres.url, Absent(), request_rate=0) as served:
            yield World(postgres, served)
    finally:
        postgres.close()


def test_without_its_database_every_route_says_so_and_comes_back(world: World) -> None:
    asked = list(world.operations())
    before = world.answers(asked)
    world.postgres.kill()
    away = []
    for method, path, sent in asked:
        began = time.monotonic()
        status, headers = world.ask(method, path, sent)
        assert time.monotonic() - began < BOUND_SECONDS, (method, path)
        assert status < 500 or status == 503, (method, path, status)
        if status == 503:
            away.append(path)
            assert int(headers["retry-after"]) > 0, (method, path)
    assert len(away) > len(asked) // 2, away
    assert world.ask("get", "/healthz", {})[0] == 200
    world.postgres.start()
    deadline = time.monotonic() + 60
    while world.ask("get", "/v1/jobs", {})[0] == 503:
        assert time.monotonic() < deadline
    assert world.answers(asked) == before
    made = world.served.client.post(
        "/v1/datasets", content=CSV, headers={**world.headers, "content-type": "text/csv"}
    )
    assert made.status_code == 202, "Redis is not needed for this"


def test_who_is_not_remembered_is_told_so_too(world: World) -> None:
    world.served.app.state.guard.forget()
    world.postgres.kill()
    for method, path, sent in world.operations():
        if path.startswith("/v1/"):
            status, headers = world.ask(method, path, sent)
            assert (status, "retry-after" in headers) == (503, True), (method, path)
