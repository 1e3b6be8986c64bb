"""Jobs over HTTP: reading, waiting, steering. What is submitted is tested in test_submission."""

import threading
import time
from uuid import uuid4

import httpx2
import pytest

from models.attempt import Attempt
from models.job import Job
from models.model import TrainedModel
from tests.api.rows import claim_job, make_dataset, make_job
from tests.api.running import Running

DEVICE = {"kind": "cpu", "name": "test"}


@pytest.fixture
def dataset(service: Running) -> str:
    """A ready dataset."""
    return make_dataset(service.database, service.project())


@pytest.fixture
def job(service: Running, dataset: str) -> str:
    """A queued job that goes first."""
    return make_job(service.database, service.project(), dataset, priority=_next())


_priorities = iter(range(1, 1000))


def _next() -> int:
    return next(_priorities)


def _claimed(service: Running, job: str) -> Attempt:
    attempt = claim_job(service.database, f"host-{uuid4().hex[:6]}")
    assert attempt.job.id == job
    return attempt


def _train(service: Running, attempt: Attempt, epochs: int = 2) -> None:
    with service.database.session() as session:
        attempt.report_start(session, DEVICE, {"epochs": 4, "steps_per_epoch": 10, "from_epoch": 0})
    for epoch in range(epochs):
        logs = {"accuracy": 0.5 + epoch / 10, "loss": "NaN" if epoch == 1 else 1.0}
        with service.database.session() as session:
            attempt.report_epoch(session, epoch, logs, 0.5)


def _finish(service: Running, attempt: Attempt, files: dict[str, bytes] | None = None) -> str:
    import hashlib

    described = {}
    prefix = f"{attempt.prefix}/model"
    for name, content in (files or {}).items():
        service.services.storage.put(f"{prefix}/{name}", content)
        described[name] = {"bytes": len(content), "digest": hashlib.sha256(content).hexdigest()}
    model = TrainedModel(
        id=TrainedModel.new_id(),
        project_id=attempt.job.project_id,
        job_id=attempt.job.id,
        dataset_id=attempt.job.dataset_id,
        attempt=attempt.number,
        display_name="tést/../model",
        prefix=prefix,
        files=described,
        stack={"layers": []},
        summary="Model: test\n",
    )
    with service.database.session() as session:
        attempt.succeed(session, model, stop_reason=None, evaluation=None)
    return model.id


def test_a_queued_job(service: Running, job: str) -> None:
    response = service.client.get(f"/v1/jobs/{job}")
    body = response.json()
    assert (body["state"], body["attempt"], body["model"]) == ("queued", 0, None)
    assert body["queue_position"] == 0
    assert body["links"]["self"] == f"/v1/jobs/{job}"
    assert response.headers["retry-after"] == "2"
    tag = {"if-none-match": response.headers["etag"]}
    assert service.client.get(f"/v1/jobs/{job}", headers=tag).status_code == 304


def test_a_running_job(service: Running, job: str) -> None:
    attempt = _claimed(service, job)
    _train(service, attempt)
    payload = {
        "epoch": 2,
        "step": 5,
        "steps_per_epoch": 10,
        "eta_seconds": 1.5,
        "logs": {"loss": 0.25},
    }
    with service.database.session() as session:
        attempt.report_progress(session, payload, 25, {"loss": 0.25})
    body = service.client.get(f"/v1/jobs/{job}").json()
    assert (body["state"], body["attempt"]) == ("running", 1)
    assert body["progress"]["fraction"] == pytest.approx(2.5 / 4)
    assert body["metrics"]["accuracy"] == {
        "last": 0.6,
        "best": 0.6,
        "best_epoch": 1,
        "mode": "max",
    }
    assert body["metrics"]["loss"]["last"] is None
    assert body["metrics"]["loss"]["best"] == 1.0
    assert body["device"]["worker"] == "wrk_test"


