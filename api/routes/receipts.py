"""What a trained model was made from, so that it can be made again."""

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.answers import answer
from api.auth import Reader
from api.contract import refusals, resource
from api.lookup import ModelId, find
from api.services import ReadingDep
from lamina.schemas.job import Chosen
from lamina.schemas.receipt import Receipt, ReceiptData
from models.dataset import Dataset
from models.event import Event
from models.job import Job
from models.model import TrainedModel

router = APIRouter(prefix="/v1/models", tags=["models"])


@router.get(
    "/{model_id}/receipt",
    operation_id="models_receipt",
    summary="Get a model's receipt",
    responses={200: resource(Receipt, "The receipt."), **refusals("not-found")},
)
def get_receipt(model_id: ModelId, session: ReadingDep, caller: Reader) -> Response:
    """The request with every default filled in, the digests of its data, seeds, versions, device.

    The same request over data of the same digest, with the same versions, gives the same model
    up to the order of floating-point sums; with `fit.deterministic`, bit for bit on a CPU.
    """
    model = find(session, TrainedModel, caller, model_id)
    job = session.get_one(Job, model.job_id)
    started = [
        event.payload
        for event in Event.after(session, job.id, kind="started")
        if event.attempt == model.attempt
    ]
    first = started[0] if started else {}
    request, seed = job.request, job.request.get("fit", {}).get("seed")
    split = (request.get("data", {}).get("split") or {}).get("seed")
    receipt = Receipt(
        model=model.id,
        job=job.id,
        attempt=model.attempt,
        request=request,
        chosen=Chosen.model_validate(job.chosen) if job.chosen else None,
        data=_data(session, job),
        seeds={"fit": seed or 0, "split": seed or 0 if split is None else split},
        versions=first.get("versions") or {},
        device=job.device,
        rows=first.get("rows") or {},
        files={name: file["digest"] for name, file in sorted(model.files.items())},
        started_at=job.started_at,
        finished_at=job.finished_at,
    )
    return answer(receipt)


def _data(session: Session, job: Job) -> dict[str, ReceiptData]:
    parts = {"dataset": job.dataset_id, "validation": job.validation_id, "test": job.test_id}
    found = {}
    for part, identifier in parts.items():
        row = session.get(Dataset, identifier) if identifier else None
        if row is not None:
            found[part] = ReceiptData(id=row.id, name=row.name, digest=row.digest, rows=row.rows)
    return found
