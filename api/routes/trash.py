"""The trash: what was deleted and can be brought back."""

from datetime import timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.answers import answer
from api.auth import Caller, Reader, Trainer
from api.contract import refusals, resource
from api.lookup import DatasetId, FileId, JobId, ModelId, find
from api.paging import SliceDep
from api.presenters import dataset as datasets
from api.presenters import file as files
from api.presenters import job as jobs
from api.presenters import model as models
from api.refusal import Refusal
from api.services import ReadingDep, ServicesDep, SessionDep
from lamina.schemas.dataset import Dataset
from lamina.schemas.file import File
from lamina.schemas.job import Job
from lamina.schemas.model import Model
from lamina.schemas.page import Page
from lamina.schemas.trash import Trashed
from models import dataset, file, job, trash
from models.model import TrainedModel

router = APIRouter(prefix="/v1", tags=["service"])

Kind = Literal["job", "model", "dataset", "file"]
_PREFIXES: dict[str, str] = {"job": "job", "model": "mdl", "dataset": "ds", "file": "file"}


@router.get(
    "/trash",
    operation_id="trash_list",
    summary="List what was deleted",
    responses={200: resource(Page[Trashed], "A page, by the time it was made, newest first.")},
)
def list_trash(
    session: ReadingDep,
    services: ServicesDep,
    caller: Reader,
    part: SliceDep,
    kind: Annotated[Kind, Query(description="things of this kind")] = "job",
) -> Response:
    """Things of the project that were deleted less than `LAMINA_TRASH_DAYS` ago."""
    rows = trash.page(session, caller.project_id, _PREFIXES[kind], part.asked, part.after)
    days = timedelta(days=services.settings.trash_days)
    return part.page(rows, lambda shown: [_present(row, kind, days) for row in shown])


def _present(row: Any, kind: Kind, days: timedelta) -> Trashed:
    name = row.name if kind in ("dataset", "file") else row.display_name
    links = {"restore": f"/v1/{kind}s/{row.id}/restore"}
    given = {"id": row.id, "kind": kind, "name": name, "deleted_at": row.deleted_at}
    return Trashed(**given, purge_at=row.deleted_at + days, links=links)


@router.post(
    "/jobs/{job_id}/restore",
    operation_id="jobs_restore",
    summary="Restore a deleted job",
    responses={200: resource(Job, "It is back."), **refusals("not-found", "wrong-state")},
)
def restore_job(job_id: JobId, session: SessionDep, caller: Trainer) -> Response:
    """Bring a job back from the trash; its model is restored by itself."""
    row = _restored(session, job.Job, caller, job_id)
    for identifier in {row.dataset_id, row.validation_id, row.test_id} - {None}:
        _demand_there(session, caller, identifier)
    return answer(jobs.present(session, row))


@router.post(
    "/models/{model_id}/restore",
    operation_id="models_restore",
    summary="Restore a deleted model",
    responses={200: resource(Model, "It is back."), **refusals("not-found", "wrong-state")},
)
def restore_model(model_id: ModelId, session: SessionDep, caller: Trainer) -> Response:
    """Bring a model back from the trash."""
    row = _restored(session, TrainedModel, caller, model_id)
    _demand_there(session, caller, row.job_id)
    return answer(models.present(session, row))


@router.post(
    "/datasets/{dataset_id}/restore",
    operation_id="datasets_restore",
    summary="Restore a deleted dataset",
    responses={200: resource(Dataset, "It is back."), **refusals("not-found")},
)
def restore_dataset(dataset_id: DatasetId, session: SessionDep, caller: Trainer) -> Response:
    """Bring a dataset back from the trash."""
    return answer(datasets.present(_restored(session, dataset.Dataset, caller, dataset_id)))


@router.post(
    "/files/{file_id}/restore",
    operation_id="files_restore",
    summary="Restore a deleted side file",
    responses={200: resource(File, "It is back."), **refusals("not-found")},
)
def restore_file(file_id: FileId, session: SessionDep, caller: Trainer) -> Response:
    """Bring a side file back from the trash."""
    return answer(files.present(_restored(session, file.File, caller, file_id)))


def _restored(session: Session, table: Any, caller: Caller, identifier: str) -> Any:
    """The row, brought back; one that was not deleted as it is. Raises Refusal (404)."""
    found = trash.find(session, caller.project_id, identifier)
    if isinstance(found, table):
        trash.restore(session, found)
        return found
    return find(session, table, caller, identifier)


def _demand_there(session: Session, caller: Caller, identifier: str) -> None:
    """Raise Refusal (409), which undoes all, when what a row refers to is in the trash."""
    if trash.find(session, caller.project_id, identifier) is not None:
        raise Refusal("wrong-state", f"It needs {identifier}, which is deleted; restore it first.")
