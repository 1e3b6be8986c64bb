"""Events of a job: as a list and as a stream."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import Response, StreamingResponse

from api.answers import answer
from api.auth import Reader
from api.contract import refusals, resource
from api.feed import Feed
from api.lookup import JobId, find
from api.presenters.event import present
from api.services import ReadingDep, ServicesDep
from api.sse import HEADERS, JobReader, stream
from lamina.schemas.event import Event
from lamina.schemas.page import Page
from models import event as table
from models.job import Job

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])

_LARGEST = 1000
_TYPES = {"job.state": "state", "job.done": "state"}

After = Annotated[int, Query(ge=0, lt=2**31, description="only events after this number")]


@router.get(
    "/{job_id}/events",
    operation_id="jobs_events",
    summary="List a job's events",
    responses={
        200: resource(Page[Event], "Oldest first; go on with `after` = the last `seq`."),
        **refusals("not-found"),
    },
)
def list_events(
    job_id: JobId,
    session: ReadingDep,
    caller: Reader,
    after: After = 0,
    kind: Annotated[
        str | None, Query(alias="type", max_length=40, description="only events of this type")
    ] = None,
    page_size: Annotated[int, Query(ge=1, description="at most 1000")] = 200,
    page_token: Annotated[
        int | None, Query(ge=0, lt=2**31, description="`next_page_token` of the page before")
    ] = None,
) -> Response:
    """The durable log of the job: no gaps, no repeats."""
    job = find(session, Job, caller, job_id)
    size = min(page_size, _LARGEST)
    stored = _TYPES.get(kind, kind) if kind is not None else None
    start = max(after, page_token or 0)
    rows = table.Event.after(session, job.id, start, size + 1, stored)
    found = [present(row) for row in rows[:size]]
    more = len(rows) > size
    page = Page[Event](
        data=[event for event in found if kind is None or event.type == kind],
        next_page_token=str(rows[size - 1].seq) if more else None,
        has_more=more,
    )
    return answer(page)


@router.get(
    "/{job_id}/events/stream",
    operation_id="jobs_events_stream",
    summary="Stream a job's events",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "Server-sent events; `id` is the event's number. The last event is "
            "`job.done`; `progress` comes without id, `server.closing` before a restart.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
        204: resource(None, "The job has ended and nothing is left to tell."),
        **refusals("not-found"),
    },
)
async def stream_events(
    job_id: JobId,
    request: Request,
    services: ServicesDep,
    caller: Reader,
    after: After = 0,
    last_event_id: Annotated[
        int | None, Header(ge=0, lt=2**31, description="resume after this event")
    ] = None,
) -> Response:
    """Resumes after `Last-Event-ID`, or `after`; ends with the job."""

    def look(session: Session) -> Job:
        return find(session, Job, caller, job_id)

    job = await services.reading(look)
    start = last_event_id if last_event_id is not None else after
    if job.is_terminal and job.event_seq <= start:
        return Response(status_code=204)
    feed: Feed = request.app.state.feed
    chunks = stream(services.hub, job.id, JobReader(feed, job.id, start))
    return StreamingResponse(chunks, headers=HEADERS, media_type="text/event-stream")
