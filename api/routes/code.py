"""Scripts: the training of a model as stand-alone Python."""

import anyio.to_thread
from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.ask import ask
from api.auth import Reader
from api.contract import refusals
from api.download import safe
from api.lookup import ModelId, find
from api.services import ServicesDep
from models.dataset import Dataset
from models.job import Job
from models.model import TrainedModel

router = APIRouter(prefix="/v1/models", tags=["models"])

_MEDIA = "text/x-python; charset=utf-8"


@router.get(
    "/{model_id}/code",
    operation_id="models_code",
    summary="Get a model's training as a script",
    responses={
        200: {
            "description": "A Python script.",
            "content": {"text/x-python": {"schema": {"type": "string"}}},
        },
        **refusals("not-found", "export-failed"),
    },
)
async def get_code(model_id: ModelId, services: ServicesDep, caller: Reader) -> Response:
    """Python that needs this service no more: `python script.py data.csv`.

    It reads the file that was uploaded, encodes and divides it, makes the same network from the
    same seed, compiles and trains it with the same callbacks, and saves it. Its heading says what
    it cannot hold; of models that no script can hold, 422 tells the reason.
    """

    def look(session: Session) -> tuple[TrainedModel, Job, Dataset]:
        model = find(session, TrainedModel, caller, model_id)
        job = session.get_one(Job, model.job_id)
        return model, job, session.get_one(Dataset, job.dataset_id)

    model, job, dataset = await services.reading(look)
    folder = await anyio.to_thread.run_sync(services.shelf.fetch, model)
    payload = {
        "model": str(folder),
        "request": job.request,
        "learning_rate": (job.chosen or {}).get("learning_rate"),
        "schema": dataset.schema,
        "format": dataset.format,
        "title": f"The training of the model {model.id} (job {job.id}), without the service.",
    }
    seconds = services.settings.predict_seconds
    found = await ask(services, "code", payload, seconds, excess="export-failed")
    name = f"{safe(model.display_name, model.id)}.py"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-cache",
    }
    return Response(found["code"], media_type=_MEDIA, headers=headers)
