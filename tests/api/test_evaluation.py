"""What a job's evaluation answers at each stage of the job."""

import json
from uuid import uuid4

from models.model import TrainedModel
from tests.api.rows import claim_job, make_dataset, make_job
from tests.api.running import Running

REPORT = {
    "part": "validation",
    "rows": 2,
    "metrics": {"loss": "NaN", "accuracy": 0.5},
    "outputs": {"out": {"kind": "classes", "target": "label", "rows": 2, "metrics": {}}},
}


def _end(service: Running, job: str, report: dict[str, object] | None) -> None:
    attempt = claim_job(service.database, f"host-{uuid4().hex[:6]}")
    assert attempt.job.id == job
    if report:
        key = f"{attempt.prefix}/evaluation/report.json"
        service.services.storage.put(key, json.dumps(report).encode())
    model = TrainedModel(
        id=TrainedModel.new_id(),
        project_id=attempt.job.project_id,
        job_id=job,
        dataset_id=attempt.job.dataset_id,
        attempt=attempt.number,
        prefix=f"{attempt.prefix}/model",
        files={},
        stack={"layers": []},
        summary="",
    )
    with service.database.session() as session:
        attempt.succeed(session, model, stop_reason=None, evaluation=None)


def test_it_comes_with_the_end(service: Running) -> None:
    dataset = make_dataset(service.database, service.project())
    job = make_job(service.database, service.project(), dataset, priority=100)
    path = f"/v1/jobs/{job}/evaluation"
    early = service.client.get(path)
    assert (early.status_code, early.json()["type"]) == (409, "/problems/not-ready")
    _end(service, job, REPORT)
    answer = service.client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.json()["metrics"] == {"loss": None, "accuracy": 0.5}
    assert answer.json()["dataset"] == dataset
    tag = {"If-None-Match": answer.headers["etag"]}
    assert service.client.get(path, headers=tag).status_code == 304


def test_nothing_held_out_nothing_told(service: Running) -> None:
    dataset = make_dataset(service.database, service.project())
    job = make_job(service.database, service.project(), dataset, priority=100)
    _end(service, job, None)
    answer = service.client.get(f"/v1/jobs/{job}/evaluation")
    assert answer.status_code == 404
    assert "validation or a test part" in answer.json()["detail"]
