"""What the tables say of all jobs, in the words of the oracle."""

from collections import Counter
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.event import Event
from models.job import Job
from models.log import LogLine
from models.metric import MetricPoint, MetricSummary
from models.model import TrainedModel
from models.slot import Slot
from tests.models.lifecycle.oracle import AT_WORK, ENDED, Known

_SAID = {"state": "state", "epoch": "epoch", "checkpoint": "epoch", "rewound": "epoch"}


def read(session: Session) -> dict[str, Known]:
    """Every job as the tables have it; `silent`, `due` and `steps` are left as they are made."""
    books = {
        job.id: Known(
            *(job.id, job.project_id, job.priority, job.gpus, job.max_failures, job.retry_of),
            checkpoint=job.checkpoint["epoch"] if job.checkpoint else None,
            state=job.state,
            attempt=job.attempt,
            failures=job.failures,
            stop=job.stop_requested,
            repairs=len(job.repairs or []),
            events=[],
        )
        for job in session.scalars(select(Job))
    }
    for event in session.scalars(select(Event).order_by(Event.job_id, Event.seq)):
        said = event.payload.get(_SAID.get(event.kind, ""))
        books[event.job_id].events.append((event.attempt, event.kind, said))
    for point in session.scalars(select(MetricPoint)):
        if point.axis == "epoch":
            books[point.job_id].curve[point.x] = point.value or 0.0
        else:
            books[point.job_id].ticks.add(point.x)
    for slot in session.scalars(select(Slot).where(Slot.job_id.is_not(None))):
        books[str(slot.job_id)].slots.add(slot.device)
    for job_id, count in Counter(session.scalars(select(LogLine.job_id))).items():
        books[job_id].lines = count
    for model in session.scalars(select(TrainedModel)):
        books[model.job_id].model = model.attempt
    return books


def faults(session: Session) -> list[str]:
    """What must hold of every row whatever has happened, without asking the oracle."""
    found = []
    held = {
        (slot.job_id, slot.attempt)
        for slot in session.scalars(select(Slot).where(Slot.job_id.is_not(None)))
    }
    logs: dict[str, list[Event]] = {}
    for event in session.scalars(select(Event).order_by(Event.job_id, Event.seq)):
        logs.setdefault(event.job_id, []).append(event)
    jobs = list(session.scalars(select(Job)))
    for job in jobs:
        if (job.state in AT_WORK) != ((job.id, job.attempt) in held):
            found.append(f"{job.id} is {job.state} and its slots say otherwise")
        events = logs[job.id]
        if [event.seq for event in events] != list(range(1, job.event_seq + 1)):
            found.append(f"{job.id} has gaps in its log")
        if [event.attempt for event in events] != sorted(event.attempt for event in events):
            found.append(f"{job.id} was written to by an attempt that was over")
        ends = [event.payload["state"] for event in events if event.kind == "state"]
        if sum(state in ENDED for state in ends) != (job.state in ENDED) or ends[-1] != job.state:
            found.append(f"{job.id} is {job.state} and its log says {ends}")
    at_work = {(job.id, job.attempt) for job in jobs if job.state in AT_WORK}
    found += [f"a slot is held by {holder}, which is over" for holder in held - at_work]
    return [*found, *_misjudged(session)]


def _misjudged(session: Session) -> list[str]:
    """The summary of each curve is that of its points."""
    curves: dict[str, dict[int, Any]] = {}
    for point in session.scalars(select(MetricPoint).where(MetricPoint.axis == "epoch")):
        curves.setdefault(point.job_id, {})[point.x] = point.value
    wanted = {}
    for job_id, curve in curves.items():
        best = min(curve, key=lambda x: (curve[x], x))
        wanted[job_id] = (curve[max(curve)], curve[best], best)
    summaries = {
        one.job_id: (one.last, one.best, one.best_epoch)
        for one in session.scalars(select(MetricSummary))
    }
    return [] if summaries == wanted else [f"summaries are {summaries}, the curves say {wanted}"]
