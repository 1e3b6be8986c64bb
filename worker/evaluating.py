"""Jobs of kind `evaluate`: how good a trained model is on the rows of a dataset."""

from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from models.attempt import Attempt
from models.job import Job
from models.model import TrainedModel
from worker import predicting
from worker.context import Context
from worker.persistence import persist


def payload_of(context: Context, attempt: Attempt, folder: Path) -> dict[str, Any]:
    """What the child is given: what it would predict from, and how the model was trained."""
    payload = predicting.payload_of(context, attempt, folder)
    with context.database.reading() as session:
        model = session.get_one(TrainedModel, attempt.job.request["model"])
        trained = session.get_one(Job, model.job_id)
        return {**payload, "request": trained.request}


def conclude(context: Context, attempt: Attempt, result: dict[str, Any], folder: Path) -> None:
    """Store the evaluation and end the job."""
    store(context, attempt, folder)
    found = result["evaluation"]

    def write(session: Session) -> bool:
        attempt.finish(session, {"rows": found["rows"]}, evaluation=found)
        return True

    persist(context.database, context.settings, write, repeated=True)


def store(context: Context, attempt: Attempt, folder: Path) -> None:
    """Put the files of an evaluation where the API looks for them."""
    for path in sorted((folder / "out" / "evaluation").glob("*.json")):
        context.storage.put(f"{attempt.prefix}/evaluation/{path.name}", path)
