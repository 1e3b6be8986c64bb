"""Jobs side by side."""

from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.answers import answer
from api.auth import Reader
from api.contract import refusals, resource
from api.differences import differences
from api.lookup import find
from api.refusal import Refusal, item
from api.series import columns
from api.services import ReadingDep
from lamina.schemas.comparison import ComparedJob, ComparedMetric, Comparison, Curve, Difference
from lamina.schemas.job import MetricSummary
from models.job import Job
from models.metric import MetricPoint
from models.metric import MetricSummary as SummaryRow
from models.model import TrainedModel

router = APIRouter(prefix="/v1/compare", tags=["jobs"])

_FEWEST, _MOST = 2, 20
_DIFFERENCES = 500


@router.get(
    "",
    operation_id="jobs_compare",
    summary="Compare jobs",
    responses={200: resource(Comparison, "Side by side."), **refusals("not-found")},
)
def compare_jobs(
    session: ReadingDep,
    caller: Reader,
    job: Annotated[
        list[Annotated[str, Query(max_length=200)]],
        Query(description="ids, from 2 to 20: `job=job_…&job=job_…`"),
    ],
    max_points: Annotated[int, Query(ge=1, le=5000, description="of one curve")] = 500,
) -> Response:
    """Best values and who has them, what the requests do not share, and the curves."""
    wanted = list(dict.fromkeys(job))
    if not _FEWEST <= len(wanted) <= _MOST:
        detail = f"From {_FEWEST} to {_MOST} different jobs are compared, not {len(wanted)}."
        found = item("", "bad-value", detail, parameter="job")
        raise Refusal("malformed-request", detail, [found])
    rows = [find(session, Job, caller, identifier) for identifier in wanted]
    return answer(_compared(session, rows, max_points))


def _compared(session: Session, rows: list[Job], most: int) -> Comparison:
    summaries = SummaryRow.of_jobs(session, [row.id for row in rows])
    models = TrainedModel.ids_of_jobs(session, [row.id for row in rows])
    found = differences({row.id: row.request for row in rows})
    return Comparison(
        jobs=[_job(row, models.get(row.id)) for row in rows],
        metrics=_metrics(summaries),
        differences=[
            Difference(pointer=pointer, values=values) for pointer, values in found[:_DIFFERENCES]
        ],
        curves=_curves(session, summaries, most),
    )


def _job(row: Job, model: str | None) -> ComparedJob:
    return ComparedJob(
        id=row.id,
        display_name=row.display_name,
        state=row.state,
        architecture=row.architecture,
        parameters=row.parameters,
        model=model,
        stop_reason=row.stop_reason,
    )


def _metrics(summaries: dict[str, list[SummaryRow]]) -> list[ComparedMetric]:
    """Every metric that any of the jobs has, in the order in which they come up."""
    by_key: dict[str, list[SummaryRow]] = {}
    for rows in summaries.values():
        for row in rows:
            by_key.setdefault(row.key, []).append(row)
    return [
        ComparedMetric(
            key=key,
            best_job=_best(rows),
            jobs={
                row.job_id: MetricSummary.model_validate(row, from_attributes=True) for row in rows
            },
        )
        for key, rows in by_key.items()
    ]


def _best(rows: list[SummaryRow]) -> str | None:
    known = [(row.best, row.job_id) for row in rows if row.best is not None]
    if not known:
        return None
    pick = max if rows[0].mode == "max" else min
    return pick(known)[1]


def _curves(
    session: Session, summaries: dict[str, list[SummaryRow]], most: int
) -> dict[str, dict[str, Curve]]:
    found: dict[str, dict[str, Curve]] = {}
    for job_id, rows in summaries.items():
        keys = [row.key for row in rows]
        points = MetricPoint.series(session, job_id, "epoch", keys)
        curves = columns(points, keys, most)
        for key in keys:
            curve = Curve(epoch=curves.x, value=curves.values[key])
            found.setdefault(key, {})[job_id] = curve
    return found
