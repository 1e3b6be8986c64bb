"""Sentences that the views share."""

from lamina.cli import words
from lamina.client.events import JobEvent
from lamina.schemas.job import Evaluation, Job


def epochs_of(job: Job) -> int | str:
    """How many epochs were asked for, `?` when the job does not tell."""
    epochs = (job.request.get("fit") or {}).get("epochs")
    return epochs if isinstance(epochs, int) else "?"


def remark(event: JobEvent, state: str) -> str | None:
    """A line about an event that is worth one, in a job that was last seen in `state`."""
    if event.type == "job.state":
        now = event.data.get("state")
        return str(now) if now and now != state else None
    if event.type == "rewound":
        return f"started again from epoch {(event.epoch or 0) + 1}"
    if event.type == "range-test":
        rates = event.data.get("rates") or []
        return (
            f"learning rate {words.number(event.data.get('learning_rate'))}, of {len(rates)} tried"
        )
    if event.type in ("advice", "warning"):
        detail = event.data.get("detail") or event.data.get("advice")
        return words.clean(f"advice: {detail}") if detail else None
    return None


def ending(job: Job) -> str:
    """How the job ended, in a few lines."""
    lines = [f"{job.id} {job.state}"]
    if job.state == "succeeded":
        if job.stop_reason:
            lines[0] += f" ({job.stop_reason})"
        best = {name: summary.best for name, summary in job.metrics.items()}
        if best:
            lines.append(f"best        {words.logs(best)}")
        if job.evaluation and job.evaluation.metrics:
            part = job.evaluation.part or "held out"
            lines.append(f"{part:10}  {words.logs(job.evaluation.metrics)}")
        if job.evaluation and isinstance(job.evaluation.lift_over_baseline, float):
            lines.append(f"baseline    {_baseline(job.evaluation)}")
        if job.model:
            lines.append(f"model       {job.model}   (lamina models get {job.model})")
    return "\n".join(lines)


def _baseline(evaluation: Evaluation) -> str:
    """What the trivial predictor reaches on the same rows."""
    known = evaluation.baseline or {}
    numbers = {name: value for name, value in known.items() if not isinstance(value, str)}
    return f"{words.logs(numbers)}  ({words.clean(str(known.get('predictor')))})"
