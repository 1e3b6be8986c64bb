"""Deleting, restoring and pinning, over HTTP and with the client."""

import pytest

import lamina
from lamina.client.problems import NotFound, ProblemError
from models.dataset import Dataset
from models.model import TrainedModel
from tests.api.rows import claim_job, make_dataset, make_job, unseen
from tests.api.running import Running

GONE = {"permanently": "true"}


def _trained(service: Running) -> tuple[str, str, str, str]:
    """A dataset, a job that succeeded on it, its model, and the key of the model's file."""
    dataset = make_dataset(service.database, service.project())
    job = make_job(service.database, service.project(), dataset)
    attempt = claim_job(service.database, f"host-{job}")
    assert attempt.job.id == job
    prefix = f"{attempt.prefix}/model"
    service.services.storage.put(f"{prefix}/stack.json", b"{}")
    model = TrainedModel(
        id=TrainedModel.new_id(), project_id=service.project(), job_id=job, dataset_id=dataset,
        attempt=1, prefix=prefix, files={"stack.json": {"bytes": 2, "digest": "d"}}, stack={},
    )  # fmt: skip
    with service.database.session() as session:
        attempt.succeed(session, model)
    return dataset, job, model.id, f"{prefix}/stack.json"


def test_what_is_deleted_comes_back_in_order(service: Running) -> None:
    dataset, job, model, key = _trained(service)
    paths = [f"/v1/models/{model}", f"/v1/jobs/{job}", f"/v1/datasets/{dataset}"]
    assert service.client.delete(paths[1]).json()["type"] == "/problems/in-use"
    tag = service.client.get(paths[1]).headers["etag"]
    for path in paths:
        assert service.client.delete(path).status_code == 204
        gone = service.client.get(path)
        assert gone.status_code == 404
        assert "can still be restored" in gone.json()["detail"]
        assert service.client.delete(path).status_code == 404
    assert service.client.get(f"{paths[1]}/events").status_code == 404
    for path in ("/v1/jobs", "/v1/jobs?order_by=created_at", "/v1/models", "/v1/datasets"):
        listed = service.client.get(f"{path}{'&' if '?' in path else '?'}page_size=200").json()
        assert not {job, model, dataset} & {one["id"] for one in listed["data"]}, path
    for path in paths[:2]:
        refused = service.client.post(f"{path}/restore")
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/wrong-state")
    for path in reversed(paths):
        back = service.client.post(f"{path}/restore")
        assert back.status_code == 200, back.text
        assert service.client.get(path).json()["id"] == back.json()["id"]
        assert service.client.post(f"{path}/restore").status_code == 200
    assert service.client.get(paths[1]).headers["etag"] != tag
    assert service.client.get(paths[1]).json()["model"] == model
    assert service.services.storage.read(key) == b"{}"


def test_for_good(service: Running) -> None:
    dataset, job, model, key = _trained(service)
    assert service.client.delete(f"/v1/models/{model}").status_code == 204
    assert service.client.delete(f"/v1/jobs/{job}").status_code == 204
    refused = service.client.delete(f"/v1/datasets/{dataset}", params=GONE)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/in-use")
    assert service.client.delete(f"/v1/jobs/{job}", params=GONE).status_code == 204
    for path in (f"/v1/jobs/{job}", f"/v1/models/{model}"):
        assert service.client.post(f"{path}/restore").status_code == 404
    with pytest.raises(FileNotFoundError):
        service.services.storage.read(key)
    assert service.client.delete(f"/v1/datasets/{dataset}", params=GONE).status_code == 204
    with service.database.reading() as session:
        assert session.get(Dataset, dataset) is None


def test_a_newcomer_is_no_copy_of_what_was_deleted(service: Running) -> None:
    content = unseen()
    first = service.client.post("/v1/datasets?name=twin-in-trash", content=content).json()
    path = f"/v1/datasets/{first['id']}"
    assert service.client.delete(path).status_code == 204
    again = service.client.post("/v1/datasets?name=twin-in-trash", content=content).json()
    assert (again["duplicate_of"], again["version"]) == (None, 2)
    assert service.client.delete(path, params=GONE).status_code == 204
    with service.database.reading() as session:
        row = session.get_one(Dataset, again["id"])
    assert service.services.storage.read(row.source_key) == content


def test_the_client_deletes_restores_and_pins(service: Running) -> None:
    dataset, job, model, _ = _trained(service)
    with lamina.Client(service.url) as client:
        assert client.pin(job).pinned
        assert client.pin(model).pinned
        assert client.jobs.get(job).resource.pinned
        assert not client.unpin(dataset).pinned
        client.models.get(model).delete()
        (found,) = [one for one in client.trash.list("model") if one.id == model]
        assert (found.purge_at - found.deleted_at).days == 7
        assert client.trash.restore(model).id == model
        client.models.get(model).delete(permanently=True)
        with pytest.raises(NotFound):
            client.trash.restore(model)
        with pytest.raises(ProblemError):
            client.pin("job_01kaz8v7m2f5q0r9x3n6t4w1yc")
        with pytest.raises(ValueError, match="no id of a job"):
            client.pin("key_01kaz8v7m2f5q0r9x3n6t4w1yc")
