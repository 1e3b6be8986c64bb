"""Writing models in other forms: on demand, once, one at a time, in engine children."""

import asyncio
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import anyio.to_thread
import structlog

from core.host import EngineFailure, EngineRefusal, Limits
from models.dataset import Dataset
from models.export import Export
from models.job import Job
from models.model import TrainedModel

if TYPE_CHECKING:
    from api.services import Services

log = structlog.get_logger(__name__)

SUFFIXES = {"litert": ".tflite", "onnx": ".onnx", "saved_model": ".saved_model.zip"}
"""The forms that are made on demand, and how their files end."""

MEDIA = {
    "litert": "application/octet-stream",
    "onnx": "application/octet-stream",
    "saved_model": "application/zip",
}
"""Their media types."""

_MEMORY = 4 * 2**30
_GRACE_SECONDS = 30
_REFUSED = frozenset({"timed-out", "out-of-memory"})


class Exporting:
    """Makes exports beside the requests that ask for them, which may leave meanwhile.

    A row with a lease keeps other processes from making the same one; within this process
    those who ask for the same wait for the same task.
    """

    def __init__(self, services: "Services") -> None:
        self._services = services
        self._tasks: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._turn = anyio.CapacityLimiter(1)

    def begin(self, model: TrainedModel, form: str) -> None:
        """See to it that this form is being made."""
        key = (model.id, form)
        if key not in self._tasks:
            task = asyncio.create_task(self._make(model, form))
            self._tasks[key] = task
            task.add_done_callback(lambda _: self._tasks.pop(key, None))

    async def close(self) -> None:
        """Give up what is not begun, and wait for what is: its child ends with the engine."""
        for task in list(self._tasks.values()):
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _make(self, model: TrainedModel, form: str) -> None:
        try:
            await anyio.to_thread.run_sync(
                self._make_once, model, form, limiter=self._turn, abandon_on_cancel=True
            )
        except Exception:
            log.exception("an export failed", model=model.id, form=form)

    def _make_once(self, model: TrainedModel, form: str) -> None:
        services = self._services
        lease = services.settings.export_seconds + _GRACE_SECONDS
        with services.database.session() as session:
            attempt = Export.claim(session, model.id, form, lease)
        if attempt is None:
            return
        try:
            found = self._written(model, form, attempt)
        except EngineRefusal as refusal:
            found = {"state": "refused", "error": refusal.detail[:2000]}
        except EngineFailure as failure:
            if failure.code not in _REFUSED:
                self._give_up(model, form, attempt)
                raise
            reason = f"Writing it {failure.detail.removeprefix('it ')}."
            found = {"state": "refused", "error": reason[:2000]}
        except BaseException:
            self._give_up(model, form, attempt)
            raise
        with services.database.session() as session:
            settled = Export.settle(session, model.id, form, attempt, **found)
        if not settled and "file" in found:  # the model was deleted meanwhile
            services.storage.delete(f"{model.prefix}/{found['file']['name']}")

    def _give_up(self, model: TrainedModel, form: str, attempt: int) -> None:
        with self._services.database.session() as session:
            Export.give_up(session, model.id, form, attempt)

    def _written(self, model: TrainedModel, form: str, attempt: int) -> dict[str, Any]:
        """The file, written and proven, in storage; what the row says of it."""
        services = self._services
        limits = Limits(wall_seconds=services.settings.export_seconds, memory_bytes=_MEMORY)
        with services.engine.folder() as folder:
            out = folder / f"export{SUFFIXES[form]}"
            payload = {
                **self._training(model, folder),
                "model": str(services.shelf.fetch(model)),
                "form": form,
                "out": str(out),
            }
            report, _ = services.engine.run("export", payload, folder, limits)
            name = f"exports/{form}-{attempt}{SUFFIXES[form]}"
            with out.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            described = {"name": name, "bytes": out.stat().st_size, "digest": digest}
            services.storage.put(f"{model.prefix}/{name}", out)
        return {"state": "ready", "file": described, "report": report}

    def _training(self, model: TrainedModel, folder: Path) -> dict[str, Any]:
        """What the engine needs to find the rows that were held out, datasets fetched."""
        fetched = {}
        with self._services.database.reading() as session:
            job = session.get_one(Job, model.job_id)
            parts = {"data": job.dataset_id, "validation_data": job.validation_id}
            parts["test_data"] = job.test_id
            datasets = {
                part: session.get_one(Dataset, identifier)
                for part, identifier in parts.items()
                if identifier is not None
            }
        for part, dataset in datasets.items():
            for name in dataset.files or []:
                key = f"{dataset.canonical_prefix}/{name}"
                self._services.storage.fetch(key, folder / part / name)
            fetched[part] = {"dir": str(folder / part), "schema": dataset.schema}
        main = fetched.pop("data")
        return {"request": job.request, "data": main["dir"], "schema": main["schema"], **fetched}
