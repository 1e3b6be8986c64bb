"""Waiting for the end of a job."""

import time

import pytest

from lamina.client import Client, JobCancelled, JobFailed, WaitTimeout
from tests.lamina import resources
from tests.lamina.outside import Reply, in_turn, outside

_APPLIED = {"Preference-Applied": "wait=30"}
_RUNNING = Reply(200, resources.job(), _APPLIED)
_ERROR = {
    "code": "diverged",
    "blame": "spec",
    "retryable": False,
    "detail": "The loss became NaN.",
    "pointer": "/compile/optimizer",
}


def test_it_asks_the_server_to_hold_the_request_until_the_end() -> None:
    done = Reply(200, resources.job("succeeded"), _APPLIED)
    with outside(in_turn(_RUNNING, _RUNNING, done)) as world, Client(world.url) as client:
        handle = client.jobs.get("job_1")
        assert not handle.ended
        assert handle.wait().state == "succeeded"
        assert handle.ended
    assert [request.headers.get("prefer") for request in world.asked] == [
        None,
        "wait=30",
        "wait=30",
    ]


def test_a_failed_job_is_raised_with_its_reason() -> None:
    failed = Reply(200, resources.job("failed", error=_ERROR))
    with (
        outside(in_turn(failed)) as world,
        Client(world.url) as client,
        pytest.raises(JobFailed, match="The loss became NaN") as caught,
    ):
        client.jobs.get("job_1").wait()
    assert str(caught.value).endswith("[diverged, blame: spec]\n  at /compile/optimizer")
    assert caught.value.job.error is not None


def test_a_cancelled_job_is_raised() -> None:
    script = in_turn(Reply(200, resources.job("cancelled")))
    with outside(script) as world, Client(world.url) as client, pytest.raises(JobCancelled):
        client.jobs.get("job_1").wait()


def test_time_runs_out_also_where_nobody_holds_the_request() -> None:
    with outside(in_turn(Reply(200, resources.job()))) as world, Client(world.url) as client:
        handle = client.jobs.get("job_1")
        start = time.monotonic()
        with pytest.raises(WaitTimeout, match=r"has not ended after 0\.4 seconds"):
            handle.wait(timeout=0.4)
        assert 0.4 <= time.monotonic() - start < 10
    assert len(world.asked) <= 4
