"""Clones: new jobs from the requests of others, with changes."""

from typing import Any

import anyio.to_thread
from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.body import OptionalDocument, media_type
from api.changes import MERGE, STEPS, changed
from api.contract import queued, refusals, resource
from api.creation import ValidateOnly, create, create_use
from api.envelope import Envelope, EnvelopeDep
from api.idempotency import digest_of
from api.lookup import JobId, find
from api.refusal import Refusal, item, shown
from api.submission import Kind
from lamina.schemas.job import Job
from models import job as table
from models.model import TrainedModel

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])

_USES: dict[str, Kind] = {"predict": "predict", "evaluate": "evaluate"}

_BODY: dict[str, Any] = {
    "requestBody": {
        "required": False,
        "description": "What is to be different; left out: nothing. As application/json, an object"
        " is a merge patch and a list a JSON Patch.",
        "content": {
            MERGE: {
                "schema": {"type": "object"},
                "examples": {
                    "slower": {"value": {"compile": {"optimizer": {"learning_rate": 1e-4}}}},
                    "longer": {"value": {"fit": {"epochs": 50}, "display_name": "longer"}},
                },
            },
            STEPS: {
                "schema": {"type": "array", "items": {"type": "object"}},
                "examples": {
                    "wider": {
                        "value": [{"op": "replace", "path": "/stack/layers/1/units", "value": 64}]
                    }
                },
            },
        },
    }
}


@router.post(
    "/{job_id}/clone",
    operation_id="jobs_clone",
    summary="Clone a job, with changes",
    status_code=202,
    openapi_extra=_BODY,
    responses={
        200: resource(
            Job,
            "It ended within `Prefer: wait`, or was found by `cache`; or, with "
            "validate_only, the plan.",
        ),
        202: queued("A new job, `cloned_from` this one."),
        **refusals(
            *("not-found", "too-large", "unsupported-media-type", "not-ready", "invalid-request"),
            *("invalid-stack", "stack-too-large", "invalid-training", "data-stack-mismatch"),
            *(
                "data-findings",
                "idempotency-key-reused",
                "wrong-state",
                "queue-full",
                "quota-exceeded",
            ),
        ),
    },
)
async def clone_job(
    job_id: JobId,
    request: Request,
    envelope: EnvelopeDep,
    changes: OptionalDocument,
    validate_only: ValidateOnly = False,
) -> Response:
    """The job's `request` with a merge patch (RFC 7396) or a JSON Patch (RFC 6902), as a new job.

    It may be in any state. The new request is checked like every other; pointers in what is
    refused are those of the new request, but of a JSON Patch that does not apply those of the
    step. The training starts anew: `retry` goes on from a checkpoint.
    """

    def look(session: Session) -> table.Job:
        return find(session, table.Job, envelope.caller, job_id)

    services = envelope.services
    job = await services.reading(look)
    kind = media_type(request)
    document = await anyio.to_thread.run_sync(changed, job.request, changes, kind, services.limits)
    digest = digest_of([job_id, kind == STEPS, changes])
    if job.kind != "train":
        if validate_only:
            detail = "Only the request of a training has a plan to validate."
            wrong = item("", "bad-value", detail, parameter="validate_only")
            raise Refusal("invalid-request", detail, [wrong])
        return await _clone_use(_USES[job.kind], envelope, digest, document, job.id)
    return await create(envelope, digest, document, validate_only, job.id)


async def _clone_use(
    kind: Kind, envelope: Envelope, digest: str, document: Any, job_id: str
) -> Response:
    """The request of a prediction or an evaluation names its model, which a change may replace."""
    if not isinstance(document, dict):
        detail = "The request of a prediction or an evaluation is an object."
        raise Refusal("invalid-request", detail, [item("", "bad-type", detail)])
    wanted = dict(document)
    model_id = wanted.pop("model", None)

    def look(session: Session) -> TrainedModel:
        known = model_id if isinstance(model_id, str) else ""
        found = TrainedModel.find(session, envelope.caller.project_id, known)
        if found is None:
            detail = f"There is no model {shown(str(model_id))}."
            raise Refusal("invalid-request", detail, [item("/model", "unknown-model", detail)])
        return found

    sent = (envelope.services, envelope.caller, envelope.once)
    return await create_use(kind, *sent, digest, wanted, look, job_id)
