"""Whether two requests ask for the same work: a digest of all that a training depends on."""

from typing import Any

from sqlalchemy.orm import Session

from api.checking import Checked
from api.idempotency import digest_of
from api.versions import training_versions
from lamina.schemas.job_request import JobRequest
from models.dependence import that_did
from models.event import Event
from models.job import Job

_ASIDE = ("dataset", "validation", "test", "on_findings")


def work_digest(checked: Checked[JobRequest]) -> str:
    """SHA-256 of the canonical request, the contents of its data, and the versions that train.

    Not of names, tags, metadata, priority and limits of time, on which no weight depends; nor of
    ids of datasets, whose contents count.
    """
    canonical = dict(checked.plan["request"])
    resources = canonical.pop("resources", None) or {}
    data = {name: value for name, value in (canonical["data"] or {}).items() if name not in _ASIDE}
    contents = {
        role: [dataset.digest, dataset.format, dataset.schema]
        for role, dataset in checked.datasets.items()
    }
    work = {
        **canonical,
        "data": data,
        "gpus": resources.get("gpus"),
        "contents": contents,
        "versions": training_versions(),
    }
    return digest_of(work)


def earlier(session: Session, project_id: str, digest: str) -> Job | None:
    """A job of the project that has done this work to its end, with its model still there."""
    for job in that_did(session, project_id, digest):
        if _as_here(session, job):
            return job
    return None


def _as_here(session: Session, job: Job) -> bool:
    """Whether the worker that trained had the versions that this service counts on."""
    here = training_versions()
    told: dict[str, Any] = {}
    for event in Event.after(session, job.id, kind="started"):
        if event.attempt == job.attempt:
            told = event.payload.get("versions") or {}
    return all(here.get(name, told[name]) == told[name] for name in told if name != "python")
