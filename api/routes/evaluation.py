"""How good a job's network is, in full."""

import anyio.to_thread
from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.answers import answer
from api.auth import Reader
from api.conditional import IfNoneMatch, etag, is_current, not_modified
from api.contract import refusals, resource
from api.evaluations import ended, report_of
from api.lookup import JobId, find
from api.services import ServicesDep
from lamina.schemas.evaluation import EvaluationReport
from models.job import Job

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])


@router.get(
    "/{job_id}/evaluation",
    operation_id="jobs_evaluation",
    summary="Get a job's evaluation",
    responses={
        200: resource(EvaluationReport, "By output.", ETag="never changes"),
        304: resource(None, "Unchanged."),
        **refusals("not-found", "not-ready"),
    },
)
async def get_evaluation(
    job_id: JobId, services: ServicesDep, caller: Reader, if_none_match: IfNoneMatch = None
) -> Response:
    """On the test part, else the validation part: confusion matrix, scores by class, ROC and
    precision-recall curves; errors, residuals, predicted against true; the worst rows.
    """

    def look(session: Session) -> Job:
        return ended(find(session, Job, caller, job_id))

    job = await services.reading(look)
    tag = etag(job.id, "evaluation")
    if is_current(if_none_match, tag):
        return not_modified(tag)
    report = await anyio.to_thread.run_sync(report_of, services.storage, job)
    return answer(report, headers={"ETag": tag})
