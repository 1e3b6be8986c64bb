"""Jobs as clients see them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from api.conditional import etag
from lamina.schemas.job import Evaluation, Job, JobError, JobResult, MetricSummary, Progress
from lamina.schemas.model import ModelFile
from models import job as table
from models.entrance import Entrance
from models.estimate import FAR, starts
from models.metric import MetricSummary as SummaryRow
from models.model import TrainedModel
from models.progress import Progress as ProgressRow
from models.queue_order import positions
from models.usage import full_accounts
from models.waiting import reason, reasons

_LINKS = {
    "events": "/events",
    "stream": "/events/stream",
    "metrics": "/metrics",
    "history": "/history",
    "logs": "/logs",
    "evaluation": "/evaluation",
    "plots": "/plots",
}

_ESTIMATED = frozenset({"backoff", "slots-busy", "gpus-busy", "behind-others", "starting"})
"""Why a job waits, where a start can be foretold: nothing is said of quotas and absent hosts."""


def job_tag(row: table.Job) -> str:
    """The ETag: it changes with everything but live progress and the place in the queue."""
    return etag(row.id, row.version)


def present(session: Session, row: table.Job) -> Job:
    """One row as a resource."""
    return present_all(session, [row])[0]


def present_all(session: Session, rows: Sequence[table.Job]) -> list[Job]:
    """Rows as resources, with a few queries for all of them."""
    wanted = [row.id for row in rows]
    summaries = SummaryRow.of_jobs(session, wanted)
    models = TrainedModel.ids_of_jobs(session, wanted)
    running = [row.id for row in rows if not row.is_terminal]
    progress = ProgressRow.of_jobs(session, running)
    places = positions(session, [row.id for row in rows if row.state == "queued"])
    waiting = reasons(session, rows, places)
    told = [
        name
        for name, why in waiting.items()
        if why["code"] in _ESTIMATED and places.get(name, FAR) < FAR
    ]
    begins = starts(session, told)
    return [
        _present(
            row,
            summaries[row.id],
            models.get(row.id),
            progress.get(row.id),
            queue_position=places.get(row.id),
            waiting=waiting.get(row.id),
            estimated_start=begins.get(row.id),
        )
        for row in rows
    ]


def present_entered(session: Session, row: table.Job, met: Entrance) -> Job:
    """A job that this transaction has put into the queue: nothing can have come of it yet."""
    ahead = met.place(session, row.id)
    full = full_accounts(session) if row.account else {}
    why = reason(row, ahead, met.fleet, met.running, full)
    told = [row.id] if why["code"] in _ESTIMATED and ahead < FAR else []
    start = starts(session, told).get(row.id)
    return _present(row, [], None, None, queue_position=ahead, waiting=why, estimated_start=start)


def _present(
    row: table.Job,
    summaries: list[SummaryRow],
    model: str | None,
    progress: ProgressRow | None,
    **place: Any,
) -> Job:
    path = f"/v1/jobs/{row.id}"
    links = {"self": path, **{name: path + tail for name, tail in _LINKS.items()}}
    if model is not None:
        links["model"] = f"/v1/models/{model}"
    if row.result is not None:
        links["predictions"] = f"{path}/predictions"
    return Job.model_validate(
        {
            **_copied(row),
            "metadata": row.labels,
            "dataset": row.dataset_id,
            "model": model,
            "parameters": row.plan.get("parameters"),
            "init": row.plan.get("init"),
            "advice": [*row.plan.get("advice", []), *(row.findings or [])],
            "progress": _progress(row, progress),
            "result": _result(row),
            "metrics": {summary.key: _summary(summary) for summary in summaries},
            "evaluation": Evaluation.model_validate(row.evaluation) if row.evaluation else None,
            "error": JobError.model_validate(row.error) if row.error else None,
            "device": {"worker": row.worker_id, **row.device} if row.device else None,
            "repairs": row.repairs or [],
            "last_event": row.event_seq,
            "links": links,
            **place,
        }
    )


def _result(row: table.Job) -> JobResult | None:
    if row.result is None:
        return None
    return JobResult(
        model=row.request["model"],
        rows=row.result["rows"],
        columns=row.result["columns"],
        files=[
            ModelFile(format=form, bytes=file["bytes"], digest=file["digest"])
            for form, file in sorted(row.result["files"].items())
        ],
    )


def _copied(row: table.Job) -> dict[str, Any]:
    names = (
        *("id", "kind", "state", "display_name", "tags", "request", "architecture"),
        *("priority", "attempt", "failures", "stop_reason", "retry_of", "cloned_from", "memory"),
        *("chosen", "trace_id", "pinned"),
        *("created_at", "started_at", "finished_at", "updated_at"),
    )
    return {name: getattr(row, name) for name in names}


def _progress(row: table.Job, progress: ProgressRow | None) -> Progress | None:
    if progress is None or progress.attempt != row.attempt or row.state == "queued":
        return None
    return present_progress(row, progress.payload)


def present_progress(row: table.Job, payload: dict[str, Any]) -> Progress:
    """What the engine reported last, with the share of the work that is done."""
    epochs = int(row.request.get("fit", {}).get("epochs", 1))
    steps = max(int(payload.get("steps_per_epoch") or 1), 1)
    done = payload["epoch"] + min(payload["step"] / steps, 1)
    return Progress.model_validate(
        {
            **payload,
            "epochs": epochs,
            "steps_per_epoch": steps,
            "fraction": min(max(done / epochs, 0.0), 1.0),
            "logs": {key: _finite(value) for key, value in payload.get("logs", {}).items()},
        }
    )


def _finite(value: Any) -> float | None:
    """A number, or None for NaN and infinities, which the engine sends as words."""
    return None if isinstance(value, str) else value


def _summary(row: SummaryRow) -> MetricSummary:
    return MetricSummary.model_validate(
        {"last": row.last, "best": row.best, "best_epoch": row.best_epoch, "mode": row.mode}
    )
