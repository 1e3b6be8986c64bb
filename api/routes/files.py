"""Side files: upload, list, describe, download, delete."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import Response, StreamingResponse

from api.answers import answer
from api.auth import Reader, Trainer
from api.body import media_type
from api.conditional import IfMatch, IfNoneMatch, demand, etag, is_current, not_modified
from api.contract import accepts, refusals, resource
from api.deletion import Permanently, discard, find_to_delete
from api.download import CONTENT, Stored, WantedDep, safe
from api.filing import from_document, take_in
from api.idempotency import OnceDep
from api.lookup import FileId, find
from api.paging import SliceDep
from api.presenters.file import present, present_all
from api.refusal import Refusal
from api.services import ReadingDep, ServicesDep, SessionDep
from api.upload import receive
from lamina.schemas.file import File, FileRequest
from lamina.schemas.page import Page
from models import file as table
from models.dependence import starting_from

router = APIRouter(prefix="/v1/files", tags=["files"])

_BINARY = {"schema": {"type": "string", "contentMediaType": "application/octet-stream"}}
_FORM = {
    "schema": {"type": "object", "required": ["file"], "properties": {"file": _BINARY["schema"]}}
}
_BODY: dict[str, Any] = accepts(
    FileRequest,
    upload={"upload": "upl_01kaz8v7m2f5q0r9x3n6t4w1yc"},
    named={"upload": "upl_01kaz8v7m2f5q0r9x3n6t4w1yc", "name": "words", "filename": "words.txt"},
)
_BODY["requestBody"]["content"] |= {
    "application/octet-stream": _BINARY,
    "multipart/form-data": _FORM,
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
            *("invalid-dataset", "invalid-file", "invalid-request"),
            *("idempotency-key-reused", "not-ready", "quota-exceeded"),
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
    A JSON body names an upload in pieces instead.
    """
    if media_type(request) == "application/json":
        made, replayed = await from_document(request, services, caller, once, name, filename)
    else:
        async with receive(request, services) as upload:
            made, replayed = await take_in(services, caller, once, upload, name, filename)
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
    permanently: Permanently = False,
) -> Response:
    """The file. Refused while jobs that have not ended need it.

    It can be restored for `LAMINA_TRASH_DAYS`, and counts as stored until then.
    """
    row = find_to_delete(session, table.File, caller, file_id, permanently)
    demand(if_match, etag(row.id, row.version))
    if users := starting_from(session, caller.project_id, row.id):
        raise Refusal("in-use", f"Jobs take weights from it: {', '.join(users)}.")
    discard(services, session, row, permanently)
    return Response(status_code=204)
