"""Datasets: upload, list, look into, delete."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.answers import answer
from api.auth import Caller, Reader, Trainer
from api.body import media_type
from api.conditional import IfMatch, IfNoneMatch, demand, etag, is_current, not_modified
from api.contract import accepts, refusals, resource
from api.deletion import Permanently, discard, find_to_delete
from api.idempotency import Answer, Once, OnceDep
from api.intake import from_document, from_upload, withdraw
from api.lookup import DatasetId, find
from api.paging import SliceDep
from api.placing import RETRY
from api.preference import Wait, applied
from api.presenters.dataset import present, present_all
from api.refusal import Refusal
from api.services import ReadingDep, Services, ServicesDep, SessionDep
from api.upload import receive
from api.waiting import until
from lamina.schemas.dataset import Dataset, DatasetRequest, Preview
from lamina.schemas.page import Page
from lamina.schemas.problem import ProblemItem
from models import dataset as table
from models.dependence import using

router = APIRouter(prefix="/v1/datasets", tags=["datasets"])

_UPLOADS = {
    kind: {"schema": {"type": "string", "contentMediaType": kind}}
    for kind in ("text/csv", "application/zip", "application/octet-stream")
}
_FORM = {
    "schema": {
        "type": "object",
        "required": ["file"],
        "properties": {"file": {"type": "string", "contentMediaType": "application/octet-stream"}},
    }
}
_BODY = accepts(
    DatasetRequest,
    rows={
        "name": "and",
        "rows": [{"a": 0, "b": 1, "label": "no"}, {"a": 1, "b": 1, "label": "yes"}],
    },
    tagged={"rows": [{"x": 1.5, "y": 3.1}, {"x": 2.5, "y": 4.9}], "tags": ["toy"]},
    upload={"upload": "upl_01kaz8v7m2f5q0r9x3n6t4w1yc", "name": "large", "filename": "large.csv"},
    sample={"sample": "penguins"},
)
_BODY["requestBody"]["content"] |= {**_UPLOADS, "multipart/form-data": _FORM}

Name = Annotated[str | None, Query(max_length=200, description="what to call it")]
Filename = Annotated[str | None, Query(max_length=1024, description="the file's own name")]


@router.post(
    "",
    operation_id="datasets_create",
    summary="Upload a dataset",
    status_code=202,
    openapi_extra=_BODY,
    responses={
        200: resource(Dataset, "Stored, and read within `Prefer: wait`."),
        202: resource(Dataset, "Stored; a worker reads it now.", Location="its address"),
        **refusals(
            *("digest-mismatch", "too-large", "unsupported-media-type"),
            *(
                "invalid-dataset",
                "invalid-request",
                "idempotency-key-reused",
                "not-ready",
                "quota-exceeded",
            ),
        ),
    },
)
async def create_dataset(
    request: Request,
    services: ServicesDep,
    caller: Trainer,
    once: OnceDep,
    wait: Wait,
    name: Name = None,
    filename: Filename = None,
) -> Response:
    """The body is the file itself, a form with a part `file`, or JSON with one source.

    In JSON the data comes as `rows`, from an `upload` in pieces, or from a `url`, or it is a
    `sample` of the service. What was made of an upload uses it up.
    A file of no known format is refused at once. What else is wrong with it shows when a worker
    reads it: as the state `failed`, or, within `Prefer: wait`, as a refusal that stores nothing.
    """
    if media_type(request) == "application/json":
        made, replayed = await from_document(request, services, caller, once, name, filename)
    else:
        async with receive(request, services) as upload:
            made, replayed = await from_upload(services, caller, once, upload, name, filename)
    if wait is None or replayed:
        return made.response(replayed)
    return await _when_read(services, caller, once, made, wait)


@router.get(
    "",
    operation_id="datasets_list",
    summary="List datasets",
    responses={200: resource(Page[Dataset], "A page, newest first.")},
)
def list_datasets(
    session: ReadingDep,
    caller: Reader,
    part: SliceDep,
    name: Annotated[str | None, Query(max_length=200, description="of this name alone")] = None,
) -> Response:
    """The project's datasets; of one name, its versions."""
    rows = table.Dataset.page(session, caller.project_id, part.asked, part.after, name)
    return part.page(rows, present_all)