def test_lists_filter_by_state(service: Running, job: str) -> None:
    queued = service.client.get("/v1/jobs?state=queued&page_size=200").json()["data"]
    assert job in [entry["id"] for entry in queued]
    assert {entry["state"] for entry in queued} == {"queued"}
    failed = service.client.get("/v1/jobs?state=failed").json()["data"]
    assert job not in [entry["id"] for entry in failed]


def test_waiting_for_the_end(service: Running, job: str) -> None:
    attempt = _claimed(service, job)
    _train(service, attempt)
    later = threading.Timer(0.3, _finish, [service, attempt])
    later.start()
    began = time.monotonic()
    response = service.client.get(f"/v1/jobs/{job}", headers={"prefer": "wait=20"})
    later.join()
    assert 0.2 < time.monotonic() - began < 10
    body = response.json()
    assert (body["state"], response.headers["preference-applied"]) == ("succeeded", "wait=20")
    assert body["model"].startswith("mdl_")
    assert "retry-after" not in response.headers


def test_waiting_for_a_change(service: Running, job: str) -> None:
    tag = service.client.get(f"/v1/jobs/{job}").headers["etag"]
    later = threading.Timer(0.3, claim_job, [service.database, f"host-{uuid4().hex[:6]}"])
    later.start()
    headers = {"if-none-match": tag, "prefer": "wait=20"}
    response = service.client.get(f"/v1/jobs/{job}", headers=headers)
    later.join()
    assert (response.status_code, response.json()["state"]) == (200, "running")


def test_waiting_ends_with_the_time(service: Running, job: str) -> None:
    began = time.monotonic()
    response = service.client.get(f"/v1/jobs/{job}", headers={"prefer": "wait=1"})
    assert 0.9 < time.monotonic() - began < 15
    assert response.json()["state"] == "queued"


def test_cancel_queued(service: Running, job: str) -> None:
    for _ in range(2):
        response = service.client.post(f"/v1/jobs/{job}/cancel")
        assert (response.status_code, response.json()["state"]) == (200, "cancelled")


def test_cancel_running(service: Running, job: str) -> None:
    attempt = _claimed(service, job)
    for _ in range(2):
        response = service.client.post(f"/v1/jobs/{job}/cancel")
        assert (response.status_code, response.json()["state"]) == (202, "cancelling")
    with service.database.session() as session:
        attempt.cancel(session)
    assert service.client.get(f"/v1/jobs/{job}").json()["state"] == "cancelled"


def test_stop(service: Running, job: str) -> None:
    response = service.client.post(f"/v1/jobs/{job}/stop")
    assert response.status_code == 409
    assert response.json()["type"] == "/problems/wrong-state"
    attempt = _claimed(service, job)
    assert service.client.post(f"/v1/jobs/{job}/stop").status_code == 202
    with service.database.session() as session:
        assert attempt.orders(session).stop
    with service.database.session() as session:
        session.get_one(Job, job).kind = "predict"
    response = service.client.post(f"/v1/jobs/{job}/stop")
    assert response.status_code == 409
    assert "cancel it" in response.json()["detail"]


def test_retry(service: Running, job: str) -> None:
    assert service.client.post(f"/v1/jobs/{job}/retry").status_code == 409
    attempt = _claimed(service, job)
    with service.database.session() as session:
        attempt.record_checkpoint(session, {"epoch": 1, "step": 20, "key": "k"})
    error = {"code": "diverged", "blame": "spec", "retryable": False, "detail": "NaN"}
    with service.database.session() as session:
        attempt.fail(session, error)
    failed = service.client.get(f"/v1/jobs/{job}").json()
    assert failed["error"]["code"] == "diverged"
    headers = {"idempotency-key": uuid4().hex}
    first = service.client.post(f"/v1/jobs/{job}/retry", headers=headers)
    again = service.client.post(f"/v1/jobs/{job}/retry", headers=headers)
    assert first.status_code == again.status_code == 202
    body = first.json()
    assert (body["id"], body["retry_of"], body["state"]) == (again.json()["id"], job, "queued")
    assert first.headers["location"] == f"/v1/jobs/{body['id']}"
    with service.database.reading() as session:
        assert session.get_one(Job, body["id"]).checkpoint == {"epoch": 1, "step": 20, "key": "k"}
    assert service.client.delete(f"/v1/jobs/{job}").json()["type"] == "/problems/in-use"
    service.client.post(f"/v1/jobs/{body['id']}/cancel")
    assert service.client.delete(f"/v1/jobs/{job}").status_code == 204


