"""The corpus of bodies, on every operation of the OpenAPI document that takes JSON."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from models.key import Key
from models.webhook import Webhook
from tests.api import bodies
from tests.api.bodies import JSON, Body
from tests.api.rows import make_dataset, make_job
from tests.api.running import Absent, Running, running

CORPUS = bodies.corpus()
LIMITS = {"request_rate": 0, "json_bytes": 2**20, "json_nodes": 4000}
TYPES = (JSON, "application/merge-patch+json", "application/json-patch+json")


@dataclass(frozen=True)
class Taker:
    """An operation that takes JSON, and the service that has it."""

    served: Running
    headers: dict[str, str]
    method: str
    path: str
    kind: str
    examples: tuple[Any, ...]
    optional: bool

    def send(self, content: bytes, **headers: str) -> Any:
        """The answer to a body: never an error of the server, and a problem if it is one."""
        sent = {**self.headers, "content-type": self.kind, **headers}
        answer = self.served.client.request(
            self.method, self.path, content=content, headers=sent, timeout=60
        )
        about = (self.method, self.path, content[:200], answer.text[:500])
        # What is sound goes on to the engine, which this service lacks.
        assert answer.status_code < 500 or "engine" in answer.json()["detail"], about
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == "application/problem+json", about
            assert len(answer.content) < 150_000, about
            assert answer.json()["status"] == answer.status_code
        return answer


@pytest.fixture(scope="module")
def takers(
    make_postgresql: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[Taker]]:
    """Every one of them on a service over PostgreSQL, which keeps less than SQLite would."""
    home: Path = tmp_path_factory.mktemp("home")
    with running(home, make_postgresql(), Absent(), **LIMITS) as served:
        project = served.project()
        with served.database.session() as session:
            key, secret = Key.issue(session, project, "boss", ["admin"])
            values = {"url": "https://example.org", "events": ["job.failed"], "filter": None}
            webhook = Webhook.subscribe(session, project, **values).id
        served.app.state.guard.forget()
        dataset = make_dataset(served.database, project)
        known = {"dataset_id": dataset, "key_id": key.id, "webhook_id": webhook}
        known["job_id"] = make_job(served.database, project, dataset)
        headers = {"authorization": f"Bearer {secret}"}
        yield list(_takers(served, headers, known))


def _takers(served: Running, headers: dict[str, str], known: dict[str, str]) -> Iterator[Taker]:
    for path, entry in served.app.openapi()["paths"].items():
        filled = path
        for name, value in known.items():
            filled = filled.replace(f"{{{name}}}", value)
        for method, operation in entry.items():
            body = operation.get("requestBody", {})
            for kind, content in body.get("content", {}).items():
                if kind in TYPES:
                    examples = tuple(one["value"] for one in content["examples"].values())
                    optional = not body.get("required", False)
                    yield Taker(served, headers, method, filled, kind, examples, optional)


def test_every_operation_is_found(takers: list[Taker]) -> None:
    assert len(takers) >= 15
    assert all("{" not in taker.path or "model_id" in taker.path for taker in takers)


@pytest.mark.parametrize("name", CORPUS)
def test_what_is_no_sound_json_is_refused_everywhere(takers: list[Taker], name: str) -> None:
    body: Body = CORPUS[name]
    for taker in takers:
        answer = taker.send(body.content, **body.headers)
        if taker.optional and not body.content.strip():
            continue
        assert answer.status_code in body.statuses, (taker.path, answer.text[:500])
        if body.pointer is not None:
            errors = [(one["pointer"], one["code"]) for one in answer.json()["errors"]]
            assert errors == [(body.pointer, "bad-value")], taker.path


def test_other_types_are_refused_everywhere(takers: list[Taker]) -> None:
    for taker in takers:
        if taker.path in ("/v1/datasets", "/v1/files"):
            continue  # of another type it is the file itself
        for kind in bodies.OTHER_TYPES:
            answer = taker.send(b"{}", **{"content-type": kind})
            assert answer.status_code == 415, (taker.path, kind)


def test_strange_documents_are_refused_everywhere(takers: list[Taker]) -> None:
    for taker in takers:
        for name, document in bodies.STRANGE.items():
            answer = taker.send(bodies.encoded(document))
            assert answer.status_code >= 400, (taker.path, name)
        for content in bodies.OTHER_SHAPES:
            answer = taker.send(content)
            assert answer.status_code >= 400 or (taker.optional and content == b"[]"), content


@pytest.mark.parametrize(
    "share", [pytest.param(37, id="some"), pytest.param(1, id="all", marks=pytest.mark.long)]
)
def test_every_value_of_a_sound_body_may_be_anything(takers: list[Taker], share: int) -> None:
    """Whatever is found is pointed at in the body as it was sent."""
    turn = 0
    for taker in takers:
        for example in taker.examples:
            for place in bodies.places(example):
                for value in bodies.VALUES:
                    turn += 1
                    if turn % share == 0:
                        _send_changed(taker, example, place, value)


def _send_changed(taker: Taker, example: Any, place: tuple[Any, ...], value: Any) -> None:
    sent = bodies.replaced(example, place, value)
    answer = taker.send(bodies.encoded(sent))
    if answer.status_code >= 400 and "clone" not in taker.path:  # points into what is made of it
        for error in answer.json()["errors"]:
            assert bodies.resolves(sent, error["pointer"]), (taker.path, sent, error)
