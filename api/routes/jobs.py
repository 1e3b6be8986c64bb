"""Jobs: submit, list, watch, steer."""

from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Query
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.answers import answer
from api.auth import Caller, Reader, Trainer
from api.body import Document
from api.checking import check
from api.conditional import IfMatch, IfNoneMatch, demand, etag, is_current, not_modified
from api.contract import accepts, refusals, resource
from api.examples import FULLER, SMALLEST
from api.idempotency import Answer, OnceDep, digest_of
from api.lookup import JobId, find
from api.paging import SliceDep
from api.preference import Wait, applied
from api.presenters.job import present, present_all
from api.refusal import Refusal
from api.services import ReadingDep, Services, ServicesDep, SessionDep
from api.submission import RETRY_SECONDS, enter, repeat
from api.waiting import until
from lamina.schemas.job import Job, JobRequest, JobState
from lamina.schemas.page import Page
from lamina.schemas.plan import Plan
from models import job as table
from models.model import TrainedModel

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])


@router.post(
    "",
    operation_id="jobs_create",
    summary="Submit a training job",
    status_code=202,
    openapi_extra=accepts(JobRequest, smallest=SMALLEST, fuller=FULLER),
    responses={
        200: resource(Job, "It ended within `Prefer: wait`; or, with validate_only, the plan."),
        202: resource(
            *(Job, "In the queue."),
            Location="its address",
            Retry_After="seconds",
            Link='the stream of its events, rel="monitor"',
        ),
        **refusals(
            *("too-large", "unsupported-media-type", "not-ready", "invalid-request"),
            *("invalid-stack", "stack-too-large", "invalid-training", "data-stack-mismatch"),
            *("idempotency-key-reused", "wrong-state", "queue-full"),
        ),
    },
)
async def create_job(
    services: ServicesDep,
    caller: Trainer,
    once: OnceDep,
    wait: Wait,
    document: Document,
    validate_only: Annotated[
        bool, Query(description="check everything and answer the plan; store nothing")
    ] = False,
) -> Response:
    """A stack, a dataset, and how to train. Everything is checked before it is accepted."""
    digest = digest_of(document)
    if not validate_only and (stored := await services.reading(once.stored, digest)):
        return stored.response(replayed=True)
    checked = await check(services, caller, JobRequest, document)
    if validate_only:
        return answer(Plan.model_validate(checked.plan))

    def create() -> tuple[Answer, bool]:
        return once.create(
            services.database, digest, lambda session: enter(services, caller, checked, session)
        )

    made, replayed = await anyio.to_thread.run_sync(create)
    if wait is None or replayed:
        return made.response(replayed)
    return await _when_ended(services, caller, made, wait)


@router.get(
    "",
    operation_id="jobs_list",
    summary="List jobs",
    responses={200: resource(Page[Job], "A page, newest first.")},
)
def list_jobs(
    session: ReadingDep,
    caller: Reader,
    part: SliceDep,
    state: Annotated[JobState | None, Query(description="only jobs in this state")] = None,
) -> Response:
    """The project's jobs, with the last and best value of each metric."""
    rows = table.Job.page(session, caller.project_id, part.asked, part.after, state)
    return part.page(rows, lambda shown: present_all(session, shown))


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
        known = is_current(if_none_match, _tag(row))
        return row, None if known else present(session, row)

    def done(found: tuple[table.Job, Job | None]) -> bool:
        row, _ = found
        if if_none_match is not None:
            return not is_current(if_none_match, _tag(row))
        return row.is_terminal

    if wait:
        row, shown = await until(services, job_id, wait, look, done)
    else:
        row, shown = await services.reading(look)
    if shown is None:
        return not_modified(_tag(row), **applied(wait))
    headers = {"ETag": _tag(row), **applied(wait)}
    if not row.is_terminal:
        headers["Retry-After"] = str(RETRY_SECONDS)
    return answer(shown, headers=headers)


