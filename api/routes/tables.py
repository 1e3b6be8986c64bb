"""The tables that jobs of kind `predict` have made."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session
from starlette.responses import Response, StreamingResponse

from api.auth import Reader
from api.contract import refusals
from api.download import CONTENT, Stored, WantedDep, safe
from api.lookup import JobId, find
from api.refusal import Refusal
from api.services import ServicesDep
from models.job import Job

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])

_MEDIA = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}


@router.get(
    "/{job_id}/predictions",
    operation_id="jobs_predictions",
    summary="Download the predictions for a dataset",
    response_class=StreamingResponse,
    responses={**CONTENT, **refusals("not-found", "not-ready", "range-not-satisfiable")},
)
async def get_predictions(
    job_id: JobId,
    services: ServicesDep,
    caller: Reader,
    wanted: WantedDep,
    form: Annotated[Literal["csv", "parquet"], Query(alias="format")] = "csv",
) -> Response:
    """A line for each answer: `row`, counted from 0; `label` and `score_…`, or `value`.

    With several outputs each name begins with the output's. Of windows `row` is the last.
    """

    def look(session: Session) -> Job:
        return find(session, Job, caller, job_id)

    job = await services.reading(look)
    if job.kind != "predict":
        raise Refusal("not-found", "The job trains; predictions come from jobs that predict.")
    if job.result is None:
        raise Refusal("not-ready", f"The job is {job.state}; there are no predictions.")
    file = job.result["files"][form]
    name = f"{safe(job.display_name, job.id)}-predictions.{form}"
    stored = Stored(file["key"], file["bytes"], file["digest"], _MEDIA[form], name)
    return wanted.send(services.storage, stored)
