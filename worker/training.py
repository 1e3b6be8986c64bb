"""One attempt at a job: from its claim to its end."""

import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy.orm import Session

from core import traces
from core.host import EngineFailure, EngineRefusal, Limits
from models.attempt import Attempt, Superseded
from models.metric import MetricPoint
from models.model import TrainedModel
from worker import evaluating, predicting
from worker.context import Context
from worker.ending import abandon, broke, retry_or_fail
from worker.fetching import fetch_checkpoint, fetch_dataset, fetch_sources
from worker.heartbeat import Hold
from worker.persistence import persist
from worker.reporter import Abandoned, Reporter

log = structlog.get_logger(__name__)


def train(context: Context, attempt: Attempt) -> None:
    """Run the attempt and record how it ended; never raises for what a job can do wrong.

    A job of another kind runs like one that trains, with the same claims, fences and leases.
    """
    known = {"job": attempt.job.id, "attempt": attempt.number, "trace_id": attempt.job.trace_id}
    with structlog.contextvars.bound_contextvars(**known):
        _train(context, attempt)


def _train(context: Context, attempt: Attempt) -> None:
    logger = log.bind(kind=attempt.job.kind)
    logger.info("training begins", devices=[slot.device for slot in attempt.slots])
    started = time.monotonic()
    host = context.hosts[attempt.slots[0].kind]

    def renew(session: Session) -> None:
        attempt.renew(session, context.settings.lease_seconds)

    try:
        with context.heartbeat.hold(renew) as hold, host.folder() as folder:
            result = _run(context, attempt, hold, folder)
            with traces.span("store", attempt.place):
                _conclude(context, attempt, result, folder)
    except Superseded:
        logger.warning("the job was given to another attempt")
    except Abandoned as reason:
        logger.info("the attempt was ended", reason=str(reason))
        abandon(context, attempt, str(reason))
    except EngineRefusal as refusal:
        logger.info("training failed", code=refusal.code, detail=refusal.detail)
        retry_or_fail(context, attempt, refusal.code, refusal.detail, refusal.errors)
    except EngineFailure as failure:
        logger.warning(
            "training failed",
            code=failure.code,
            detail=failure.detail,
            traceback=failure.traceback,
        )
        retry_or_fail(context, attempt, failure.code, failure.detail)
    except Exception as error:
        broke(context, attempt, error)
    context.cache.trim()
    logger.info("training ended", seconds=round(time.monotonic() - started, 3))


def _run(context: Context, attempt: Attempt, hold: Hold, folder: Path) -> dict[str, Any]:
    """Bring the files, have the child train, flush what it printed; the engine's answer."""
    task, payload_of = _TASKS[attempt.job.kind]
    with traces.span("fetch data", attempt.place):
        payload = payload_of(context, attempt, folder)
    limits = Limits(
        wall_seconds=attempt.job.max_seconds,
        stall_seconds=context.settings.stall_seconds,
        memory_bytes=context.share.memory_bytes * len(attempt.slots),
        open_files=4096,
    )
    reporter = Reporter(context, attempt, hold, folder / "out")
    host = context.hosts[attempt.slots[0].kind]
    try:
        result, _ = host.run(task, payload, folder, limits, reporter, environment_of(attempt))
    finally:
        reporter.flush()
    return result


