"""The audit log: every change with its key, none of what was refused."""

from typing import Any

from models.audit import AuditEntry
from models.key import Key
from models.project import Project
from tests.api.rows import make_dataset, make_job
from tests.api.running import Running


def test_changes_are_kept_and_refusals_are_not(service: Running) -> None:
    project = service.project()
    with service.database.session() as session:
        key, secret = Key.issue(session, project, "boss", ["admin"])
        _, other = Key.issue(session, Project.named(session, "other").id, "", ["admin"])
        _, train = Key.issue(session, project, "", ["train"])
    service.app.state.guard.forget()
    boss = {"authorization": f"Bearer {secret}"}
    job = make_job(service.database, project, make_dataset(service.database, project))

    def entries(headers: dict[str, str]) -> Any:
        return service.client.get("/v1/audit", headers=headers).json()["data"]

    assert entries(boss) == []
    made = service.client.post("/v1/keys", json={"name": "x"}, headers=boss).json()
    cancelled = service.client.post(f"/v1/jobs/{job}/cancel", headers=boss)
    assert service.client.post(f"/v1/jobs/{job}/stop", headers=boss).status_code == 409
    assert service.client.get(f"/v1/jobs/{job}", headers=boss).status_code == 200
    told = [(one["action"], one["subject"], one["key"]) for one in entries(boss)]
    assert told == [("jobs_cancel", job, key.id), ("keys_create", made["id"], key.id)]
    assert entries(boss)[0]["request_id"] == cancelled.headers["x-request-id"]
    assert entries({"authorization": f"Bearer {other}"}) == []
    trainer = {"authorization": f"Bearer {train}"}
    assert service.client.get("/v1/audit", headers=trainer).status_code == 403
    with service.database.session() as session:
        AuditEntry.forget(session, days=0)
    assert entries(boss) == []


def test_what_is_answered_again_was_not_done_again(service: Running) -> None:
    with service.database.session() as session:
        project = Project.named(session, "again").id
        _, secret = Key.issue(session, project, "boss", ["admin"])
    service.app.state.guard.forget()
    boss = {"authorization": f"Bearer {secret}"}
    headers = {**boss, "idempotency-key": "once", "tus-resumable": "1.0.0", "upload-length": "9"}
    first, again = (service.client.post("/v1/uploads", headers=headers) for _ in range(2))
    assert again.headers["idempotency-replayed"] == "true"
    assert service.client.post("/v1/uploads", headers={**headers, "upload-length": "8"}).is_error
    (entry,) = service.client.get("/v1/audit", headers=boss).json()["data"]
    assert (entry["action"], entry["request_id"]) == (
        "uploads_create",
        first.headers["x-request-id"],
    )
