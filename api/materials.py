"""What is known of a job, gathered for its plots."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import Session

from api.evaluations import report_of, stored
from api.plots import Material
from api.refusal import Refusal
from api.series import Columns, columns
from core.storage import Storage
from lamina.schemas.history import RangeTest
from models.event import Event
from models.job import Job
from models.metric import MetricPoint, MetricSummary

_MOST = 600
_CONVOLUTIONS = ("Conv1D", "Conv2D", "Convolution1D", "Convolution2D")


def measured(session: Session, job: Job, output: str | None) -> Material:
    """The part of the material that the database holds."""
    curves = _columns(session, job, "epoch")
    modes = {one.key: one.mode for one in MetricSummary.of_jobs(session, [job.id])[job.id]}
    return Material(
        name=job.display_name or job.id,
        curves=curves,
        gradients=_columns(session, job, "gradient"),
        rates=_held(_columns(session, job, "rate"), curves.x),
        range_test=_range_test(session, job),
        modes=modes,
        output=output,
        convolutions=job.state == "succeeded" and _has_convolution(job),
    )


def evaluated(storage: Storage, job: Job) -> dict[str, Any]:
    """The part that lies in storage: report and pictures, as far as they are there."""
    if job.state != "succeeded":
        return {}
    try:
        report = report_of(storage, job)
    except Refusal:
        return {}
    return {"report": report, "pictures": stored(storage, job, "pictures") or {}}


def _range_test(session: Session, job: Job) -> RangeTest | None:
    found = Event.after(session, job.id, kind="range-test")
    return RangeTest.model_validate(found[-1].payload) if found else None


def _columns(session: Session, job: Job, axis: str) -> Columns:
    keys = MetricPoint.keys(session, job.id, axis)
    return columns(MetricPoint.series(session, job.id, axis, keys), keys, _MOST)


def _held(changes: Columns, epochs: Iterable[int]) -> Columns:
    """Values that are known where they changed, at each of the epochs."""
    known = dict(zip(changes.x, changes.values.get("learning_rate", []), strict=True))
    found: list[float | None] = []
    places, last, at = list(epochs), None, 0
    starts = sorted(known)
    for epoch in places:
        while at < len(starts) and starts[at] <= epoch:
            last = known[starts[at]]
            at += 1
        found.append(last)
    return Columns(places, {"learning_rate": found}, [], changes.downsampled)


def _has_convolution(job: Job) -> bool:
    layers = (job.request.get("stack") or {}).get("layers") or []
    return any(layer.get("class_name") in _CONVOLUTIONS for layer in layers)
