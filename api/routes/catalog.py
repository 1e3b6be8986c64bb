"""The catalogue: what stacks and settings may be made of, by introspection of Keras."""

import hashlib
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from api.answers import answer
from api.auth import Reader
from api.catalog import CatalogDep, Kind
from api.conditional import IfNoneMatch, etag, is_current, not_modified
from api.contract import refusals, resource
from api.pages.curve import picture
from api.refusal import Refusal, item, shown
from lamina.schemas.catalog import CatalogEntry
from lamina.schemas.page import Page

router = APIRouter(prefix="/v1/catalog", tags=["catalog"])

KindPath = Annotated[Kind, Path(description="what kind of thing")]


@router.get(
    "/{kind}",
    operation_id="catalog_list",
    summary="List what there is of a kind",
    responses={
        200: resource(Page[CatalogEntry], "All of this kind.", ETag="changes with the versions"),
        304: resource(None, "Unchanged."),
        **refusals("not-found"),
    },
)
async def list_catalog(
    kind: KindPath,
    catalog: CatalogDep,
    _caller: Reader,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Names, arguments, defaults and a sentence on each."""
    entries, tag = await catalog.entries(kind)
    if is_current(if_none_match, tag):
        return not_modified(tag)
    return answer(Page[CatalogEntry](data=entries), headers=_headers(tag))


@router.get(
    "/{kind}/{name}",
    operation_id="catalog_get",
    summary="Look one up",
    responses={
        200: resource(CatalogEntry, "The entry.", ETag="changes with the versions"),
        304: resource(None, "Unchanged."),
        **refusals("not-found"),
    },
)
async def get_catalog_entry(
    kind: KindPath,
    name: Annotated[str, Path(max_length=200, description="its name or an alias")],
    catalog: CatalogDep,
    _caller: Reader,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """One layer, optimizer, loss…"""
    entries, tag = await catalog.entries(kind)
    for entry in entries:
        if name == entry.name or name in entry.aliases:
            if is_current(if_none_match, tag):
                return not_modified(tag)
            return answer(entry, headers=_headers(tag))
    names = [entry.name for entry in entries]
    near = item("", "bad-value", f"No such name among the {kind}.", (name, names), parameter="name")
    raise Refusal("not-found", f"There is nothing called {shown(name)} among the {kind}.", [near])


@router.get(
    "/activations/{name}/curve.svg",
    operation_id="catalog_curve",
    summary="Draw an activation",
    response_class=Response,
    responses={
        200: {
            **resource(None, "The curve and its slope over -5 to 5.", ETag="of the picture"),
            "content": {"image/svg+xml": {"schema": {"type": "string"}}},
        },
        304: resource(None, "Unchanged."),
        **refusals("not-found"),
    },
)
async def get_curve(
    name: Annotated[str, Path(max_length=200, description="the activation")],
    catalog: CatalogDep,
    _caller: Reader,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Computed by Keras itself. Activations that need arguments have no curve of their own."""
    found = await catalog.curves()
    one = found["curves"].get(name)
    if one is None:
        names = list(found["curves"])
        near = item("", "bad-value", "No such curve.", (name, names), parameter="name")
        raise Refusal("not-found", f"There is no curve of {shown(name)}.", [near])
    drawn = picture(name, found["x"], one["y"], one["slope"])
    tag = etag("curve", hashlib.sha256(drawn.encode()).hexdigest()[:24])
    if is_current(if_none_match, tag):
        return not_modified(tag)
    return Response(drawn, headers=_headers(tag), media_type="image/svg+xml")


def _headers(tag: str) -> dict[str, str]:
    return {"ETag": tag, "cache-control": "private, max-age=3600"}
