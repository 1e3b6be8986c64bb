"""What the problem types mean: each `type` of a problem can be opened."""

from fastapi import APIRouter
from starlette.responses import Response

from api.answers import answer
from api.contract import refusals, resource
from api.refusal import Refusal, item, shown
from api.remedies import REMEDIES
from lamina.codes import ITEMS, PROBLEMS
from lamina.schemas.page import Page
from lamina.schemas.problem import ProblemType

router = APIRouter(prefix="/problems", tags=["service"])


@router.get(
    "",
    operation_id="problems_list",
    summary="All problem types",
    responses={200: resource(Page[ProblemType], "Every problem type.")},
)
async def list_problems() -> Response:
    """Every problem type of this service, with its status and what to do about it."""
    return answer(Page[ProblemType](data=[_present(slug) for slug in PROBLEMS]))


@router.get(
    "/{slug}",
    operation_id="problems_get",
    summary="One problem type",
    responses={200: resource(ProblemType, "The problem type."), **refusals("not-found")},
)
async def get_problem(slug: str) -> Response:
    """What a problem means and what to do about it."""
    if slug not in PROBLEMS:
        near = item("", "bad-value", "No such problem.", near=(slug, PROBLEMS), parameter="slug")
        raise Refusal("not-found", f"There is no problem type {shown(slug)}.", [near])
    return answer(_present(slug))


def _present(slug: str) -> ProblemType:
    status, title = PROBLEMS[slug]
    return ProblemType(
        slug=slug,
        type=f"/problems/{slug}",
        status=status,
        title=title,
        remedy=REMEDIES[slug],
        codes=ITEMS if status == 422 else None,
    )
