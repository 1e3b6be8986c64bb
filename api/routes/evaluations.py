"""Evaluations of trained models on other datasets, as jobs."""

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.auth import Trainer
from api.body import Document
from api.contract import queued
from api.creation import create_use
from api.idempotency import OnceDep, digest_of
from api.lookup import ModelId, find
from api.routes import _uses
from api.services import ServicesDep
from models.model import TrainedModel

router = APIRouter(prefix="/v1/models", tags=["models"])


@router.post(
    "/{model_id}/evaluations",
    operation_id="models_evaluations",
    summary="Evaluate on a dataset",
    status_code=202,
    openapi_extra=_uses.BODY,
    responses={
        202: queued("A job of kind `evaluate` in the queue."),
        **_uses.REFUSALS,
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