def test_delete(service: Running, job: str) -> None:
    response = service.client.delete(f"/v1/jobs/{job}")
    assert response.json()["type"] == "/problems/job-active"
    attempt = _claimed(service, job)
    _train(service, attempt)
    model = _finish(service, attempt, {"stack.json": b"{}"})
    response = service.client.delete(f"/v1/jobs/{job}")
    assert response.json()["type"] == "/problems/in-use"
    assert service.client.delete(f"/v1/models/{model}").status_code == 204
    assert service.client.delete(f"/v1/jobs/{job}").status_code == 204
    assert service.client.get(f"/v1/jobs/{job}").status_code == 404
    assert service.client.get(f"/v1/jobs/{job}/events").status_code == 404


def test_curves(service: Running, job: str) -> None:
    attempt = _claimed(service, job)
    _train(service, attempt, 4)
    body = service.client.get(f"/v1/jobs/{job}/metrics").json()
    assert list(body["data"]) == ["epoch", "accuracy", "loss"]
    assert body["data"]["epoch"] == [0, 1, 2, 3]
    assert body["data"]["loss"] == [1.0, None, 1.0, 1.0]
    assert body["nonfinite"] == [{"key": "loss", "index": 1, "value": "NaN"}]
    assert (body["downsampled"], body["next_after"]) == (False, 3)
    query = "keys=loss&max_points=2"
    body = service.client.get(f"/v1/jobs/{job}/metrics?{query}").json()
    assert body["data"] == {"epoch": [0, 3], "loss": [1.0, 1.0]}
    assert body["downsampled"] is True
    body = service.client.get(f"/v1/jobs/{job}/metrics?after=2").json()
    assert body["data"]["epoch"] == [3]
    response = service.client.get(f"/v1/jobs/{job}/metrics?keys=los")
    assert response.status_code == 400
    assert response.json()["errors"][0]["did_you_mean"] == ["loss"]


def test_history_is_keras_own(service: Running, job: str) -> None:
    attempt = _claimed(service, job)
    _train(service, attempt, 2)
    path = f"/v1/jobs/{job}/history"
    assert service.client.get(path).json() == {
        "epoch": [0, 1],
        "params": {"verbose": 0, "epochs": 4, "steps": 10},
        "history": {"accuracy": [0.5, 0.6], "loss": [1.0, None]},
    }
    text = service.client.get(path, headers={"accept": "text/csv"})
    assert text.headers["content-type"].startswith("text/csv")
    assert text.text == "epoch,accuracy,loss\n0,0.5,1.0\n1,0.6,nan\n"
    assert service.client.get(path, headers={"accept": "image/png"}).status_code == 406
    json_first = {"accept": "text/csv;q=0.5, application/json"}
    assert service.client.get(path, headers=json_first).json()["epoch"] == [0, 1]


def test_logs(service: Running, job: str) -> None:
    attempt = _claimed(service, job)
    with service.database.session() as session:
        attempt.report_lines(session, 0, [("stdout", f"line {n}") for n in range(5)])
    path = f"/v1/jobs/{job}/logs"
    data = service.client.get(f"{path}?tail=2").json()["data"]
    assert [(line["stream"], line["text"]) for line in data] == [
        ("stdout", "line 3"),
        ("stdout", "line 4"),
    ]
    text = service.client.get(path, headers={"accept": "text/plain"}).text
    assert text.splitlines() == [f"line {n}" for n in range(5)]


