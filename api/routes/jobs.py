"""Jobs: submit, list, watch, delete."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.answers import answer
from api.auth import Reader, Trainer
from api.body import get_document
from api.conditional import IfMatch, IfNoneMatch, demand, is_current, not_modified
from api.contract import accepts, queued, refusals, resource
from api.creation import ValidateOnly, create
from api.deletion import Permanently, discard, find_to_delete
from api.envelope import EnvelopeDep
from api.examples import FULLER, SMALLEST
from api.idempotency import digest_of
from api.listing import Filter, OrderBy, read_conditions, read_ranking
from api.lookup import JobId, find
from api.paging import SliceDep
from api.preference import Wait, applied
from api.presenters.job import job_tag, present, present_all
from api.refusal import Refusal
from api.services import ReadingDep, ServicesDep, SessionDep
from api.submission import RETRY_SECONDS
from api.waiting import until
from lamina.schemas.job import Job, JobState
from lamina.schemas.job_request import JobRequest
from lamina.schemas.page import Page
from models import job as table
from models.dependence import heirs
from models.model import TrainedModel
from models.ranking import page, ranked

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])


@router.post(
    "",
    operation_id="jobs_create",
    summary="Submit a training job",
    status_code=202,
    openapi_extra=accepts(JobRequest, smallest=SMALLEST, fuller=FULLER),
    responses={
        200: resource(
            Job,
            "It ended within `Prefer: wait`, or was found by `cache`; or, with "
            "validate_only, the plan.",
        ),
        202: queued("In the queue."),
        **refusals(
            *("too-large", "unsupported-media-type", "not-ready", "invalid-request"),
            *("invalid-stack", "stack-too-large", "invalid-training", "data-stack-mismatch"),
            *("idempotency-key-reused", "wrong-state", "queue-full", "quota-exceeded"),
        ),
    },
)
async def create_job(
    request: Request, envelope: EnvelopeDep, validate_only: ValidateOnly = False
) -> Response:
    """A stack, a dataset, and how to train. Everything is checked before it is accepted."""
    document = await get_document(request)
    digest = digest_of(document) if envelope.once.key is not None else ""
    return await create(envelope, digest, document, validate_only)


@router.get(
    "",
    operation_id="jobs_list",
    summary="List jobs",
    responses={200: resource(Page[Job], "A page, newest first or as ordered.")},
)
def list_jobs(
    session: ReadingDep,
    caller: Reader,
    part: SliceDep,
    state: Annotated[JobState | None, Query(description="only jobs in this state")] = None,
    filter: Filter = None,
    order_by: OrderBy = None,
) -> Response:
    """The project's jobs, with the last and best value of each metric."""
    conditions = read_conditions(session, filter)
    if state is not None:
        conditions.append(table.Job.state == state)
    order = read_ranking(session, order_by)
    mine, size = caller.project_id, part.asked
    if order is None:
        rows = page(session, mine, size, part.after, conditions)
        return part.page(rows, lambda shown: present_all(session, shown))
    found = ranked(session, mine, size, order, part.mark, conditions)
    rows, values = [row for row, _ in found], [value for _, value in found]
    return part.page(rows, lambda shown: present_all(session, shown), values)


@router.get(
    "/{job_id}",
    operation_id="jobs_get",
    summary="Get a job",
    responses={
        200: resource(Job, "The job.", ETag="changes with all but live progress"),
        304: resource(None, "Unchanged."),
        **refusals("not-found"),
    },
)
async def get_job(
    job_id: JobId,
    services: ServicesDep,
    caller: Reader,
    wait: Wait,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """State, progress, metrics, outcome. `Prefer: wait=N` answers at its end, or at a change."""

    def look(session: Session) -> tuple[table.Job, Job | None]:
        row = find(session, table.Job, caller, job_id)
        known = is_current(if_none_match, job_tag(row))
        return row, None if known else present(session, row)

    def done(found: tuple[table.Job, Job | None]) -> bool:
        row, _ = found
        if if_none_match is not None:
            return not is_current(if_none_match, job_tag(row))
        return row.is_terminal

    if wait:
        row, shown = await until(services, job_id, wait, look, done)
    else:
        row, shown = await services.reading(look)
    if shown is None:
        return not_modified(job_tag(row), **applied(wait))
    headers = {"ETag": job_tag(row), **applied(wait)}
    if not row.is_terminal:
        headers["Retry-After"] = str(RETRY_SECONDS)
    return answer(shown, headers=headers)


@router.delete(
    "/{job_id}",
    operation_id="jobs_delete",
    summary="Delete an ended job",
    status_code=204,
    responses={
        204: resource(None, "It is gone, with its events, metrics and logs."),
        **refusals("not-found", "job-active", "in-use", "precondition-failed"),
    },
)
def delete_job(
    job_id: JobId,
    session: SessionDep,
    services: ServicesDep,
    caller: Trainer,
    if_match: IfMatch = None,
    permanently: Permanently = False,
) -> Response:
    """The job and its records. Its model, if any, must be deleted before.

    It can be restored for `LAMINA_TRASH_DAYS`.
    """
    job = find_to_delete(session, table.Job, caller, job_id, permanently)
    demand(if_match, job_tag(job))
    if not job.is_terminal:
        raise Refusal("job-active", f"The job is {job.state}; cancel it first.")
    if model := TrainedModel.ids_of_jobs(session, [job.id]).get(job.id):
        raise Refusal("in-use", f"Its model {model} still exists; delete that first.")
    if going_on := heirs(session, job):
        raise Refusal("in-use", f"It is being retried from its checkpoint: {', '.join(going_on)}.")
    discard(services, session, job, permanently)
    return Response(status_code=204)
