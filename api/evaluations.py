"""Evaluations in storage, where workers have left them."""

import json
from typing import Any

from api.refusal import Refusal
from core.storage import Storage
from lamina.schemas.evaluation import EvaluationReport
from models.job import Job


def ended(job: Job) -> Job:
    """The job, which has a model. Raises Refusal: not-ready before its end, else not-found."""
    if not job.is_terminal:
        text = f"The job is {job.state}; the evaluation is there at its end."
        raise Refusal("not-ready", text, headers={"Retry-After": "5"})
    if job.state != "succeeded":
        raise Refusal("not-found", f"The job {job.state}; there is no network to evaluate.")
    return job


def report_of(storage: Storage, job: Job) -> EvaluationReport:
    """What was found of a job's network. Raises Refusal (404) where nothing was held out."""
    report = stored(storage, job, "report")
    if report is None:
        text = "The job held no rows out: give it a validation or a test part."
        raise Refusal("not-found", text)
    own = job.test_id if report["part"] == "test" else job.validation_id
    metrics = {
        name: value if isinstance(value, int | float) else None
        for name, value in report["metrics"].items()
    }
    given = {**report, "job": job.id, "dataset": own or job.dataset_id, "metrics": metrics}
    return EvaluationReport.model_validate(given)


def stored(storage: Storage, job: Job, name: str) -> dict[str, Any] | None:
    """A file of the evaluation, None where there is none."""
    try:
        content = storage.read(f"{job.prefix}/{job.attempt}/evaluation/{name}.json")
    except FileNotFoundError:
        return None
    found: dict[str, Any] = json.loads(content)
    return found
