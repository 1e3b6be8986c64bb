"""One full job through HTTP, with real TensorFlow, on each database."""

import httpx2
import pytest

from tests.fixtures.service import Service
from tests.service.jobs import await_job, events, submit, upload_iris


def test_a_job_from_upload_to_prediction(each_service: Service) -> None:
    service = each_service
    dataset = upload_iris(service)
    job_id = submit(
        service,
        dataset,
        epochs=60,
        compile={"optimizer": {"class_name": "Adam", "learning_rate": 0.02}},
    )
    job = await_job(service, job_id)
    assert job["state"] == "succeeded", job
    assert (job["attempt"], job["failures"]) == (1, 0)
    memory = job["memory"]
    assert memory["predicted_bytes"] / 2 < memory["peak_bytes"] < 2 * memory["predicted_bytes"]
    assert job["metrics"]["val_accuracy"]["best"] >= 0.9
    evaluation = job["evaluation"]
    assert evaluation["part"] == "validation"
    assert evaluation["baseline"] == {"predictor": "majority", "accuracy": pytest.approx(1 / 3)}
    lift = evaluation["metrics"]["accuracy"] - evaluation["baseline"]["accuracy"]
    assert evaluation["lift_over_baseline"] == pytest.approx(lift)

    history = httpx2.get(f"{service.url}/v1/jobs/{job_id}/history").json()
    assert history["epoch"] == list(range(60))
    assert list(history["history"]) == ["accuracy", "loss", "val_accuracy", "val_loss"]
    assert history["history"]["loss"][-1] == job["metrics"]["loss"]["last"]

    log = events(service, job_id)
    assert [event["seq"] for event in log] == list(range(1, len(log) + 1))
    assert [event["type"] for event in log[:3]] == ["job.state", "job.state", "encoded"]
    assert log[-1]["type"] == "job.done"

    record = {"sepal length": 5.1, "sepal width": 3.5, "petal length": 1.4, "petal width": 0.2}
    answer = httpx2.post(
        f"{service.url}/v1/models/{job['model']}/predict", json={"records": [record]}, timeout=90
    )
    assert answer.is_success, answer.text
    prediction = answer.json()["predictions"][0]
    assert prediction["label"] == "setosa"
    assert sum(prediction["scores"].values()) == pytest.approx(1, abs=1e-5)

    content = httpx2.get(f"{service.url}/v1/models/{job['model']}/content?format=keras")
    assert content.content[:2] == b"PK"


def test_stop_keeps_the_model_and_cancel_does_not(service: Service) -> None:
    dataset = upload_iris(service)
    stopped = submit(service, dataset, epochs=5000)
    await_job(service, stopped, lambda job: bool(job["metrics"]))
    assert httpx2.post(f"{service.url}/v1/jobs/{stopped}/stop").status_code == 202
    job = await_job(service, stopped)
    assert (job["state"], job["stop_reason"]) == ("succeeded", "user")
    assert job["model"] is not None

    cancelled = submit(service, dataset, epochs=5000)
    await_job(service, cancelled, lambda job: bool(job["metrics"]))
    assert httpx2.post(f"{service.url}/v1/jobs/{cancelled}/cancel").status_code == 202
    job = await_job(service, cancelled)
    assert (job["state"], job["model"]) == ("cancelled", None)


def test_a_queued_job_is_cancelled_at_once(service: Service) -> None:
    dataset = upload_iris(service)
    running = submit(service, dataset, epochs=5000)
    await_job(service, running, lambda job: job["state"] == "running")
    waiting = submit(service, dataset)
    answer = httpx2.post(f"{service.url}/v1/jobs/{waiting}/cancel")
    assert answer.is_success
    assert answer.json()["state"] == "cancelled"
    httpx2.post(f"{service.url}/v1/jobs/{running}/cancel")
    await_job(service, running)
