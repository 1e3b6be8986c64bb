"""Entering checked jobs into the queue, and repeating ended ones."""

from functools import partial
from typing import Any, Literal

import structlog
from sqlalchemy.orm import Session

from api.auth import Caller
from api.capacity import demand
from api.checking import Checked
from api.idempotency import Answer
from api.identity import earlier, work_digest
from api.presenters.job import job_tag, present, present_entered
from api.quota import demand_gpu_time, demand_room
from api.refusal import Refusal, item
from api.services import Services
from api.sources import Sources
from api.wakeups import Worker
from core.settings import Settings
from lamina import ids
from lamina.schemas.job_request import JobRequest
from models.after_commit import after_commit
from models.capacity import Capacity
from models.dataset import Dataset
from models.entrance import Entrance
from models.file import File
from models.job import Job
from models.model import TrainedModel

log = structlog.get_logger(__name__)

Kind = Literal["predict", "evaluate"]
"""Of jobs that use a trained model."""

RETRY_SECONDS = 2
_REPEATABLE = ("failed", "cancelled")
_REPEATED = (
    *("kind",),
    *("display_name", "tags", "labels", "dataset_id", "validation_id", "test_id"),
    *("sources", "request"),
    *("plan", "architecture", "parameters", "gpus", "max_seconds", "priority", "max_failures"),
    *("checkpoint", "work_digest", "chosen"),
)


class Outdated(Refusal):
    """A request was checked with datasets as they no longer are."""

    def __init__(self) -> None:
        super().__init__("wrong-state", "A dataset was changed just now; send it again.")


def enter(
    services: Services,
    caller: Caller,
    checked: Checked[JobRequest],
    session: Session,
    cloned_from: str | None = None,
) -> Answer:
    """Put a checked request into the queue. Raises Refusal (422, 503), Outdated.

    With `cache`, a job that has done the same work is answered instead, and nothing is made.
    """
    digest = work_digest(checked)
    if checked.request.cache and (done := earlier(session, caller.project_id, digest)):
        found = present(session, done).model_copy(update={"cached": True})
        location = {"Location": f"/v1/jobs/{done.id}", "ETag": job_tag(done)}
        return Answer.of(found, 200, location)
    needed = {dataset.id: dataset.version for dataset in checked.datasets.values()}
    values = _values(services.settings, checked)
    values |= {"id": ids.new("job"), "cloned_from": cloned_from, "work_digest": digest}
    priority = checked.request.priority
    met = Entrance.look(session, caller.project_id, values["id"], priority, needed)
    if checked.is_trusting and met.versions != sum(needed.values()):
        raise Outdated
    demand(services.settings, Capacity.of(met.fleet), checked.plan)
    _demand_room(services, caller, session, values["gpus"], met)
    if met.datasets < len(needed):
        _refuse_gone(session, caller, checked)
    _demand_sources(session, caller, checked.sources)
    return _enter(
        services, session, caller, met, checked.request.resources.max_wait_seconds, values
    )


def repeat(services: Services, caller: Caller, ended: Job, session: Session) -> Answer:
    """Put an ended job into the queue again as a new one, from its last checkpoint on."""
    if ended.state not in _REPEATABLE:
        detail = f"The job is {ended.state}; only failed and cancelled jobs can be retried."
        raise Refusal("wrong-state", detail)
    values = {"id": ids.new("job"), "retry_of": ended.id}
    met = Entrance.look(session, caller.project_id, values["id"], ended.priority)
    _demand_room(services, caller, session, ended.gpus, met)
    # Held, so that its checkpoint is not thrown away while the new job comes to rely on it.
    session.refresh(ended, with_for_update=True)
    values |= {name: getattr(ended, name) for name in _REPEATED}
    # Of a training it stands among the resources, of a prediction beside the dataset.
    max_wait = ended.request.get("resources", ended.request).get("max_wait_seconds")
    return _enter(services, session, caller, met, max_wait, values)