@router.post(
    "/{job_id}/cancel",
    operation_id="jobs_cancel",
    summary="Cancel a job",
    responses={
        200: resource(Job, "It has ended, now or before."),
        202: resource(Job, "It is being cancelled."),
        **refusals("not-found"),
    },
)
def cancel_job(job_id: JobId, session: SessionDep, caller: Trainer) -> Response:
    """Stop now and discard. Cancelling what has ended changes nothing."""
    job = find(session, table.Job, caller, job_id)
    while not job.is_terminal and not job.request_cancel(session):
        session.refresh(job)  # a worker took it in this moment
    return _answer(session, job, 200 if job.is_terminal else 202)


@router.post(
    "/{job_id}/stop",
    operation_id="jobs_stop",
    summary="Stop a job and keep the model",
    status_code=202,
    responses={
        202: resource(Job, "It ends after this epoch."),
        **refusals("not-found", "wrong-state"),
    },
)
def stop_job(job_id: JobId, session: SessionDep, caller: Trainer) -> Response:
    """End after the current epoch as `succeeded`, with `stop_reason: user`."""
    job = find(session, table.Job, caller, job_id)
    if not job.request_stop(session):
        raise Refusal("wrong-state", f"The job is {job.state}; only a running one can be stopped.")
    return _answer(session, job, 202)


@router.post(
    "/{job_id}/retry",
    operation_id="jobs_retry",
    summary="Retry a failed or cancelled job",
    status_code=202,
    responses={
        202: resource(Job, "A new job, `retry_of` this one.", Location="its address"),
        **refusals("not-found", "wrong-state", "idempotency-key-reused", "queue-full"),
    },
)
def retry_job(job_id: JobId, services: ServicesDep, caller: Trainer, once: OnceDep) -> Response:
    """The same request as a new job, which starts from the last checkpoint."""

    def again(session: Session) -> Answer:
        ended = find(session, table.Job, caller, job_id)
        return repeat(services, caller, ended, session)

    made, replayed = once.create(services.database, digest_of([job_id]), again)
    return made.response(replayed)


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
) -> Response:
    """The job and its records. Its model, if any, must be deleted before."""
    job = find(session, table.Job, caller, job_id)
    demand(if_match, _tag(job))
    if not job.is_terminal:
        raise Refusal("job-active", f"The job is {job.state}; cancel it first.")
    if model := TrainedModel.ids_of_jobs(session, [job.id]).get(job.id):
        raise Refusal("in-use", f"Its model {model} still exists; delete that first.")
    if heirs := _heirs(session, job):
        raise Refusal("in-use", f"It is being retried from its checkpoint: {', '.join(heirs)}.")
    session.delete(job)
    services.delete_after_commit(session, job.prefix)
    return Response(status_code=204)


def _tag(row: table.Job) -> str:
    return etag(row.id, row.version)


def _heirs(session: Session, job: table.Job) -> list[str]:
    """Jobs that go on from this one's checkpoint and have not ended."""
    heirs = select(table.Job).where(table.Job.retry_of == job.id)
    return [heir.id for heir in session.scalars(heirs) if not heir.is_terminal]


def _answer(session: Session, job: table.Job, status: int) -> Response:
    headers = {"ETag": _tag(job), "Location": f"/v1/jobs/{job.id}"}
    return answer(present(session, job), status, headers)


async def _when_ended(services: Services, caller: Caller, made: Answer, wait: int) -> Response:
    identifier = made.body["id"]

    def look(session: Session) -> tuple[table.Job, Job]:
        row = find(session, table.Job, caller, identifier)
        return row, present(session, row)

    row, shown = await until(services, identifier, wait, look, lambda found: found[0].is_terminal)
    headers = {**made.headers, **applied(wait), "ETag": _tag(row)}
    if row.is_terminal:
        del headers["Retry-After"]
    return answer(shown, 200 if row.is_terminal else 202, headers)
