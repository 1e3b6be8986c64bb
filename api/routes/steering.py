"""What clients may ask of a job on its way: cancel, stop, retry."""

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.answers import answer
from api.auth import Trainer
from api.contract import refusals, resource
from api.idempotency import Answer, OnceDep, digest_of
from api.lookup import JobId, find
from api.presenters.job import job_tag, present
from api.refusal import Refusal
from api.services import ServicesDep, SessionDep
from api.submission import repeat
from lamina.schemas.job import Job
from models import job as table

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])


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
    if job.kind != "train":
        raise Refusal("wrong-state", "Only trainings have epochs to stop after; cancel it instead.")
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
        **refusals(
            "not-found", "wrong-state", "idempotency-key-reused", "queue-full", "quota-exceeded"
        ),
    },
)
def retry_job(job_id: JobId, services: ServicesDep, caller: Trainer, once: OnceDep) -> Response:
    """The same request as a new job, which starts from the last checkpoint."""

    def again(session: Session) -> Answer:
        ended = find(session, table.Job, caller, job_id)
        return repeat(services, caller, ended, session)

    made, replayed = once.create(services.database, digest_of([job_id]), again)
    return made.response(replayed)


def _answer(session: Session, job: table.Job, status: int) -> Response:
    headers = {"ETag": job_tag(job), "Location": f"/v1/jobs/{job.id}"}
    return answer(present(session, job), status, headers)
