"""Uploads in pieces, by tus 1.0: begin, go on, look where they stand, give up."""

from typing import Annotated, Any

import anyio.to_thread
from fastapi import APIRouter, Depends, Header, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api import tus
from api.answers import answer
from api.auth import Caller, Reader, Trainer
from api.body import announced, media_type
from api.contract import refusals, resource
from api.idempotency import Answer, OnceDep, digest_of
from api.lookup import UploadId, refuse_foreign
from api.paging import SliceDep
from api.pieces import demand_size, find_live, receive_piece
from api.presenters.upload import present, present_all
from api.quota import demand_storage
from api.refusal import Refusal, shown
from api.services import ReadingDep, Services, ServicesDep, SessionDep
from lamina.schemas.page import Page
from lamina.schemas.upload import Upload
from models import upload as table

router = APIRouter(prefix="/v1/uploads", tags=["uploads"], dependencies=[Depends(tus.negotiate)])

_PIECE = {tus.PIECE: {"schema": {"type": "string", "contentMediaType": tus.PIECE}}}
_BODY: dict[str, Any] = {"requestBody": {"required": True, "content": _PIECE}}
_FIRST: dict[str, Any] = {"requestBody": {"required": False, "content": _PIECE}}
_VERSION = ("unsupported-version", "not-found", "gone")
_RECEIVING = ("offset-mismatch", "too-large", "unsupported-media-type", "checksum-mismatch")
_STANDS = {"Upload_Offset": "bytes that are kept", "Upload_Expires": "until when"}

Version = Annotated[str | None, Header(alias="Tus-Resumable", description=tus.VERSION)]
Length = Annotated[str | None, Header(alias="Upload-Length", description="bytes in all")]
Deferred = Annotated[
    str | None, Header(alias="Upload-Defer-Length", description="1: the length is told later")
]
Metadata = Annotated[
    str | None,
    Header(alias="Upload-Metadata", description="`filename` and others, each value in base64"),
]
Offset = Annotated[str | None, Header(alias="Upload-Offset", description="where the piece belongs")]
Checksum = Annotated[
    str | None, Header(alias="Upload-Checksum", description="of this piece: `sha256 <base64>`")
]


@router.options(
    "",
    operation_id="uploads_discover",
    summary="What of tus the service knows",
    status_code=204,
    responses={
        204: resource(
            None,
            "Versions, extensions and limits.",
            Tus_Version="versions",
            Tus_Extension="extensions",
            Tus_Max_Size="bytes of the largest upload",
            Tus_Checksum_Algorithm="of Upload-Checksum",
        )
    },
)
async def discover(services: ServicesDep, _caller: Reader) -> Response:
    """The answer stands in the headers."""
    return Response(status_code=204, headers=tus.discovery(services.settings.upload_bytes))


@router.options(
    "/{upload_id}",
    operation_id="uploads_discover_one",
    summary="What of tus the service knows",
    status_code=204,
    responses={204: resource(None, "As of /v1/uploads."), **refusals("not-found")},
)
async def discover_one(upload_id: UploadId, services: ServicesDep, caller: Reader) -> Response:
    """The same for every upload."""
    refuse_foreign("Upload", upload_id)
    return await discover(services, caller)


@router.post(
    "",
    operation_id="uploads_create",
    summary="Begin an upload",
    status_code=201,
    openapi_extra=_FIRST,
    responses={
        201: resource(Upload, "It can be gone on with.", Location="its address", **_STANDS),
        **refusals(
            *("unsupported-version", "quota-exceeded", "idempotency-key-reused", *_RECEIVING)
        ),
    },
)
async def create_upload(
    request: Request,
    services: ServicesDep,
    caller: Trainer,
    once: OnceDep,
    _version: Version = None,
    _length: Length = None,
    _deferred: Deferred = None,
    _metadata: Metadata = None,
    _checksum: Checksum = None,
) -> Response:
    """Announce a file by its length; the first piece may come along.

    Go on with PATCH; when all has arrived, POST /v1/datasets or /v1/files takes
    `{"upload": "upl_…"}`.
    """
    length = tus.read_length(request.headers)
    demand_size(services, length)
    described = request.headers.get("upload-metadata", "")
    tus.read_metadata(described)
    carries = _carries_piece(request)

    def make(session: Session) -> Answer:
        made = _open(session, services, caller, length, described)
        headers = {"Location": f"/v1/uploads/{made.id}"}
        return Answer.of(present(made), 201, headers)

    digest = digest_of([length, described])
    made, replayed = await anyio.to_thread.run_sync(once.create, services.database, digest, make)
    if carries and not replayed:
        upload = await receive_piece(request, services, caller, made.body["id"], 0)
    else:
        upload = await services.reading(find_live, caller, made.body["id"])
    marks = {"Idempotency-Replayed": "true"} if replayed else {}
    return answer(present(upload), 201, {**made.headers, **tus.state(upload), **marks})


