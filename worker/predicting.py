"""Jobs of kind `predict`: a trained model's answers for every row of a dataset."""

import hashlib
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from core.host import EngineFailure
from models.attempt import Attempt
from worker.context import Context
from worker.fetching import fetch_dataset, fetch_sources
from worker.persistence import persist


def payload_of(context: Context, attempt: Attempt, folder: Path) -> dict[str, Any]:
    """What the child is given: the model, the dataset, a place for the tables."""
    job = attempt.job
    if job.dataset_id is None:
        raise EngineFailure("internal", "the job has no dataset")
    data = fetch_dataset(context, job.dataset_id, folder / "data")
    (folder / "out").mkdir()
    return {
        "model": fetch_sources(context, job, folder)["models"][job.request["model"]]["dir"],
        "data": data["dir"],
        "schema": data["schema"],
        "out": str(folder / "out"),
        "threads": context.share.threads * len(attempt.slots),
        "gpus": sum(slot.kind == "gpu" for slot in attempt.slots),
    }


def conclude(context: Context, attempt: Attempt, result: dict[str, Any], folder: Path) -> None:
    """Store the tables and end the job."""
    files = {}
    for path in sorted((folder / "out").iterdir()):
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        key = f"{attempt.prefix}/{path.name}"
        context.storage.put(key, path)
        form = path.suffix.removeprefix(".")
        files[form] = {"key": key, "bytes": path.stat().st_size, "digest": digest}
    found = {"rows": result["rows"], "columns": result["columns"], "files": files}

    def write(session: Session) -> bool:
        attempt.finish(session, {"rows": result["rows"]}, result=found)
        return True

    persist(context.database, context.settings, write, repeated=True)
