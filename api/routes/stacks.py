"""Stacks: checked without training, suggested for a dataset, converted into other forms."""

from fastapi import APIRouter
from starlette.responses import Response

from api.answers import answer
from api.auth import Reader
from api.body import Document
from api.capacity import weighed
from api.checking import check
from api.contract import accepts, refusals, resource
from api.converting import convert
from api.examples import (
    CONVERT,
    SHORTEN,
    STACK_ALONE,
    STACK_WITH_DATA,
    SUGGEST_LABELS,
    SUGGEST_TARGET,
)
from api.services import ServicesDep
from api.suggesting import suggest
from lamina.schemas.conversion import Conversion, ConvertRequest
from lamina.schemas.job_request import StackCheckRequest
from lamina.schemas.plan import Plan
from lamina.schemas.suggestion import Suggestion, SuggestRequest

router = APIRouter(prefix="/v1/stacks", tags=["stacks"])


@router.post(
    "/check",
    operation_id="stacks_check",
    summary="Check a stack",
    openapi_extra=accepts(StackCheckRequest, alone=STACK_ALONE, with_data=STACK_WITH_DATA),
    responses={
        200: resource(Plan, "The stack is sound; this is what it would do."),
        **refusals(
            *("too-large", "unsupported-media-type", "not-ready", "invalid-request"),
            *("invalid-stack", "stack-too-large", "invalid-training", "data-stack-mismatch"),
        ),
    },
)
async def check_stack(services: ServicesDep, caller: Reader, document: Document) -> Response:
    """Shapes, parameters and memory, found without training; or every error at once."""
    checked = await check(services, caller, StackCheckRequest, document)
    plan = await services.reading(weighed, services.settings, checked.plan)
    return answer(Plan.model_validate(plan))


@router.post(
    "/suggest",
    operation_id="stacks_suggest",
    summary="Suggest a job for a dataset",
    openapi_extra=accepts(SuggestRequest, labels=SUGGEST_LABELS, target=SUGGEST_TARGET),
    responses={
        200: resource(Suggestion, "A body for `POST /v1/jobs`, with the reason of every choice."),
        **refusals(
            *("too-large", "unsupported-media-type", "not-ready", "invalid-request"),
            *("invalid-stack", "stack-too-large", "invalid-training", "data-stack-mismatch"),
        ),
    },
)
async def suggest_job(services: ServicesDep, caller: Reader, document: Document) -> Response:
    """A complete job body that suits the data, by its columns, classes and size."""
    return answer(await suggest(services, caller, document))


@router.post(
    "/convert",
    operation_id="stacks_convert",
    summary="Convert a stack into another form",
    openapi_extra=accepts(ConvertRequest, keras=CONVERT, short=SHORTEN),
    responses={
        200: resource(Conversion, "The same network in the form that was asked for."),
        **refusals(
            *("too-large", "unsupported-media-type", "not-ready", "invalid-request"),
            *("invalid-stack", "stack-too-large"),
        ),
    },
)
async def convert_stack(services: ServicesDep, _: Reader, document: Document) -> Response:
    """The short form, or Keras's own, for `keras.models.model_from_json`; nothing is lost."""
    return answer(await convert(services, document))
