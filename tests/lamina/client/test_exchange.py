"""Requests against a world that refuses, stumbles and stays away."""

import socket
from typing import Any

import pytest

from lamina.client import Client
from lamina.client.errors import BadAnswer, BadSource, Unreachable
from lamina.client.problems import (
    IdempotencyKeyInUse,
    InvalidStack,
    NotFound,
    ProblemError,
    QueueFull,
)
from tests.lamina import resources
from tests.lamina.outside import Asked, Reply, Script, in_turn, outside, problem

_NOW = {"Retry-After": "0"}


def _train(script: Script, **options: Any) -> list[Asked]:
    with outside(script) as world, Client(world.url, **options) as client:
        job = client.train([{"class_name": "Dense", "units": 1}], dataset=resources.DATASET_ID)
        assert job.id == resources.JOB_ID
        return world.asked


@pytest.mark.parametrize(
    "stumble",
    [
        problem("quota-exceeded", 429, headers=_NOW),
        problem("queue-full", 503, headers=_NOW),
        problem("idempotency-key-in-use", 409, headers=_NOW),
        Reply(502, b"<html>bad gateway</html>", _NOW),
        Reply(cut=-1),
        Reply(202, resources.job(), cut=10),
    ],
)
def test_a_creating_request_is_repeated_with_its_key(stumble: Reply) -> None:
    asked = _train(in_turn(stumble, stumble, Reply(202, resources.job())))
    assert len(asked) == 3
    keys = {request.headers["idempotency-key"] for request in asked}
    assert len(keys) == 1
    assert len(keys.pop()) >= 16
    assert len({request.body for request in asked}) == 1


def test_two_submissions_have_two_keys() -> None:
    keys = [
        _train(in_turn(Reply(202, resources.job())))[0].headers["idempotency-key"] for _ in "ab"
    ]
    assert keys[0] != keys[1]


@pytest.mark.parametrize(
    ("slug", "status", "kind"), [("invalid-stack", 422, InvalidStack), ("not-found", 404, NotFound)]
)
def test_a_refusal_for_good_is_raised_at_once(
    slug: str, status: int, kind: type[ProblemError]
) -> None:
    with outside(in_turn(problem(slug, status))) as world, Client(world.url) as client:
        with pytest.raises(kind) as caught:
            client.jobs.get("job_1")
        assert len(world.asked) == 1
    assert caught.value.problem.detail == "A detail."


def test_it_gives_up_after_the_last_retry() -> None:
    script = in_turn(problem("queue-full", 503, headers=_NOW))
    with outside(script) as world, Client(world.url, retries=2) as client:
        with pytest.raises(QueueFull):
            client.server()
        assert len(world.asked) == 3


def test_a_service_that_asks_for_an_hour_is_not_waited_for() -> None:
    script = in_turn(problem("idempotency-key-in-use", 409, headers={"Retry-After": "3600"}))
    with outside(script) as world, Client(world.url) as client:
        with pytest.raises(IdempotencyKeyInUse) as caught:
            client.server()
        assert len(world.asked) == 1
    assert caught.value.retry_after == 3600


def test_nobody_there() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}"
    with Client(url, retries=1) as client, pytest.raises(Unreachable, match="lamina up") as caught:
        client.server()
    assert url in str(caught.value)


def test_something_else_answers() -> None:
    with (
        outside(in_turn(Reply(200, b"<html>hello</html>"))) as world,
        Client(world.url) as client,
        pytest.raises(BadAnswer, match="did not answer with a Server"),
    ):
        client.server()


def test_a_refusal_that_is_no_problem_keeps_its_text() -> None:
    with (
        outside(in_turn(Reply(403, b"blocked by proxy"))) as world,
        Client(world.url) as client,
        pytest.raises(ProblemError, match="blocked by proxy") as caught,
    ):
        client.server()
    assert caught.value.status == 403


def test_key_and_place_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with outside(in_turn(Reply(404, b""))) as world:
        monkeypatch.setenv("LAMINA_URL", world.url + "/")
        monkeypatch.setenv("LAMINA_API_KEY", "secret")
        with Client() as client, pytest.raises(ProblemError):
            client.server()
        with Client(key="other") as client, pytest.raises(ProblemError):
            client.server()
    sent = [request.headers["authorization"] for request in world.asked]
    assert sent == ["Bearer secret", "Bearer other"]


def test_a_url_must_be_one() -> None:
    with pytest.raises(BadSource, match="no http:// or https:// URL"):
        Client("localhost:8000")


def test_numbers_that_json_does_not_know_never_leave() -> None:
    with (
        outside(in_turn(Reply())) as world,
        Client(world.url) as client,
        pytest.raises(BadSource, match="cannot be written as JSON"),
    ):
        client.train([{"class_name": "Dropout", "rate": float("nan")}])
    assert not world.asked
