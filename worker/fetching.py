"""Bringing what a training needs to the folder of its child."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import structlog

from core.host import EngineRefusal
from models.dataset import Dataset
from models.file import File
from models.job import Job
from models.model import TrainedModel
from worker.context import Context

log = structlog.get_logger(__name__)

_NEEDED = ("stack.json", "encoding.json", "network.weights.h5")


def fetch_dataset(context: Context, dataset_id: str, folder: Path) -> dict[str, Any]:
    """The canonical files of a dataset, from the cache where storage is far: folder and schema.

    `content` names what the files hold.
    """
    with context.database.reading() as session:
        dataset = session.get_one(Dataset, dataset_id)

    def fetch(to: Path) -> None:
        for name in dataset.files or []:
            context.storage.fetch(f"{dataset.canonical_prefix}/{name}", to / name)

    if context.storage.is_local:
        fetch(folder)
    else:
        context.cache.bring(dataset.canonical_prefix, dataset.files or [], fetch, folder)
    # Datasets of the same bytes have their canonical files in common, which never change.
    content = dataset.canonical_prefix
    return {"dir": str(folder), "schema": dataset.schema, "content": content}


def fetch_sources(context: Context, job: Job, folder: Path) -> dict[str, dict[str, Any]]:
    """The side files and models that layers start from, by id, as the engine takes them."""
    found: dict[str, dict[str, Any]] = {"files": {}, "models": {}}
    with context.database.reading() as session:
        for source in job.sources:
            file = session.get(File, source)
            model = session.get(TrainedModel, source)
            if file is not None:
                entry = {"form": file.form, "description": file.description}
                fetched = _fetch(context, file.canonical_prefix, file.files, folder / source)
                found["files"][source] = entry | fetched
            elif model is not None:
                found["models"][source] = _fetch(context, model.prefix, _NEEDED, folder / source)
            else:
                raise EngineRefusal("data-error", f"{source} was deleted.", [])
    return found


def _fetch(context: Context, prefix: str, names: Iterable[str], to: Path) -> dict[str, str]:
    for name in names:
        context.storage.fetch(f"{prefix}/{name}", to / name)
    return {"dir": str(to)}


def fetch_checkpoint(context: Context, job: Job, folder: Path, out: Path) -> str | None:
    """The folder of the checkpoint to go on from; None when there is none, or none any more.

    Weights of epochs that were kept by then go into `out`, where the training keeps them.
    """
    if job.checkpoint is None:
        return None
    try:
        for name in job.checkpoint["files"]:
            context.storage.fetch(f"{job.checkpoint['key']}/{name}", folder / name)
        for name, key in (job.checkpoint.get("kept") or {}).items():
            context.storage.fetch(key, out / "kept" / name)
    except FileNotFoundError as error:
        # In a restored backup: it had been replaced by the time that the objects were copied.
        log.warning("the checkpoint is gone, so it begins anew", job=job.id, key=str(error))
        return None
    return str(folder)
