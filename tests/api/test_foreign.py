"""Every route that takes an id, with every kind of another project's object: there is none."""

import re
from typing import Any

from models.file import File
from models.key import Key
from models.model import TrainedModel
from models.outbox import tell_of_test
from models.project import Project
from models.upload import Upload
from models.webhook import Webhook
from tests.api.rows import make_dataset, make_job
from tests.api.running import Running

_OBJECTS = {
    *("job_id", "dataset_id", "model_id", "file_id", "upload_id"),
    *("key_id", "webhook_id", "delivery_id"),
}
_WORDS = {"name": "curves", "plot": "curves", "layer": "dense", "slug": "x", "kind": "layers"}
_OPEN = {"catalog"}
"""Resources of nobody: what is below them is the same for all."""


def _objects(service: Running, project: str) -> dict[str, str]:
    """One of each kind, by the name of its parameter."""
    dataset = make_dataset(service.database, project)
    job = make_job(service.database, project, dataset)
    with service.database.session() as session:
        key, _ = Key.issue(session, project, "", ["read"])
        upload = Upload.open(session, project, 10, "", 1)
        hook = Webhook.subscribe(session, project, url="https://x", events=[], description="")
        sent = tell_of_test(session, hook)
        file = File(
            id=File.new_id(), project_id=project, form="arrays", description={}, files=[],
            bytes=1, digest="0" * 64,
        )  # fmt: skip
        model = TrainedModel(
            id=TrainedModel.new_id(), project_id=project, job_id=job, dataset_id=dataset,
            attempt=1, prefix="x", files={}, stack={"layers": []},
        )  # fmt: skip
        session.add_all([file, model])
        session.flush()
        return {
            "job_id": job,
            "dataset_id": dataset,
            "model_id": model.id,
            "file_id": file.id,
            "upload_id": upload.id,
            "key_id": key.id,
            "webhook_id": hook.id,
            "delivery_id": sent.id,
        }


def _body(operation: dict[str, Any]) -> Any:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    examples = content.get("examples", {})
    return next(iter(examples.values()))["value"] if examples else None


def _query(operation: dict[str, Any]) -> dict[str, str]:
    """The parameters that must be there, with their examples or any value."""
    wanted = [one for one in operation.get("parameters", []) if one["in"] == "query"]
    return {one["name"]: "keras" for one in wanted if one.get("required")}


def test_of_another_project_there_is_nothing(service: Running) -> None:  # noqa: C901
    with service.database.session() as session:
        owner, other = Project.named(session, "owner").id, Project.named(session, "other").id
        _, secret = Key.issue(session, other, "", ["admin"])
        _, own = Key.issue(session, owner, "", ["admin"])
    service.app.state.guard.forget()
    objects = _objects(service, owner)
    paths = service.client.get("/openapi.json").json()["paths"]
    headers = {"authorization": f"Bearer {secret}", "tus-resumable": "1.0.0"}
    for name in _OBJECTS - {"delivery_id", "upload_id"}:  # to their owner they are there
        found = service.client.get(
            f"/v1/{name.removesuffix('_id')}s/{objects[name]}",
            headers={"authorization": f"Bearer {own}"},
        )
        assert found.status_code == 200, (name, found.text)
    asked, wrong = 0, []
    for path, entry in paths.items():
        names = re.findall(r"\{(\w+)\}", path)
        if not path.startswith("/v1/") or not names or path.split("/")[2] in _OPEN:
            continue
        assert set(names) & _OBJECTS, f"{path}: tell this test of its parameters"
        for method, operation in entry.items():
            if method == "options":
                continue
            for identifier in objects.values():
                filled = path
                for name in names:
                    value = identifier if name in _OBJECTS else _WORDS.get(name, "x")
                    filled = filled.replace(f"{{{name}}}", value)
                more = {"upload-offset": "0", "content-type": "application/offset+octet-stream"}
                body = _body(operation)
                answer = service.client.request(
                    method,
                    filled,
                    headers=headers | (more if method == "patch" and body is None else {}),
                    json=body,
                    params=_query(operation),
                )
                asked += 1
                if answer.status_code != 404:
                    wrong.append((method, filled, answer.status_code, answer.text[:150]))
    assert wrong == []
    assert asked > 300
