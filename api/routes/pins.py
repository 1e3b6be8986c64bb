"""Pins: what retention is to leave alone."""

from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.answers import answer
from api.auth import Trainer
from api.contract import refusals, resource
from api.lookup import DatasetId, JobId, ModelId, find
from api.presenters import dataset as datasets
from api.presenters import job as jobs
from api.presenters import model as models
from api.services import SessionDep
from lamina.schemas.dataset import Dataset
from lamina.schemas.job import Job
from lamina.schemas.model import Model
from models import dataset, job
from models.model import TrainedModel

router = APIRouter(prefix="/v1")


@router.post(
    "/jobs/{job_id}/pin",
    operation_id="jobs_pin",
    summary="Pin a job",
    tags=["jobs"],
    responses={200: resource(Job, "It is pinned."), **refusals("not-found")},
)
def pin_job(job_id: JobId, session: SessionDep, caller: Trainer) -> Response:
    """Keep a job, its records and its model for ever, unless someone deletes them."""
    row = _pin(session, find(session, job.Job, caller, job_id), pinned=True)
    return answer(jobs.present(session, row))


@router.post(
    "/jobs/{job_id}/unpin",
    operation_id="jobs_unpin",
    summary="Unpin a job",
    tags=["jobs"],
    responses={200: resource(Job, "It is not pinned."), **refusals("not-found")},
)
def unpin_job(job_id: JobId, session: SessionDep, caller: Trainer) -> Response:
    """Keep a job as long as others."""
    row = _pin(session, find(session, job.Job, caller, job_id), pinned=False)
    return answer(jobs.present(session, row))


@router.post(
    "/models/{model_id}/pin",
    operation_id="models_pin",
    summary="Pin a model",
    tags=["models"],
    responses={200: resource(Model, "It is pinned."), **refusals("not-found")},
)
def pin_model(model_id: ModelId, session: SessionDep, caller: Trainer) -> Response:
    """Keep a model and its job for ever, unless someone deletes them."""
    row = _pin(session, find(session, TrainedModel, caller, model_id), pinned=True)
    return answer(models.present(session, row))


@router.post(
    "/models/{model_id}/unpin",
    operation_id="models_unpin",
    summary="Unpin a model",
    tags=["models"],
    responses={200: resource(Model, "It is not pinned."), **refusals("not-found")},
)
def unpin_model(model_id: ModelId, session: SessionDep, caller: Trainer) -> Response:
    """Keep a model as long as others."""
    row = _pin(session, find(session, TrainedModel, caller, model_id), pinned=False)
    return answer(models.present(session, row))


@router.post(
    "/datasets/{dataset_id}/pin",
    operation_id="datasets_pin",
    summary="Pin a dataset",
    tags=["datasets"],
    responses={200: resource(Dataset, "It is pinned."), **refusals("not-found")},
)
def pin_dataset(dataset_id: DatasetId, session: SessionDep, caller: Trainer) -> Response:
    """Keep a dataset for ever, unless someone deletes it."""
    found = find(session, dataset.Dataset, caller, dataset_id)
    return answer(datasets.present(_pin(session, found, pinned=True)))


@router.post(
    "/datasets/{dataset_id}/unpin",
    operation_id="datasets_unpin",
    summary="Unpin a dataset",
    tags=["datasets"],
    responses={200: resource(Dataset, "It is not pinned."), **refusals("not-found")},
)
def unpin_dataset(dataset_id: DatasetId, session: SessionDep, caller: Trainer) -> Response:
    """Keep a dataset as long as others."""
    found = find(session, dataset.Dataset, caller, dataset_id)
    return answer(datasets.present(_pin(session, found, pinned=False)))


def _pin(session: Session, row: Any, *, pinned: bool) -> Any:
    if row.pinned != pinned:
        # Added in the database: a worker may count the row's version up at the same time.
        row.pinned, row.version = pinned, type(row).version + 1
        session.flush()
        session.refresh(row)
    return row
