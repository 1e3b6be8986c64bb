"""Evaluations of trained models on other datasets, as jobs."""

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.auth import Trainer
from api.body import Document
from api.contract import accepts, refusals, resource
from api.creation import create_use
from api.idempotency import OnceDep, digest_of
from api.lookup import ModelId, find
from api.services import ServicesDep
from lamina.schemas.job import Job
from lamina.schemas.model import PredictionRequest
from models.model import TrainedModel

router = APIRouter(prefix="/v1/models", tags=["models"])


@router.post(
    "/{model_id}/evaluations",
    operation_id="models_evaluations",
    summary="Evaluate on a dataset",
    status_code=202,
    openapi_extra=accepts(
        PredictionRequest,
        smallest={"dataset": "ds_01kaz8v7m2f5q0r9x3n6t4w1yc"},
        named={"dataset": "readings@latest", "display_name": "this week", "priority": 10},
    ),
    responses={
        202: resource(
            Job,
            "A job of kind `evaluate` in the queue.",
            Location="its address",
            Retry_After="seconds",
            Link='the stream of its events, rel="monitor"',
        ),
        **refusals(
            *("not-found", "too-large", "unsupported-media-type", "not-ready", "invalid-request"),
            *("data-stack-mismatch", "idempotency-key-reused", "queue-full", "quota-exceeded"),
        ),
    },
)
async def evaluate_on_dataset(
    model_id: ModelId, services: ServicesDep, caller: Trainer, once: OnceDep, document: Document
) -> Response:
    """Loss, metrics and all else that `/v1/jobs/{id}/evaluation` tells of a training, on every row
    of the dataset that has a target; the pictures too. The dataset holds the columns that the
    model takes and those it learned. Rows with a label that the model does not know are left out;
    `unknown_labels` counts them. There is no baseline, which is learned in a training.
    """

    def look(session: Session) -> TrainedModel:
        return find(session, TrainedModel, caller, model_id)

    digest = digest_of(["evaluate", model_id, document])
    return await create_use("evaluate", services, caller, once, digest, document, look)
