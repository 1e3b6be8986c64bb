"""Requests as data."""

from typing import Any

import pytest

from lamina.client import Client, Unreachable
from lamina.client.call import Call, at
from lamina.client.problems import NotFound
from tests.lamina.outside import Reply, in_turn, outside, problem


@pytest.mark.parametrize(
    ("parts", "path"),
    [
        (("jobs", "job_1"), "/v1/jobs/job_1"),
        (("jobs", "job_1?state=x"), "/v1/jobs/job_1%3Fstate%3Dx"),
        (("keys", "../datasets/ds_1"), "/v1/keys/..%2Fdatasets%2Fds_1"),
    ],
)
def test_a_part_of_a_path_stays_one_part(parts: tuple[str, ...], path: str) -> None:
    assert at(*parts) == path


def test_an_id_cannot_lead_elsewhere() -> None:
    with outside(in_turn(problem("not-found", 404))) as world, Client(world.url) as client:
        with pytest.raises(NotFound):
            client.keys.revoke("../datasets/ds_1")
        assert world.asked[0].path == "/v1/keys/..%2Fdatasets%2Fds_1"


def test_a_key_is_asked_for_once() -> None:
    with outside(in_turn(Reply(cut=-1))) as world, Client(world.url) as client:
        with pytest.raises(Unreachable):
            client.keys.create("mine")
        assert len(world.asked) == 1
        assert world.asked[0].body == b'{"name": "mine"}'


@pytest.mark.parametrize(
    ("given", "sent"),
    [({"a": None, "b": 0}, {"b": 0}), ({"a": True}, {"a": "true"}), ({"a": "x"}, {"a": "x"})],
)
def test_parameters_without_a_value_are_left_out(given: Any, sent: Any) -> None:
    assert Call("GET", "/", given).query == sent
