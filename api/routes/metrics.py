"""Curves of a job: as columns, and exactly as Keras keeps and logs them."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.answers import answer
from api.auth import Reader
from api.contract import refusals, resource
from api.lookup import JobId, find
from api.negotiation import JsonOrCsv
from api.refusal import Refusal, item, shown
from api.series import Columns, columns
from api.services import ReadingDep
from api.tabular import MEDIA, write
from lamina.schemas.history import History, MetricSeries
from models.job import Job
from models.metric import MetricPoint

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])

_MOST = 20_000
_VARY = {"Vary": "Accept"}
_CSV = {"text/csv": {"schema": {"type": "string"}}}


@router.get(
    "/{job_id}/metrics",
    operation_id="jobs_metrics",
    summary="Get a job's curves",
    responses={
        200: {**resource(MetricSeries, "Columns over epochs or steps."), "content": _CSV},
        **refusals("not-found", "not-acceptable"),
    },
)
def get_metrics(
    job_id: JobId,
    session: ReadingDep,
    caller: Reader,
    wanted: JsonOrCsv,
    keys: Annotated[
        str | None, Query(max_length=4000, description="curves, separated by commas; all if absent")
    ] = None,
    x: Annotated[
        Literal["epoch", "step", "gradient", "rate", "system"],
        Query(
            description="the axis; `gradient`: norms of the gradients of recurrent layers by "
            "epoch, and as `layer/reach` how much of them arrives at the first steps; `rate`: the "
            "learning rate at the end of the epochs in which it changed; `system`: what the "
            "training uses, by seconds since its first start: `cpu_cores`, `memory_bytes` of its "
            "process, `planned_bytes` (of the process, or of a GPU), and of each GPU "
            "`gpu0_use` (0 to 1) and `gpu0_memory_bytes`"
        ),
    ] = "epoch",
    after: Annotated[
        int | None, Query(ge=-1, lt=2**53, description="only points beyond this x")
    ] = None,
    max_points: Annotated[
        int, Query(ge=1, description="thin out evenly to this many; at most 20000")
    ] = 2000,
) -> Response:
    """Values that were NaN or infinite are null here and listed in `nonfinite`."""
    job = find(session, Job, caller, job_id)
    chosen = _chosen(MetricPoint.keys(session, job.id, x), keys)
    points = MetricPoint.series(session, job.id, x, chosen, after)
    found = columns(points, chosen, min(max_points, _MOST))
    if wanted == MEDIA:
        return Response(write(found, x), headers=_VARY, media_type=MEDIA)
    series = MetricSeries(
        job=job.id,
        x=x,
        data={x: [*found.x], **found.values},
        nonfinite=found.nonfinite,
        downsampled=found.downsampled,
        next_after=found.x[-1] if found.x else after,
    )
    return answer(series, headers=_VARY)


@router.get(
    "/{job_id}/history",
    operation_id="jobs_history",
    summary="Get Keras's History",
    responses={
        200: {
            **resource(History, "What `fit` returned; as CSV, CSVLogger's file."),
            "content": _CSV,
        },
        **refusals("not-found", "not-acceptable"),
    },
)
def get_history(job_id: JobId, session: ReadingDep, caller: Reader, wanted: JsonOrCsv) -> Response:
    """`epoch`, `params` and `history` as `keras.callbacks.History` holds them, all epochs."""
    job = find(session, Job, caller, job_id)
    found = _whole(session, job)
    if wanted == MEDIA:
        return Response(write(found), headers=_VARY, media_type=MEDIA)
    history = History(epoch=found.x, params=job.history_params or {}, history=found.values)
    return answer(history, headers=_VARY)


def _whole(session: Session, job: Job) -> Columns:
    keys = MetricPoint.keys(session, job.id)
    return columns(MetricPoint.series(session, job.id, "epoch", keys), keys, None)


def _chosen(known: list[str], keys: str | None) -> list[str]:
    """The curves asked for. Raises Refusal (400), naming those that there are."""
    if keys is None:
        return known
    chosen = list(dict.fromkeys(key.strip() for key in keys.split(",") if key.strip()))
    unknown = [key for key in chosen if key not in known]
    if unknown:
        text = f"The job has these curves: {', '.join(known) or 'none yet'}."
        items = [
            item("", "bad-value", f"No curve {shown(key)}. {text}", (key, known), parameter="keys")
            for key in unknown
        ]
        raise Refusal("malformed-request", "A curve is unknown.", items)
    return chosen
