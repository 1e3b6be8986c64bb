"""The vectors that an Embedding of a trained model has learned."""

import base64
import hashlib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Literal

import anyio.to_thread
from fastapi import APIRouter, Query
from fastapi import Path as PathParameter
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.ask import ask
from api.auth import Reader
from api.conditional import IfNoneMatch, etag, is_current, not_modified
from api.contract import refusals, resource
from api.download import safe
from api.lookup import ModelId, find
from api.services import ServicesDep
from models.model import TrainedModel

router = APIRouter(prefix="/v1/models", tags=["models"])

_MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "npy": "application/octet-stream",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "metadata": "text/tab-separated-values; charset=utf-8",
}
_SUFFIXES = {"csv": ".csv", "npy": ".npy", "tsv": ".tsv", "metadata": ".labels.tsv"}
_TEXT: dict[str, Any] = {"schema": {"type": "string"}}


@router.get(
    "/{model_id}/embeddings/{layer}",
    operation_id="models_embeddings",
    summary="Take the vectors of an Embedding",
    responses={
        200: {
            **resource(
                None, "The vectors, a row each.", ETag="never changes", Repr_Digest="SHA-256"
            ),
            "content": {media.partition(";")[0]: _TEXT for media in _MEDIA.values()},
        },
        304: resource(None, "Unchanged."),
        **refusals("not-found"),
    },
)
async def get_embeddings(
    model_id: ModelId,
    layer: Annotated[str, PathParameter(max_length=200, description="the Embedding's name")],
    services: ServicesDep,
    caller: Reader,
    form: Annotated[
        Literal["csv", "npy", "tsv", "metadata"],
        Query(
            alias="format",
            description="`csv`: label and vector; `npy`: vectors alone; `tsv` and `metadata`: "
            "vectors and labels apart, as the Embedding Projector takes them",
        ),
    ] = "csv",
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Token or category, then its vector; padding has the empty label, other words `[UNK]`."""

    def look(session: Session) -> TrainedModel:
        return find(session, TrainedModel, caller, model_id)

    model = await services.reading(look)
    tag = etag(f"{model.id}/{layer}/{form}")
    if is_current(if_none_match, tag):
        return not_modified(tag)
    folder = await anyio.to_thread.run_sync(services.shelf.fetch, model)
    with TemporaryDirectory(dir=services.uploads, prefix="embeddings-") as scratch:
        out = Path(scratch) / "vectors"
        payload = {"model": str(folder), "digest": model.id, "layer": layer, "form": form}
        seconds = services.settings.predict_seconds
        await ask(services, "embeddings", payload | {"out": str(out)}, seconds, "too-large")
        content = await anyio.to_thread.run_sync(out.read_bytes)
    name = f"{safe(model.display_name, model.id)}-{safe(layer, 'layer')}{_SUFFIXES[form]}"
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    headers = {
        "ETag": tag,
        "Repr-Digest": f"sha-256=:{digest}:",
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    return Response(content, headers=headers, media_type=_MEDIA[form])
