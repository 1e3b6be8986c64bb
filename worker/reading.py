"""Reading an uploaded dataset in a limited engine child."""

from pathlib import Path
from typing import Any

import structlog
from sqlalchemy.orm import Session

from core.host import EngineFailure, EngineRefusal, Limits
from lamina.fullness import is_full
from models.attempt import Superseded
from models.dataset import MAX_ATTEMPTS, Dataset
from worker.context import Context
from worker.persistence import persist
from worker.reader import Reader

log = structlog.get_logger(__name__)

_AGAIN = frozenset({"crashed", "storage-full"})
"""Failures after which the next attempt, perhaps of another worker, may succeed."""
_ITEMS = {"crashed": "unreadable", "out-of-memory": "too-large", "timed-out": "too-large"}
"""What a failure says of the file; of others the service is to blame."""


def read(context: Context, dataset: Dataset) -> None:
    """Read a claimed dataset and record what was found, or why it cannot be read."""
    logger = log.bind(dataset=dataset.id, attempt=dataset.attempt)
    host = context.hosts["cpu"]

    def renew(session: Session) -> None:
        if not dataset.renew(session, context.settings.lease_seconds):
            raise Superseded(dataset.id)

    try:
        with context.heartbeat.hold(renew) as hold, host.folder() as folder:
            found = _run(context, dataset, folder, Reader(context, dataset, hold))
        persist(
            context.database, context.settings, lambda session: _complete(session, dataset, found)
        )
        logger.info("dataset read", rows=found["rows"])
    except Superseded:
        logger.warning("the dataset was given to another attempt")
    except EngineRefusal as refusal:
        _refuse(context, dataset, refusal.detail, refusal.errors)
    except (EngineFailure, OSError) as error:
        failure = _failure(error)
        logger.warning("reading failed", code=failure.code, detail=failure.detail)
        if failure.code not in _AGAIN or dataset.attempt >= MAX_ATTEMPTS:
            _refuse(context, dataset, *_told(failure))


def _run(context: Context, dataset: Dataset, folder: Path, reader: Reader) -> dict[str, Any]:
    settings = context.settings
    reader.tell("fetching")
    context.storage.fetch(dataset.source_key, folder / "source")
    out = folder / "canonical"
    out.mkdir()
    payload = {
        "path": str(folder / "source"),
        "filename": dataset.filename,
        "content_type": dataset.content_type,
        "out": str(out),
        "limits": {
            "expanded_bytes": settings.expanded_bytes,
            "rows": settings.dataset_rows,
            "columns": settings.dataset_columns,
            "entries": settings.archive_entries,
            "pixels": settings.image_pixels,
            "cell_bytes": settings.cell_bytes,
        },
    }
    limits = Limits(
        wall_seconds=settings.read_seconds,
        cpu_seconds=int(settings.read_seconds * 4),
        memory_bytes=settings.read_memory_bytes,
        # Allocators reserve far more than they fill; what is filled is watched from outside.
        data_bytes=3 * settings.read_memory_bytes,
        file_bytes=settings.expanded_bytes,
    )
    found, _ = context.hosts["cpu"].run("read", payload, folder, limits, reader)
    for place, name in enumerate(found["files"]):
        reader.tell("storing", place, len(found["files"]))
        context.storage.put(f"{dataset.canonical_prefix}/{name}", out / name)
    return found


def _failure(error: EngineFailure | OSError) -> EngineFailure:
    """The failure that an error is; other troubles of the system than a full disk come out."""
    if isinstance(error, EngineFailure):
        return error
    if not is_full(error):
        raise error
    return EngineFailure("storage-full", "there is no room left for what was read")


def _told(failure: EngineFailure) -> tuple[str, list[dict[str, Any]]]:
    """What the client learns of a file that could not be read: a sentence, and the item."""
    detail = f"Reading it failed: {failure.detail.removesuffix('.')}."
    code = _ITEMS.get(failure.code)
    return detail, [{"pointer": "", "code": code, "detail": detail}] if code else []


def _complete(session: Session, dataset: Dataset, found: dict[str, Any]) -> None:
    dataset.complete(
        session,
        format=found["format"],
        rows=found["rows"],
        schema=found["schema"],
        preview=found["preview"],
        samples=found["samples"],
        profile=found["profile"],
        advice=found["advice"],
        classes=found["classes"],
        files=found["files"],
        notes=found["notes"],
    )


def _refuse(context: Context, dataset: Dataset, detail: str, errors: list[dict[str, Any]]) -> None:
    error = {"code": "invalid-dataset", "detail": detail[:2000], "errors": errors}
    persist(context.database, context.settings, lambda session: dataset.refuse(session, error))
