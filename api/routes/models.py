"""Trained models: list, look into, download, delete."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session
from starlette.responses import Response, StreamingResponse

from api.answers import answer
from api.auth import Reader, Trainer
from api.conditional import IfMatch, IfNoneMatch, demand, etag, is_current, not_modified
from api.contract import refusals, resource
from api.deletion import Permanently, discard, find_to_delete
from api.download import CONTENT, Stored, Wanted, WantedDep, safe
from api.exporting import MEDIA as EXPORT_MEDIA
from api.exporting import SUFFIXES
from api.lookup import ModelId, find
from api.paging import SliceDep
from api.preference import Wait, applied
from api.presenters.model import FORMATS, MEDIA, kept, present, present_all
from api.refusal import Refusal, shown
from api.services import ReadingDep, Services, ServicesDep, SessionDep
from api.waiting import until
from lamina.schemas.model import Model
from lamina.schemas.page import Page
from models.dependence import starting_from
from models.export import Export
from models.model import TrainedModel

_EXPORT_SECONDS = 20
"""How long an answer is put off while an export is being made, unless the client says."""

router = APIRouter(prefix="/v1/models", tags=["models"])


@router.get(
    "",
    operation_id="models_list",
    summary="List models",
    responses={200: resource(Page[Model], "A page, newest first.")},
)
def list_models(session: ReadingDep, caller: Reader, part: SliceDep) -> Response:
    """The project's trained models."""
    rows = TrainedModel.page(session, caller.project_id, part.asked, part.after)
    return part.page(rows, lambda shown: present_all(session, shown))


@router.get(
    "/{model_id}",
    operation_id="models_get",
    summary="Get a model",
    responses={
        200: resource(Model, "The model.", ETag="changes with each visible change"),
        304: resource(None, "Unchanged."),
        **refusals("not-found"),
    },
)
def get_model(
    model_id: ModelId, session: ReadingDep, caller: Reader, if_none_match: IfNoneMatch = None
) -> Response:
    """Its stack, size, origin and files."""
    model = find(session, TrainedModel, caller, model_id)
    tag = etag(model.id, model.version)
    if is_current(if_none_match, tag):
        return not_modified(tag)
    return answer(present(session, model), headers={"ETag": tag})


@router.get(
    "/{model_id}/summary",
    operation_id="models_summary",
    summary="Print a model",
    responses={
        200: {
            "description": "Keras's table of layers.",
            "content": {"text/plain": {"schema": {"type": "string"}}},
        },
        **refusals("not-found"),
    },
)
def get_summary(model_id: ModelId, session: ReadingDep, caller: Reader) -> Response:
    """What `model.summary()` prints."""
    model = find(session, TrainedModel, caller, model_id)
    return Response(model.summary, media_type="text/plain; charset=utf-8")


@router.get(
    "/{model_id}/content",
    operation_id="models_content",
    summary="Download a model",
    response_class=StreamingResponse,
    responses={
        **CONTENT,
        202: resource(None, "It is being made; ask again.", Retry_After="seconds"),
        **refusals(
            *("not-found", "not-acceptable", "range-not-satisfiable", "export-failed"),
        ),
    },
)
async def get_content(
    model_id: ModelId,
    services: ServicesDep,
    caller: Reader,
    wanted: WantedDep,
    wait: Wait,
    form: Annotated[
        str,
        Query(
            alias="format",
            max_length=40,
            description="keras, weights, json, stack, encoding; onnx, litert or saved_model, which"
            " are made when first asked for",
        ),
    ] = "keras",
    checkpoint: Annotated[
        str | None,
        Query(
            max_length=20,
            description="of `weights`: best, last or the number of an epoch that a ModelCheckpoint "
            "has kept; left out, those at the end",
        ),
    ] = None,
) -> Response:
    """The model in a written form; resumable by Range.

    What is made on demand is run by its own runtime on rows held out from training, and refused
    (422) when the form cannot hold the network or gives other numbers. While it is being made the
    answer is 202, after `Prefer: wait=N` seconds (20 if left out).
    """

    def look(session: Session) -> TrainedModel:
        return find(session, TrainedModel, caller, model_id)

    model = await services.reading(look)
    if checkpoint is None and form in SUFFIXES:
        return await _export(services, look, model, form, wanted, wait)
    name = _file(model, form) if checkpoint is None else _kept(model, form, checkpoint)
    filename = f"{safe(model.display_name, model.id)}-{name}"
    stored = Stored(
        f"{model.prefix}/{name}", **model.files[name], media=MEDIA[form], filename=filename
    )
    return wanted.send(services.storage, stored)


