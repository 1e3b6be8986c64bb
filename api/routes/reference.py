"""The contract, for programs and for people."""

import hashlib
from importlib.metadata import version

import orjson
from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from api.catalog import CatalogDep
from api.conditional import IfNoneMatch, etag, is_current, not_modified
from api.contract import refusals, resource
from api.pages.cheatsheet import render as render_cheatsheet
from api.pages.reference import render

router = APIRouter(tags=["service"])

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


@router.get(
    "/openapi.json",
    operation_id="openapi",
    summary="The OpenAPI 3.1 document",
    responses={
        200: {"description": "The document.", "content": {"application/json": {}}},
        304: resource(None, "Unchanged."),
    },
)
def openapi(request: Request, if_none_match: IfNoneMatch = None) -> Response:
    """This interface, in machine-readable form."""
    body = orjson.dumps(request.app.openapi())
    tag = etag(hashlib.sha256(body).hexdigest()[:32])
    if is_current(if_none_match, tag):
        return not_modified(tag)
    headers = {"ETag": tag, "cache-control": "no-cache"}
    return Response(body, headers=headers, media_type="application/json")


@router.get(
    "/docs",
    operation_id="docs",
    summary="The reference as a page",
    response_class=HTMLResponse,
    responses={200: {"description": "The page.", "content": {"text/html": {}}}},
)
def docs(request: Request) -> Response:
    """This interface, for people."""
    page = render(request.app.openapi())
    headers = {"content-security-policy": _POLICY, "cache-control": "no-cache"}
    return HTMLResponse(page, headers=headers)


@router.get(
    "/cheatsheet",
    operation_id="cheatsheet",
    summary="The layers on one page",
    response_class=HTMLResponse,
    responses={
        200: {"description": "The page.", "content": {"text/html": {}}},
        304: resource(None, "Unchanged."),
        **refusals("unavailable"),
    },
)
async def cheatsheet(catalog: CatalogDep, if_none_match: IfNoneMatch = None) -> Response:
    """What each layer is for, when to use it and what to watch, to be read or printed."""
    layers, _ = await catalog.entries("layers")
    page = render_cheatsheet(layers, await catalog.curves(), version("keras"))
    tag = etag("cheatsheet", hashlib.sha256(page.encode()).hexdigest()[:24])
    if is_current(if_none_match, tag):
        return not_modified(tag)
    headers = {"content-security-policy": _POLICY, "cache-control": "no-cache", "ETag": tag}
    return HTMLResponse(page, headers=headers)
