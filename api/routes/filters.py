"""What the first convolution of a trained model looks for."""

import anyio.to_thread
from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.ask import ask
from api.auth import Reader
from api.conditional import IfNoneMatch, etag, is_current, not_modified
from api.contract import refusals, resource
from api.lookup import ModelId, find
from api.pages.filters import picture
from api.services import ServicesDep
from models.model import TrainedModel

router = APIRouter(prefix="/v1/models", tags=["models"])


@router.get(
    "/{model_id}/filters.svg",
    operation_id="models_filters",
    summary="Draw the learned filters",
    response_class=Response,
    responses={
        200: {
            **resource(None, "The filters of the first convolution.", ETag="never changes"),
            "content": {"image/svg+xml": {"schema": {"type": "string"}}},
        },
        304: resource(None, "Unchanged."),
        **refusals("not-found"),
    },
)
async def get_filters(
    model_id: ModelId, services: ServicesDep, caller: Reader, if_none_match: IfNoneMatch = None
) -> Response:
    """A tile for each filter: positive weights orange, negative ones blue."""

    def look(session: Session) -> TrainedModel:
        return find(session, TrainedModel, caller, model_id)

    model = await services.reading(look)
    tag = etag(model.id, "filters")
    if is_current(if_none_match, tag):
        return not_modified(tag)
    folder = await anyio.to_thread.run_sync(services.shelf.fetch, model)
    payload = {"model": str(folder), "digest": model.id}
    found = await ask(services, "filters", payload, services.settings.predict_seconds, "too-large")
    return Response(picture(found), headers={"ETag": tag}, media_type="image/svg+xml")
