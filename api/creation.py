"""Making a job of a request: checked, entered into the queue once, and waited for if wished."""

from collections.abc import Callable
from typing import Annotated, Any

import anyio.to_thread
from fastapi import Query
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.answers import answer
from api.ask import ask
from api.auth import Caller
from api.capacity import weighed
from api.checking import check, ready
from api.envelope import Envelope
from api.idempotency import Answer, Once
from api.lookup import find
from api.preference import applied
from api.presenters.job import job_tag, present
from api.refusal import Refusal, item, shown
from api.services import Services
from api.submission import Kind, Outdated, enter, enter_use
from api.validation import read
from api.waiting import until
from lamina.schemas.job import Job
from lamina.schemas.job_request import JobRequest
from lamina.schemas.model import PredictionRequest
from lamina.schemas.plan import Plan
from models import job as table
from models.dataset import Dataset
from models.model import TrainedModel

ValidateOnly = Annotated[
    bool, Query(description="check everything and answer the plan; store nothing")
]


async def create(
    envelope: Envelope,
    digest: str,
    document: Any,
    validate_only: bool,
    cloned_from: str | None = None,
) -> Response:
    """The answer to a request for a training: the plan, or the job, ended if it ends in time.

    `digest` is that of what was sent under the Idempotency-Key. Raises Refusal.
    """
    services, caller = envelope.services, envelope.caller
    if validate_only:
        checked = await check(services, caller, JobRequest, document)
        plan = await services.reading(weighed, services.settings, checked.plan, strict=True)
        return answer(Plan.model_validate(plan))
    if stored := await _seen(services, envelope.once, digest):
        return stored.response(replayed=True)
    entering = (envelope, digest, document, cloned_from)
    try:
        made, replayed = await _entered(*entering, is_trusting=True)
    except Outdated:
        made, replayed = await _entered(*entering)
    if envelope.wait is None or replayed or made.status == 200:
        return made.response(replayed)
    return await _when_ended(services, caller, made, envelope.wait)


async def _entered(
    envelope: Envelope,
    digest: str,
    document: Any,
    cloned_from: str | None,
    *,
    is_trusting: bool = False,
) -> tuple[Answer, bool]:
    """What is answered to a request that is checked and put into the queue; whether it was before.

    Raises Refusal; Outdated where the check trusted what has changed, which is forgotten.
    """
    services, caller = envelope.services, envelope.caller
    checked = await check(services, caller, JobRequest, document, is_trusting=is_trusting)

    def make(session: Session) -> Answer:
        return enter(services, caller, checked, session, cloned_from)

    try:
        return await services.creations.create(envelope.once, digest, make)
    except Outdated:
        services.familiar.forget([dataset.id for dataset in checked.datasets.values()])
        raise


async def create_use(
    kind: Kind,
    services: Services,
    caller: Caller,
    once: Once,
    digest: str,
    document: Any,
    look: Callable[[Session], TrainedModel],
    cloned_from: str | None = None,
) -> Response:
    """The job that predicts, or evaluates, with the model that `look` finds. Raises Refusal."""
    if stored := await _seen(services, once, digest):
        return stored.response(replayed=True)
    wanted = read(PredictionRequest, document)
    model = await services.reading(look)
    dataset = await _fitting(kind, services, caller, model, wanted.dataset)

    def make(session: Session) -> Answer:
        return enter_use(*(kind, services, caller, model, wanted, dataset, session), cloned_from)

    made, replayed = await services.creations.create(once, digest, make)
    return made.response(replayed)


async def _seen(services: Services, once: Once, digest: str) -> Answer | None:
    """What was answered to this Idempotency-Key, where there is one."""
    return await services.reading(once.stored, digest) if once.key is not None else None


async def _fitting(
    kind: Kind, services: Services, caller: Caller, model: TrainedModel, reference: str
) -> Dataset:
    """The dataset, once read, if it holds what the model takes, and for `evaluate` what it learned.

    Raises Refusal (409, 422).
    """
    dataset = await ready(services, caller, reference)
    if dataset is None:
        detail = f"There is no dataset {shown(reference)}."
        raise Refusal("invalid-request", detail, [item("/dataset", "unknown-dataset", detail)])
    if dataset.state != "ready":
        detail = "The dataset could not be read."
        raise Refusal("invalid-request", detail, [item("/dataset", "dataset-not-ready", detail)])
    folder = await anyio.to_thread.run_sync(services.shelf.fetch, model)
    payload: dict[str, Any] = {"model": str(folder), "schema": dataset.schema}
    if kind == "evaluate":
        payload |= await services.reading(_learned, model)
    await ask(services, "fits", payload, services.settings.predict_seconds)
    return dataset


def _learned(session: Session, model: TrainedModel) -> dict[str, Any]:
    """What the model's training knew of its data."""
    trained = session.get_one(table.Job, model.job_id)
    dataset = session.get_one(Dataset, trained.dataset_id)
    return {"trained_on": dataset.schema, "weight": trained.request["data"].get("sample_weight")}


async def _when_ended(services: Services, caller: Caller, made: Answer, wait: int) -> Response:
    identifier = made.body["id"]

    def look(session: Session) -> tuple[table.Job, Job]:
        row = find(session, table.Job, caller, identifier)
        return row, present(session, row)

    row, shown = await until(services, identifier, wait, look, lambda found: found[0].is_terminal)
    headers = {**made.headers, **applied(wait), "ETag": job_tag(row)}
    if row.is_terminal:
        del headers["Retry-After"]
    return answer(shown, 200 if row.is_terminal else 202, headers)
