"""Trainings that crash, hang, eat memory or take too long: told as such, and the next job runs."""

import os
import signal
import time
from collections.abc import Iterator

import pytest

from tests.fixtures.service import MakeService, Service
from tests.service.jobs import await_job, get_job, submit, training_children, upload_iris


@pytest.fixture(scope="module")
def strict(make_service: MakeService) -> Iterator[Service]:
    """A service with tight limits."""
    service = make_service(
        "sqlite",
        LAMINA_STALL_SECONDS="10",
        LAMINA_JOB_MEMORY_BYTES=str(900 * 2**20),
        LAMINA_MAX_FAILURES="2",
    )
    yield service
    service.close()


@pytest.fixture(scope="module")
def iris(strict: Service) -> str:
    return upload_iris(strict)


def signal_child(service: Service, job: str, number: signal.Signals) -> None:
    """Send a signal to the process that trains the job, once it does."""
    await_job(service, job, lambda found: bool(found["metrics"]) or found["state"] == "failed")
    for pid in training_children(service):
        os.kill(pid, number)


def assert_next_job_runs(service: Service, dataset: str) -> None:
    assert await_job(service, submit(service, dataset))["state"] == "succeeded"


def test_a_crash_is_retried_and_then_told(strict: Service, iris: str) -> None:
    job_id = submit(strict, iris, epochs=100_000)
    deadline = time.monotonic() + 120
    while get_job(strict, job_id)["state"] != "failed" and time.monotonic() < deadline:
        for pid in training_children(strict):
            os.kill(pid, signal.SIGSEGV)
        time.sleep(0.5)
    job = get_job(strict, job_id)
    assert job["error"]["code"] == "crashed"
    assert "SIGSEGV" in job["error"]["detail"]
    assert (job["error"]["blame"], job["attempt"]) == ("platform", 2)
    assert_next_job_runs(strict, iris)


def test_a_hang_is_found(strict: Service, iris: str) -> None:
    job_id = submit(strict, iris, epochs=100_000)
    for _ in range(2):
        await_job(strict, job_id, lambda job: bool(job["progress"]) or job["state"] == "failed")
        signal_child(strict, job_id, signal.SIGSTOP)
        await_job(strict, job_id, lambda job: job["state"] != "running")
    job = await_job(strict, job_id)
    assert (job["state"], job["error"]["code"]) == ("failed", "stalled")
    assert_next_job_runs(strict, iris)


def test_too_much_memory_is_named(strict: Service, iris: str) -> None:
    # What the cells of a bare RNN keep at every step is not predicted.
    stack = [
        {"class_name": "RepeatVector", "n": 2_000},
        {"class_name": "RNN", "cell": {"class_name": "LSTMCell", "units": 200}},
        {"class_name": "Dense", "units": 3, "activation": "softmax"},
    ]
    fit = {"epochs": 3, "batch_size": 120}
    resources = {"on_oom": "fail"}  # fewer rows at a time are tried elsewhere
    job = await_job(strict, submit(strict, iris, stack=stack, fit=fit, resources=resources))
    assert (job["state"], job["error"]["code"]) == ("failed", "out-of-memory")
    assert job["error"]["blame"] == "resource"
    assert_next_job_runs(strict, iris)


def test_too_much_time_is_named(strict: Service, iris: str) -> None:
    job_id = submit(strict, iris, epochs=100_000, resources={"max_seconds": 4})
    job = await_job(strict, job_id)
    assert (job["state"], job["error"]["code"]) == ("failed", "timed-out")
    assert job["attempt"] == 1
    assert_next_job_runs(strict, iris)


def test_a_network_that_diverges_says_so(strict: Service, iris: str) -> None:
    job_id = submit(
        strict,
        iris,
        epochs=200,
        compile={
            "optimizer": {"class_name": "SGD", "learning_rate": 1e30},
            "loss": "sparse_categorical_crossentropy",
        },
        callbacks=["TerminateOnNaN"],
    )
    job = await_job(strict, job_id)
    assert (job["state"], job["error"]["code"]) == ("failed", "diverged")
