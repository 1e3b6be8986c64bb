"""Weights that a ModelCheckpoint keeps: told, downloaded, and not lost with a worker."""

from pathlib import Path

import h5py
import httpx2

from lamina.client import Client
from tests.fixtures.service import MakeService, Service
from tests.service.jobs import await_job, epochs_done, submit, upload_iris

EVERY = {"class_name": "ModelCheckpoint", "every": 5, "keep": 3}


def content(service: Service, model: str, checkpoint: str) -> httpx2.Response:
    """The weights that were kept under this word."""
    params = {"format": "weights", "checkpoint": checkpoint}
    return httpx2.get(f"{service.url}/v1/models/{model}/content", params=params, timeout=30)


def test_kept_weights_survive_a_killed_worker(make_service: MakeService, tmp_path: Path) -> None:
    service = make_service("sqlite")
    job_id = submit(service, upload_iris(service), epochs=30, callbacks=[EVERY])
    await_job(service, job_id, epochs_done(16))
    service.kill("worker")
    service.start("worker")
    job = await_job(service, job_id)
    assert (job["state"], job["attempt"]) == ("succeeded", 2), job["error"]

    found = httpx2.get(f"{service.url}/v1/models/{job['model']}", timeout=30).json()
    kept = [(one["kind"], one["epoch"]) for one in found["checkpoints"]]
    assert [one for one in kept if one[0] == "epoch"] == [
        ("epoch", 19),
        ("epoch", 24),
        ("epoch", 29),
    ]
    assert ("last", 29) in kept
    assert content(service, job["model"], "19").is_success
    assert (
        content(service, job["model"], "last").content
        != content(service, job["model"], "19").content
    )
    missing = content(service, job["model"], "4")
    assert missing.status_code == 404
    assert "19, 24, 29" in missing.json()["detail"]

    with Client(service.url) as client:
        path = client.models.get(job["model"]).download(tmp_path, checkpoint="best")
    assert path.name.startswith(f"{job['model']}-best")
    with h5py.File(path) as file:
        assert "layers" in file
    service.close()
