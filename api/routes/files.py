"""Side files: upload, list, describe, download, delete."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import anyio.to_thread
from fastapi import APIRouter, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import Response, StreamingResponse

from api.answers import answer
from api.ask import ask
from api.auth import Reader, Trainer
from api.conditional import IfMatch, IfNoneMatch, demand, etag, is_current, not_modified
from api.contract import refusals, resource
from api.download import CONTENT, Stored, WantedDep, safe
from api.idempotency import Answer, OnceDep, digest_of
from api.lookup import FileId, find
from api.paging import SliceDep
from api.presenters.file import present, present_all
from api.refusal import Refusal
from api.services import ReadingDep, Services, ServicesDep, SessionDep
from api.upload import Upload, receive
from lamina.schemas.file import File
from lamina.schemas.page import Page
from models import file as table
from models.job import Job

router = APIRouter(prefix="/v1/files", tags=["files"])

_BINARY = {"schema": {"type": "string", "contentMediaType": "application/octet-stream"}}
_FORM = {
    "schema": {"type": "object", "required": ["file"], "properties": {"file": _BINARY["schema"]}}
}
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": _BINARY, "multipart/form-data": _FORM},
    }
}


@router.post(
    "",
    operation_id="files_create",
    summary="Upload a side file",
    status_code=201,
    openapi_extra=_BODY,
    responses={
        201: resource(File, "Read and stored.", Location="its address"),
        **refusals(
            *("digest-mismatch", "too-large", "unsupported-media-type"),
            *("invalid-dataset", "invalid-file", "idempotency-key-reused"),
        ),
    },
)
async def create_file(
    request: Request,
    services: ServicesDep,
    caller: Trainer,
    once: OnceDep,
    name: Annotated[str | None, Query(max_length=200, description="what to call it")] = None,
    filename: Annotated[str | None, Query(max_length=1024, description="its own name")] = None,
) -> Response:
    """The body is the file itself, or a form with a part `file`: word vectors as text (GloVe or
    word2vec, plain or gzip), or arrays of NumPy (`.npy`, `.npz`). It is read before it is stored.
    """
    async with receive(request, services) as upload:
        given = _cut(filename or upload.filename, 1024)
        row = table.File(
            id=table.File.new_id(),
            project_id=caller.project_id,
            name=_cut(name or upload.fields.get("name"), 200) or _cut(given, 200),
            filename=given,
            bytes=upload.bytes,
            digest=upload.digest,
        )
        digest = digest_of([row.digest, row.name, row.filename])
        if stored := await services.reading(once.stored, digest):
            return stored.response(replayed=True)
        with TemporaryDirectory(dir=services.uploads, prefix="file-") as folder:
            out = Path(folder) / "canonical"
            found = await _inspect(services, upload, out)
            row.form, row.description = found["form"], found["description"]
            row.files = found["files"]

            def store() -> tuple[Answer, bool]:
                _put(services, row, upload.path, out)
                return once.create(services.database, digest, _entering(row))

            made, replayed = await anyio.to_thread.run_sync(_or_nothing, services, row, store)
    return made.response(replayed)


@router.get(
    "",
    operation_id="files_list",
    summary="List side files",
    responses={200: resource(Page[File], "A page, newest first.")},
)
def list_files(session: ReadingDep, caller: Reader, part: SliceDep) -> Response:
    """The project's side files."""
    rows = table.File.page(session, caller.project_id, part.asked, part.after)
    return part.page(rows, present_all)


@router.get(
    "/{file_id}",
    operation_id="files_get",
    summary="Get a side file",
    responses={
        200: resource(File, "The file.", ETag="changes with each visible change"),
        304: resource(None, "Unchanged."),
        **refusals("not-found"),
    },
)
def get_file(
    file_id: FileId, session: ReadingDep, caller: Reader, if_none_match: IfNoneMatch = None
) -> Response:
    """What it holds."""
    row = find(session, table.File, caller, file_id)
    tag = etag(row.id, row.version)
    if is_current(if_none_match, tag):
        return not_modified(tag)
    return answer(present(row), headers={"ETag": tag})


@router.get(
    "/{file_id}/content",
    operation_id="files_content",
    summary="Download a side file",
    response_class=StreamingResponse,
    responses={**CONTENT, **refusals("not-found", "range-not-satisfiable")},
)
async def get_content(
    file_id: FileId, services: ServicesDep, caller: Reader, wanted: WantedDep
) -> Response:
    """The bytes as they were uploaded; resumable by Range."""

    def look(session: Session) -> table.File:
        return find(session, table.File, caller, file_id)

    row = await services.reading(look)
    filename = safe(row.filename or row.name, row.id)
    media = "application/octet-stream"
    return wanted.send(
        services.storage, Stored(row.source_key, row.bytes, row.digest, media, filename)
    )


@router.delete(
    "/{file_id}",
    operation_id="files_delete",
    summary="Delete a side file",
    status_code=204,
    responses={
        204: resource(None, "It is gone."),
        **refusals("not-found", "in-use", "precondition-failed"),
    },
)
def delete_file(
    file_id: FileId,
    session: SessionDep,
    services: ServicesDep,
    caller: Trainer,
    if_match: IfMatch = None,
) -> Response:
    """The file. Refused while jobs that have not ended need it."""
    row = find(session, table.File, caller, file_id)
    demand(if_match, etag(row.id, row.version))
    if users := Job.starting_from(session, caller.project_id, row.id):
        raise Refusal("in-use", f"Jobs take weights from it: {', '.join(users)}.")
    session.delete(row)
    services.delete_after_commit(session, row.prefix)
    return Response(status_code=204)


async def _inspect(services: Services, upload: Upload, out: Path) -> dict[str, Any]:
    settings = services.settings
    payload = {
        "path": str(upload.path),
        "out": str(out),
        "limits": {
            "expanded_bytes": settings.expanded_bytes,
            "rows": settings.dataset_rows,
            "columns": settings.dataset_columns,
            "entries": settings.archive_entries,
        },
    }
    return await ask(services, "inspect", payload, settings.read_seconds, "invalid-file")


def _put(services: Services, row: table.File, source: Path, out: Path) -> None:
    services.storage.put(row.source_key, source)
    for name in row.files:
        services.storage.put(f"{row.canonical_prefix}/{name}", out / name)


def _entering(row: table.File) -> Callable[[Session], Answer]:
    def enter(session: Session) -> Answer:
        session.add(row)
        session.flush()
        session.refresh(row)
        headers = {"Location": f"/v1/files/{row.id}"}
        return Answer(201, headers, present(row).model_dump(mode="json"))

    return enter


def _or_nothing(
    services: Services, row: table.File, store: Callable[[], tuple[Answer, bool]]
) -> tuple[Answer, bool]:
    """Store; when the row cannot be entered, or another request was faster, the bytes go again."""
    prefix = row.prefix
    try:
        made, replayed = store()
    except BaseException:
        services.storage.delete(prefix)
        raise
    if replayed:
        services.storage.delete(prefix)
    return made, replayed


def _cut(text: str | None, length: int) -> str | None:
    """Text from headers as it may be kept: one that PostgreSQL takes, and not too long."""
    return text.replace("\0", "")[:length] if text else None
