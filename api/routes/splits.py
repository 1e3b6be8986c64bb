"""Which rows a job trains on and which it holds out."""

import base64
import hashlib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Literal

import anyio.to_thread
from fastapi import APIRouter, Query
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.ask import ask
from api.auth import Reader
from api.conditional import IfNoneMatch, etag, is_current, not_modified
from api.contract import refusals, resource
from api.download import safe
from api.lookup import JobId, find
from api.refusal import Refusal
from api.services import Services, ServicesDep
from lamina.schemas.split import Split
from models.job import Job

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])

_MEDIA = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "npy": "application/octet-stream",
    "parquet": "application/vnd.apache.parquet",
}
_BINARY: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}


@router.get(
    "/{job_id}/split",
    operation_id="jobs_split",
    summary="Get the rows of each part",
    responses={
        200: {
            **resource(Split, "By part.", ETag="never changes", Repr_Digest="SHA-256"),
            "content": {
                "application/json": {"schema": {"$ref": "#/components/schemas/Split"}},
                **{_MEDIA[form].partition(";")[0]: _BINARY for form in ("csv", "npy", "parquet")},
            },
        },
        304: resource(None, "Unchanged."),
        **refusals("not-found", "not-ready", "too-large"),
    },
)
async def get_split(
    job_id: JobId,
    services: ServicesDep,
    caller: Reader,
    form: Annotated[
        Literal["json", "csv", "npy", "parquet"],
        Query(
            alias="format",
            description="`json`: row numbers by part; `csv`, `parquet`: dataset, row, part; `npy`: "
            "int64[rows, 2] of the row and the part (1 training, 2 validation, 3 test)",
        ),
    ] = "json",
    if_none_match: IfNoneMatch = None,
) -> Response:
    """The same seed and data give the same division on every host. There from the job's start."""

    def look(session: Session) -> Job:
        return find(session, Job, caller, job_id)

    job = await services.reading(look)
    tag = etag(job.id, form)
    if job.attempt and is_current(if_none_match, tag):
        return not_modified(tag)
    content = await _content(services, job, form)
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    headers = {"ETag": tag, "Repr-Digest": f"sha-256=:{digest}:"}
    if form != "json":
        name = f"{safe(job.display_name, job.id)}-split.{form}"
        headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return Response(content, headers=headers, media_type=_MEDIA[form])


async def _content(services: Services, job: Job, form: str) -> bytes:
    with TemporaryDirectory(dir=services.uploads, prefix="split-") as scratch:
        table, out = Path(scratch) / "split.parquet", Path(scratch) / "out"
        await anyio.to_thread.run_sync(_fetch, services, job, table)
        if form == "parquet":
            return await anyio.to_thread.run_sync(table.read_bytes)
        payload = {"path": str(table), "out": str(out), "form": form, "told": _told(job)}
        await ask(services, "split", payload, services.settings.predict_seconds, "too-large")
        return await anyio.to_thread.run_sync(out.read_bytes)


def _fetch(services: Services, job: Job, to: Path) -> None:
    """Bring the table of the newest attempt that has one. Raises Refusal: not-ready, not-found."""
    for attempt in range(job.attempt, 0, -1):
        try:
            services.storage.fetch(f"{job.prefix}/{attempt}/split.parquet", to)
        except FileNotFoundError:
            continue
        return
    if job.is_terminal:
        raise Refusal("not-found", f"The job {job.state} before its rows were divided.")
    text = f"The job is {job.state}; its rows are divided when the training starts."
    raise Refusal("not-ready", text, headers={"Retry-After": "5"})


def _told(job: Job) -> dict[str, Any]:
    split = job.request["data"].get("split") or {}
    seed = split.get("seed")
    return {
        "object": "split",
        "job": job.id,
        "by": split.get("by") or "auto",
        "column": split.get("column"),
        "seed": job.request["fit"].get("seed") if seed is None else seed,
    }
