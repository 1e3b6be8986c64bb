"""The reading of a dataset as a stream."""

from typing import Annotated

from fastapi import APIRouter, Header
from sqlalchemy.orm import Session
from starlette.responses import Response, StreamingResponse

from api.auth import Reader
from api.contract import refusals, resource
from api.lookup import DatasetId, find
from api.reading import DatasetReader
from api.services import ServicesDep
from api.sse import HEADERS, stream
from models.dataset import Dataset

router = APIRouter(prefix="/v1/datasets", tags=["datasets"])


@router.get(
    "/{dataset_id}/events/stream",
    operation_id="datasets_events_stream",
    summary="Stream how far the reading is",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "Server-sent events: `progress` as it goes, at last `dataset.done` with "
            "the dataset; `server.closing` before a restart.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
        204: resource(None, "It was told already what came of the reading."),
        **refusals("not-found"),
    },
)
async def stream_reading(
    dataset_id: DatasetId,
    services: ServicesDep,
    caller: Reader,
    last_event_id: Annotated[
        int | None, Header(ge=0, lt=2**31, description="the `id` of `dataset.done`, if it came")
    ] = None,
) -> Response:
    """Ends when the dataset was read, with `dataset.done` alone where it was read before."""

    def look(session: Session) -> Dataset:
        return find(session, Dataset, caller, dataset_id)

    row = await services.reading(look)
    if row.state != "reading" and last_event_id is not None and last_event_id >= row.version:
        return Response(status_code=204)
    chunks = stream(services.hub, row.id, DatasetReader(services, row.id))
    return StreamingResponse(chunks, headers=HEADERS, media_type="text/event-stream")