@router.get(
    "/{dataset_id}",
    operation_id="datasets_get",
    summary="Get a dataset",
    responses={
        200: resource(Dataset, "The dataset.", ETag="changes with each visible change"),
        304: resource(None, "Unchanged."),
        **refusals("not-found"),
    },
)
async def get_dataset(
    dataset_id: DatasetId,
    services: ServicesDep,
    caller: Reader,
    wait: Wait,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """State, schema and counts. `Prefer: wait=N` answers when it has been read, or changed."""

    def look(session: Session) -> table.Dataset:
        return find(session, table.Dataset, caller, dataset_id)

    def done(row: table.Dataset) -> bool:
        if if_none_match is not None:
            return not is_current(if_none_match, _tag(row))
        return row.state != "reading"

    if wait:
        row = await until(services, dataset_id, wait, look, done)
    else:
        row = await services.reading(look)
    headers = {"ETag": _tag(row), **applied(wait)}
    if row.state == "reading":
        headers["Retry-After"] = RETRY
    if is_current(if_none_match, _tag(row)):
        return not_modified(_tag(row), **applied(wait))
    return answer(present(row), headers=headers)


@router.get(
    "/{dataset_id}/preview",
    operation_id="datasets_preview",
    summary="Look at some rows",
    responses={
        200: resource(Preview, "The first rows and some others; images as small data URIs."),
        **refusals("not-found", "not-ready"),
    },
)
def preview_dataset(
    dataset_id: DatasetId,
    session: ReadingDep,
    caller: Reader,
    rows: Annotated[int, Query(ge=1, le=20, description="how many of the first, at most 20")] = 20,
) -> Response:
    """What the service understood: the file's beginning, and rows of each class or by chance."""
    row = find(session, table.Dataset, caller, dataset_id)
    if row.preview is None:
        raise Refusal("not-ready", f"The dataset is {row.state}; a preview needs it ready.")
    return answer(Preview(dataset=row.id, rows=row.preview[:rows], samples=row.samples or []))


@router.delete(
    "/{dataset_id}",
    operation_id="datasets_delete",
    summary="Delete a dataset",
    status_code=204,
    responses={
        204: resource(None, "It is gone."),
        **refusals("not-found", "in-use", "precondition-failed"),
    },
)
def delete_dataset(
    dataset_id: DatasetId,
    session: SessionDep,
    services: ServicesDep,
    caller: Trainer,
    if_match: IfMatch = None,
    permanently: Permanently = False,
) -> Response:
    """The dataset and its files, save those that others of the same content need.

    Refused while jobs refer to it. It can be restored for `LAMINA_TRASH_DAYS`, and counts as stored
    until then.
    """
    row = find_to_delete(session, table.Dataset, caller, dataset_id, permanently)
    demand(if_match, _tag(row))
    if users := using(session, row.id):
        detail = f"Jobs refer to it, ended ones too: {', '.join(users)}; delete these first."
        raise Refusal("in-use", detail)
    discard(services, session, row, permanently)
    return Response(status_code=204)


def _tag(row: table.Dataset) -> str:
    return etag(row.id, row.version)


async def _when_read(
    services: Services, caller: Caller, once: Once, made: Answer, wait: int
) -> Response:
    identifier = made.body["id"]
    row = await until(
        services,
        identifier,
        wait,
        lambda session: find(session, table.Dataset, caller, identifier),
        lambda row: row.state != "reading",
    )
    headers = {**made.headers, **applied(wait), "ETag": _tag(row)}
    if row.state == "reading":
        return answer(present(row), 202, headers)
    if row.error is not None:
        await withdraw(services, once, row)
        found = [ProblemItem.model_validate(entry) for entry in row.error["errors"]]
        raise Refusal("invalid-dataset", row.error["detail"], found)
    del headers["Retry-After"]
    return answer(present(row), 200, headers)
