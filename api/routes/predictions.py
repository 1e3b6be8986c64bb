"""Predictions: raw records in, labels and scores out; whole datasets as jobs."""

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.answers import answer
from api.auth import Reader, Trainer
from api.body import Document, get_document, media_type
from api.contract import accepts, queued, refusals, resource
from api.creation import create_use
from api.idempotency import OnceDep, digest_of
from api.lookup import ModelId, find
from api.predicting import FILES, predicted, predicted_of_body
from api.routes import _uses
from api.services import ServicesDep
from api.validation import read
from lamina.schemas.model import Predictions, PredictRequest
from models.model import TrainedModel

router = APIRouter(prefix="/v1/models", tags=["models"])

_FILE = {"type": "string", "contentMediaType": "application/octet-stream"}
_FORM = {
    "schema": {
        "type": "object",
        "required": ["file"],
        "properties": {"file": {"type": "array", "items": _FILE, "minItems": 1}},
    }
}
_BODY = accepts(
    PredictRequest,
    one={"records": [{"a": 0, "b": 1}]},
    several={"records": [{"a": 0, "b": 1}, {"a": 1, "b": 1}]},
)
_BODY["requestBody"]["content"] |= {
    **{kind: {"schema": {"type": "string", "contentMediaType": kind}} for kind in FILES},
    "multipart/form-data": _FORM,
}


@router.post(
    "/{model_id}/predict",
    operation_id="models_predict",
    summary="Predict",
    openapi_extra=_BODY,
    responses={
        200: resource(Predictions, "One prediction for each record, in order."),
        **refusals(
            *("not-found", "digest-mismatch", "too-large", "unsupported-media-type"),
            "invalid-request",
        ),
    },
)
async def predict(
    request: Request, model_id: ModelId, services: ServicesDep, caller: Reader
) -> Response:
    """Records as they stood in the dataset: the model's own encoding is applied.

    As JSON, or, for a model of numbers, arrays or images, an array as `numpy.save` writes it, the
    records in its first axis; for a model of images one image file, or a form with a part
    `file` for each. The model stays loaded for some time, so that the next answer comes at once.
    """

    def look(session: Session) -> TrainedModel:
        return find(session, TrainedModel, caller, model_id)

    kind = media_type(request)
    if kind == "application/json" or kind.endswith("+json"):
        wanted = read(PredictRequest, await get_document(request))
        predictions = await predicted(services, look, {"records": wanted.records})
    else:
        predictions = await predicted_of_body(services, look, request)
    return answer(Predictions(model=model_id, predictions=predictions))


@router.post(
    "/{model_id}/predictions",
    operation_id="models_predictions",
    summary="Predict for a whole dataset",
    status_code=202,
    openapi_extra=_uses.BODY,
    responses={
        202: queued("A job of kind `predict` in the queue."),
        **_uses.REFUSALS,
    },
)
async def predict_dataset(
    model_id: ModelId, services: ServicesDep, caller: Trainer, once: OnceDep, document: Document
) -> Response:
    """The table of answers is at `/v1/jobs/{id}/predictions` once the job has succeeded."""

    def look(session: Session) -> TrainedModel:
        return find(session, TrainedModel, caller, model_id)

    digest = digest_of([model_id, document])
    return await create_use("predict", services, caller, once, digest, document, look)