def _payload(context: Context, attempt: Attempt, folder: Path) -> dict[str, Any]:
    job = attempt.job
    gpus = sum(slot.kind == "gpu" for slot in attempt.slots)
    parts = {
        "data": job.dataset_id,
        "validation_data": job.validation_id,
        "test_data": job.test_id,
    }
    fetched = {
        part: None if dataset_id is None else fetch_dataset(context, dataset_id, folder / part)
        for part, dataset_id in parts.items()
    }
    data = fetched.pop("data")
    if data is None:
        raise EngineFailure("internal", "the job has no dataset")
    contents = {part: given["content"] if given else None for part, given in fetched.items()}
    (folder / "out").mkdir()
    with context.database.reading() as session:
        history = MetricPoint.before(session, job.id, attempt.first_epoch)
    return {
        "request": job.request,
        "schema": data["schema"],
        "data": data["dir"],
        **fetched,
        **fetch_sources(context, job, folder),
        "out": str(folder / "out"),
        "history": history,
        "resume": fetch_checkpoint(context, job, folder / "resume", folder / "out"),
        "threads": context.share.threads * len(attempt.slots),
        "gpus": gpus,
        "learning_rate": (job.chosen or {}).get("learning_rate"),
        "micro_batch": attempt.repairs[-1]["micro_batch"] if attempt.repairs else None,
        "checkpoint_seconds": context.settings.checkpoint_seconds,
        "cache": context.cache.described({**contents, "data": data["content"]}),
    }


_TASKS: dict[str, tuple[str, Callable[[Context, Attempt, Path], dict[str, Any]]]] = {
    "train": ("train", _payload),
    "predict": ("predict_dataset", predicting.payload_of),
    "evaluate": ("evaluate_dataset", evaluating.payload_of),
}
"""By the kind of a job what the engine does, and what makes its payload."""


def environment_of(attempt: Attempt) -> dict[str, str]:
    """Show the child the GPUs it holds and no others."""
    gpus = [slot.device for slot in attempt.slots if slot.kind == "gpu"]
    return {
        "CUDA_VISIBLE_DEVICES": ",".join(gpus) or "-1",
        "TF_FORCE_GPU_ALLOW_GROWTH": "true",
    }


def _conclude(context: Context, attempt: Attempt, result: dict[str, Any], folder: Path) -> None:
    """Store the model and end the job, or give it back where the child handed over."""
    if result["outcome"] == "handover":
        abandon(context, attempt, "handover")
        return
    if attempt.job.kind != "train":
        using = predicting if attempt.job.kind == "predict" else evaluating
        try:
            using.conclude(context, attempt, result, folder)
        except Superseded:
            abandon(context, attempt, "cancel")
        return
    job = attempt.job
    files = _store_model(context, attempt, folder / "out" / "model")
    evaluating.store(context, attempt, folder)

    def write(session: Session) -> bool:
        model = TrainedModel(
            id=TrainedModel.new_id(),
            project_id=job.project_id,
            job_id=job.id,
            dataset_id=job.dataset_id,
            attempt=attempt.number,
            display_name=job.display_name,
            prefix=f"{attempt.prefix}/model",
            files=files,
            stack=job.request["stack"],
            architecture=job.architecture,
            parameters=result["parameters"],
            summary=result["summary"],
        )
        attempt.succeed(
            session,
            model,
            stop_reason=result["stop_reason"],
            evaluation=result["evaluation"],
            findings=result["advice"],
            memory=_memory(attempt, result["memory"]),
        )
        return True

    try:
        persist(context.database, context.settings, write, repeated=True)
    except Superseded:
        # Cancelled while the model was being stored, or truly superseded: `abandon` tells.
        abandon(context, attempt, "cancel")
        return
    context.storage.delete(f"{attempt.prefix}/checkpoints")


def _memory(attempt: Attempt, held: dict[str, int]) -> dict[str, int | None]:
    """The measured peak beside the prediction that counts for the device."""
    planned = attempt.job.plan.get("memory") or {}
    kind = "train_bytes" if attempt.slots[0].kind == "gpu" else "total_bytes"
    return {
        "predicted_bytes": planned.get(kind),
        "peak_bytes": held["peak_bytes"] - held["base_bytes"],
    }


def _store_model(context: Context, attempt: Attempt, folder: Path) -> dict[str, dict[str, Any]]:
    files = {}
    for path in sorted(folder.iterdir()):
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        context.storage.put(f"{attempt.prefix}/model/{path.name}", path)
        files[path.name] = {"bytes": path.stat().st_size, "digest": digest}
    return files
