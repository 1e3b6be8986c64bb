"""What the attempts of a job printed."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.answers import answer
from api.auth import Reader
from api.contract import refusals, resource
from api.lookup import JobId, find
from api.negotiation import JsonOrText
from api.services import ReadingDep
from lamina.schemas.event import LogLine
from lamina.schemas.page import Page
from models import log as table
from models.job import Job

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])

_MOST = 10_000
_TEXT = {"text/plain": {"schema": {"type": "string"}}}


@router.get(
    "/{job_id}/logs",
    operation_id="jobs_logs",
    summary="Read a job's log",
    responses={
        200: {**resource(Page[LogLine], "The last lines, oldest first."), "content": _TEXT},
        **refusals("not-found", "not-acceptable"),
    },
)
def get_logs(
    job_id: JobId,
    session: ReadingDep,
    caller: Reader,
    wanted: JsonOrText,
    tail: Annotated[int, Query(ge=1, description="how many lines; at most 10000")] = 200,
) -> Response:
    """Standard output and error of the training, as JSON or text."""
    job = find(session, Job, caller, job_id)
    rows = table.LogLine.tail(session, job.id, min(tail, _MOST))
    if wanted == "text/plain":
        text = "".join(f"{row.text}\n" for row in rows)
        return Response(text, headers={"Vary": "Accept"}, media_type="text/plain; charset=utf-8")
    lines = [
        LogLine(at=row.at, attempt=row.attempt, stream=row.stream, text=row.text) for row in rows
    ]
    return answer(Page[LogLine](data=lines), headers={"Vary": "Accept"})