@router.delete(
    "/{model_id}",
    operation_id="models_delete",
    summary="Delete a model",
    status_code=204,
    responses={
        204: resource(None, "It is gone, with its files."),
        **refusals("not-found", "in-use", "precondition-failed"),
    },
)
def delete_model(
    model_id: ModelId,
    session: SessionDep,
    services: ServicesDep,
    caller: Trainer,
    if_match: IfMatch = None,
    permanently: Permanently = False,
) -> Response:
    """The model and its files; the job that made it stays. Refused while jobs take from it.

    It can be restored for `LAMINA_TRASH_DAYS`.
    """
    model = find_to_delete(session, TrainedModel, caller, model_id, permanently)
    demand(if_match, etag(model.id, model.version))
    if users := starting_from(session, caller.project_id, model.id):
        raise Refusal("in-use", f"Jobs take weights from it: {', '.join(users)}.")
    discard(services, session, model, permanently)
    services.forget_after_commit(session, model.id)
    return Response(status_code=204)


async def _export(
    services: Services,
    look: Callable[[Session], TrainedModel],
    model: TrainedModel,
    form: str,
    wanted: Wanted,
    wait: int | None,
) -> Response:
    """The export, made if need be; 202 while it is not there. Raises Refusal with the reason."""

    def seen(session: Session) -> Export | None:
        look(session)
        return Export.find(session, model.id, form)

    row = await services.reading(seen)
    if row is None or row.state == "making":
        services.exporting.begin(model, form)
        seconds = _EXPORT_SECONDS if wait is None else wait
        row = await until(
            services, model.id, seconds, seen, lambda row: row is not None and row.state != "making"
        )
    if row is None or row.state == "making":
        headers = {"Retry-After": "2", "Location": f"/v1/models/{model.id}/content?format={form}"}
        return Response(status_code=202, headers=headers | applied(wait))
    if row.file is None:
        raise Refusal("export-failed", row.error or "The export was refused.")
    filename = f"{safe(model.display_name, model.id)}{SUFFIXES[form]}"
    stored = Stored(
        f"{model.prefix}/{row.file['name']}",
        row.file["bytes"],
        row.file["digest"],
        EXPORT_MEDIA[form],
        filename,
    )
    return wanted.send(services.storage, stored)


def _kept(model: TrainedModel, form: str, checkpoint: str) -> str:
    """The file of an epoch's weights. Raises Refusal (404, 406), naming those that there are."""
    if form != "weights":
        raise Refusal("not-acceptable", "Of a checkpoint there are weights only: format=weights.")
    found = kept(model)
    for name, one in found.items():
        if checkpoint in (one.kind, str(one.epoch)) and checkpoint != "epoch":
            return name
    there = ", ".join(
        dict.fromkeys(str(one.epoch if one.kind == "epoch" else one.kind) for one in found.values())
    )
    detail = f"No weights of {shown(checkpoint)} were kept; there are: {there or 'none'}."
    raise Refusal("not-found", detail)


def _file(model: TrainedModel, form: str) -> str:
    """The file of this form. Raises Refusal (406), naming those that there are."""
    name = FORMATS.get(form)
    if name is None or name not in model.files:
        there = ", ".join(
            [*(known for known, file in FORMATS.items() if file in model.files), *SUFFIXES]
        )
        raise Refusal("not-acceptable", f"There is no form {shown(form)}; there are: {there}.")
    return name