def enter_use(
    kind: Kind,
    services: Services,
    caller: Caller,
    model: TrainedModel,
    wanted: Any,
    dataset: Dataset,
    session: Session,
    cloned_from: str | None = None,
) -> Answer:
    """Put a prediction or evaluation of a whole dataset into the queue.

    Raises Refusal (404, 422, 503).
    """
    identifier = ids.new("job")
    met = Entrance.look(session, caller.project_id, identifier, wanted.priority, {dataset.id})
    _demand_room(services, caller, session, None, met)
    if not met.datasets:
        gone = item("/dataset", "unknown-dataset", "The dataset was deleted just now.")
        raise Refusal("invalid-request", "The dataset is gone; nothing was stored.", [gone])
    if TrainedModel.find(session, caller.project_id, model.id) is None:
        raise Refusal("not-found", f"The model {model.id} was deleted just now.")
    request = {**wanted.model_dump(mode="json"), "model": model.id, "dataset": dataset.id}
    values = {
        "id": identifier,
        "kind": kind,
        "cloned_from": cloned_from,
        "display_name": wanted.display_name,
        "dataset_id": dataset.id,
        "sources": [model.id],
        "request": request,
        "plan": {"parameters": model.parameters},
        "architecture": model.architecture,
        "max_seconds": wanted.max_seconds,
        "priority": wanted.priority,
        "max_failures": services.settings.max_failures,
    }
    return _enter(services, session, caller, met, wanted.max_wait_seconds, values)


def _refuse_gone(session: Session, caller: Caller, checked: Checked[JobRequest]) -> None:
    """Raise Refusal for a dataset that was deleted since the check."""
    for role, dataset in checked.datasets.items():
        if Dataset.find(session, caller.project_id, dataset.id) is None:
            gone = item(f"/data/{role}", "unknown-dataset", "The dataset was deleted just now.")
            raise Refusal("invalid-request", "A dataset is gone; nothing was stored.", [gone])


def _demand_sources(session: Session, caller: Caller, sources: Sources) -> None:
    """Raise Refusal when a file or a model was deleted since the check."""
    for table, found in ((File, sources.files), (TrainedModel, sources.models)):
        for identifier in found:
            if table.find(session, caller.project_id, identifier) is None:
                gone = item(
                    "/stack", f"unknown-{ids.kind_of(identifier)}", "It was deleted just now."
                )
                raise Refusal("invalid-stack", f"{identifier} is gone; nothing was stored.", [gone])


def _demand_room(
    services: Services, caller: Caller, session: Session, gpus: int | None, met: Entrance
) -> None:
    """Raise Refusal (429, 503) when there is no time on GPUs left, or too long a queue."""
    capacity = Capacity.of(met.fleet)
    demand_gpu_time(services.settings, session, caller, gpus, capacity)
    demand_room(services.settings, session, caller, services.room)


def _values(settings: Settings, checked: Checked[JobRequest]) -> dict[str, Any]:
    wanted, plan = checked.request, dict(checked.plan)
    canonical = plan.pop("request")
    described = {
        "display_name": wanted.display_name,
        "tags": list(wanted.tags),
        "metadata": dict(wanted.metadata),
    }
    gpus = wanted.resources.gpus
    datasets = {role: dataset.id for role, dataset in checked.datasets.items()}
    return {
        "display_name": wanted.display_name,
        "tags": list(wanted.tags),
        "labels": dict(wanted.metadata),
        "dataset_id": datasets["dataset"],
        "validation_id": datasets.get("validation"),
        "test_id": datasets.get("test"),
        "sources": checked.sources.ids,
        "request": {**described, **canonical, "priority": wanted.priority},
        "plan": plan,
        "architecture": plan.get("architecture"),
        "parameters": (plan.get("parameters") or {}).get("total"),
        "gpus": None if gpus == "auto" else gpus,
        "max_seconds": wanted.resources.max_seconds,
        "priority": wanted.priority,
        "max_failures": settings.max_failures,
    }


def _enter(
    services: Services,
    session: Session,
    caller: Caller,
    met: Entrance,
    max_wait: float | None,
    values: dict[str, Any],
) -> Answer:
    known: dict[str, Any] = {
        "moment": met.moment,
        "is_watched": met.is_watched,
        "account": caller.account,
    }
    job = Job.submit(session, caller.project_id, max_wait, **known, **values)
    met.follow(session)
    wanted: dict[int | None, tuple[Worker, ...]] = {None: ("gpu", "cpu"), 0: ("cpu",)}
    workers = wanted.get(job.gpus, ("gpu",))
    services.wakeups.after_commit(session, *workers, enough=met.fleet.free_of(*workers))

    # Of two requests with one Idempotency-Key the later one is rolled back, and its line with it.
    # The line is the request's, though others may be committed with it.
    request_log = log.bind(**structlog.contextvars.get_contextvars())
    after_commit(session, partial(request_log.info, "job queued", job=job.id, kind=job.kind))

    path = f"/v1/jobs/{job.id}"
    headers = {
        "Location": path,
        "Retry-After": str(RETRY_SECONDS),
        "Link": f'<{path}/events/stream>; rel="monitor"',
    }
    return Answer.of(present_entered(session, job, met), 202, headers)