@router.get(
    "",
    operation_id="uploads_list",
    summary="List uploads",
    responses={
        200: resource(Page[Upload], "A page, newest first."),
        **refusals("unsupported-version"),
    },
)
def list_uploads(session: ReadingDep, caller: Reader, part: SliceDep) -> Response:
    """The project's uploads that have not become something yet."""
    rows = table.Upload.page(session, caller.project_id, part.asked, part.after)
    return part.page(rows, present_all)


@router.get(
    "/{upload_id}",
    operation_id="uploads_get",
    summary="Where an upload stands",
    responses={
        200: resource(Upload, "It, or with HEAD its headers.", **_STANDS),
        **refusals(*_VERSION),
    },
)
def get_upload(upload_id: UploadId, session: ReadingDep, caller: Reader) -> Response:
    """HEAD is what tus wants; GET tells the same as JSON."""
    upload = find_live(session, caller, upload_id)
    return answer(present(upload), 200, {**tus.state(upload), "cache-control": "no-store"})


@router.patch(
    "/{upload_id}",
    operation_id="uploads_append",
    summary="Send a piece",
    status_code=204,
    openapi_extra=_BODY,
    responses={
        204: resource(None, "It is kept.", **_STANDS),
        **refusals(*_VERSION, *_RECEIVING),
    },
)
async def append_to_upload(
    request: Request,
    upload_id: UploadId,
    services: ServicesDep,
    caller: Trainer,
    _version: Version = None,
    _offset: Offset = None,
    _length: Length = None,
    _checksum: Checksum = None,
) -> Response:
    """The bytes that follow those at hand. A request takes the upload over from an earlier one.

    A piece that breaks off is kept as far as it came, unless it has an Upload-Checksum.
    """
    if not _carries_piece(request):
        raise Refusal("unsupported-media-type", f"A piece must be {tus.PIECE}.")
    offset = tus.read_number(request.headers, "Upload-Offset")
    if offset is None:
        raise tus.unreadable("Upload-Offset", "it is needed")
    upload = await receive_piece(request, services, caller, upload_id, offset)
    return Response(status_code=204, headers={**tus.state(upload), "cache-control": "no-store"})


@router.delete(
    "/{upload_id}",
    operation_id="uploads_delete",
    summary="Give an upload up",
    status_code=204,
    responses={204: resource(None, "It is gone."), **refusals(*_VERSION)},
)
def delete_upload(
    upload_id: UploadId,
    session: SessionDep,
    services: ServicesDep,
    caller: Trainer,
    _version: Version = None,
) -> Response:
    """Its bytes are deleted."""
    upload = find_live(session, caller, upload_id)
    session.delete(upload)
    services.delete_after_commit(session, upload.prefix)
    return Response(status_code=204)


def _carries_piece(request: Request) -> bool:
    """Whether there is a piece in the body. Raises Refusal (415) for a body of another type."""
    kind = media_type(request)
    if kind == tus.PIECE:
        return True
    if announced(request) or "transfer-encoding" in request.headers:
        detail = f"A piece must be {tus.PIECE}, not {shown(kind) if kind else 'untyped'}."
        raise Refusal("unsupported-media-type", detail, headers={"Accept": tus.PIECE})
    return False


def _open(
    session: Session, services: Services, caller: Caller, length: int | None, described: str
) -> table.Upload:
    most = services.settings.uploads_open
    if table.Upload.live(session, caller.project_id) >= most:
        detail = f"{most} uploads of this project are open; finish or delete some."
        raise Refusal("quota-exceeded", detail, headers={"Retry-After": "60"})
    hours = services.settings.upload_hours
    made = table.Upload.open(session, caller.project_id, length, described, hours, caller.account)
    demand_storage(services.settings, session, caller)
    return made