def test_events_as_a_list(service: Running, job: str) -> None:
    attempt = _claimed(service, job)
    _train(service, attempt)
    model = _finish(service, attempt)
    path = f"/v1/jobs/{job}/events"
    data = service.client.get(path).json()["data"]
    assert [event["seq"] for event in data] == list(range(1, 7))
    kinds = [event["type"] for event in data]
    assert kinds == ["job.state", "job.state", "started", "epoch", "epoch", "job.done"]
    assert data[-1]["data"] == {"state": "succeeded", "model": model}
    assert [e["seq"] for e in service.client.get(f"{path}?after=4").json()["data"]] == [5, 6]
    done = service.client.get(f"{path}?type=job.done").json()["data"]
    assert [event["seq"] for event in done] == [6]
    page = service.client.get(f"{path}?page_size=4").json()
    assert page["has_more"]
    rest = service.client.get(f"{path}?page_token={page['next_page_token']}").json()
    assert [event["seq"] for event in rest["data"]] == [5, 6]


def test_models(service: Running, job: str) -> None:
    content = bytes(range(256)) * 40
    model = _finish(service, _claimed(service, job), {"network.keras": content})
    body = service.client.get(f"/v1/models/{model}").json()
    assert (body["job"], [file["format"] for file in body["files"]]) == (job, ["keras"])
    assert service.client.get("/v1/models").json()["data"][0]["id"] == model
    assert service.client.get(f"/v1/models/{model}/summary").text == "Model: test\n"
    path = f"/v1/models/{model}/content"
    whole = service.client.get(path)
    assert whole.content == content
    assert whole.headers["content-length"] == str(len(content))
    head = service.client.head(path)
    assert (head.content, head.headers["content-length"]) == (b"", str(len(content)))
    disposition = 'attachment; filename="t-st-..-model-network.keras"'
    assert whole.headers["content-disposition"] == disposition
    assert whole.headers["repr-digest"].startswith("sha-256=:")
    _check_ranges(service.client, path, content, whole.headers["etag"])
    assert service.client.get(f"{path}?format=weights").status_code == 406
    assert service.client.get(f"{path}?format=../x").status_code == 406


def _check_ranges(client: httpx2.Client, path: str, content: bytes, tag: str) -> None:
    parts = {"bytes=10-19": (10, 20), "bytes=10000-": (10000, 10240), "bytes=-5": (10235, 10240)}
    for header, (start, end) in parts.items():
        part = client.get(path, headers={"range": header, "if-range": tag})
        assert (part.status_code, part.content) == (206, content[start:end])
        assert part.headers["content-range"] == f"bytes {start}-{end - 1}/10240"
    for header in ("bytes=0-1,4-5", "lines=1-2", "bytes=5-2", "bytes=-"):
        assert client.get(path, headers={"range": header}).status_code == 200
    stale = client.get(path, headers={"range": "bytes=0-1", "if-range": '"old"'})
    assert (stale.status_code, stale.content) == (200, content)
    beyond = client.get(path, headers={"range": "bytes=10240-"})
    assert beyond.status_code == 416
    assert beyond.headers["content-range"] == "bytes */10240"
    assert client.get(path, headers={"if-none-match": tag}).status_code == 304


def test_other_projects_see_nothing(service: Running, job: str) -> None:
    from models.project import Project

    with service.database.session() as session:
        other = Project.named(session, "other").id
    dataset = make_dataset(service.database, other)
    foreign = make_job(service.database, other, dataset)
    for path in (f"/v1/jobs/{foreign}", f"/v1/datasets/{dataset}", f"/v1/jobs/{foreign}/events"):
        assert service.client.get(path).status_code == 404
    assert service.client.post(f"/v1/jobs/{foreign}/cancel").status_code == 404
    assert foreign not in service.client.get("/v1/jobs?page_size=200").text
