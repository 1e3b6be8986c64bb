"""Predictions at once: by a model that an engine child keeps loaded."""

from collections.abc import Callable
from typing import Any

import anyio.to_thread
from fastapi import Request
from sqlalchemy.orm import Session

from api.ask import ask
from api.body import media_type
from api.refusal import Refusal, item, shown
from api.services import Services
from api.upload import receive
from models.model import TrainedModel

_ARRAYS = ("application/x-npy", "application/octet-stream")
_IMAGES = tuple(f"image/{form}" for form in ("png", "jpeg", "webp", "bmp", "gif"))
FILES = (*_ARRAYS, *_IMAGES)
"""What a body may be besides JSON and forms; octet-stream is either, by its content."""

_FORM = "multipart/form-data"
_MOST_FILES = 1000


async def predicted(
    services: Services, look: Callable[[Session], TrainedModel], payload: dict[str, Any]
) -> list[Any]:
    """The answers of the model that `look` finds. Raises Refusal, and what `look` raises."""
    model = await services.reading(look)
    try:
        folder = await anyio.to_thread.run_sync(services.shelf.fetch, model)
    except FileNotFoundError:
        await services.reading(look)  # it was deleted a moment ago: not found
        raise
    payload = {"model": str(folder), "digest": model.id, **payload}
    seconds = services.settings.predict_seconds
    found = await ask(services, "predict", payload, seconds, "too-large", subject=model.id)
    predictions: list[Any] = found["predictions"]
    return predictions


async def predicted_of_body(
    services: Services, look: Callable[[Session], TrainedModel], request: Request
) -> list[Any]:
    """The answers to an array, or to images. Raises as `predicted`, and Refusal (400, 413, 415)."""
    kind = media_type(request)
    if kind not in (*FILES, _FORM):
        known = ("application/json", *FILES, _FORM)
        raise Refusal(
            "unsupported-media-type",
            f"The body is {shown(kind) if kind else 'untyped'}; it must be one of"
            f" {', '.join(known)}.",
            headers={"Accept": ", ".join(known)},
        )
    await services.reading(look)  # not found, before anything is sent
    limit = services.settings.predict_bytes
    async with receive(request, services, limit, _MOST_FILES, "invalid-request") as upload:
        for name in upload.fields:
            text = f"The form has a field {shown(name)}; its parts are files, each named 'file'."
            raise Refusal("invalid-request", text, [item("", "unknown-field", text)])
        given = {"path": str(upload.path), "media_type": kind, "sizes": upload.sizes}
        return await predicted(services, look, {"body": given})
