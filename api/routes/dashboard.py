"""The dashboard: one page, and the hashed files that it is made of."""

from typing import Annotated

from fastapi import APIRouter, Header, Path
from starlette.responses import HTMLResponse, Response

from api.bundle import BuiltFile, built
from api.conditional import IfNoneMatch, etag, is_current, not_modified
from api.contract import refusals, resource
from api.refusal import Refusal, shown

router = APIRouter(tags=["service"])

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_FOREVER = "public, max-age=31536000, immutable"

Encodings = Annotated[str, Header(alias="Accept-Encoding", include_in_schema=False)]


@router.get(
    "/",
    operation_id="dashboard",
    summary="The dashboard",
    response_class=HTMLResponse,
    responses={
        200: {"description": "The page.", "content": {"text/html": {}}},
        304: resource(None, "Unchanged."),
        **refusals("unavailable"),
    },
)
def dashboard(if_none_match: IfNoneMatch = None, accept_encoding: Encodings = "") -> Response:
    """Jobs, datasets, models and workers, to be looked at and worked with."""
    page = built()["index.html"]
    tag = etag("dashboard", page.digest)
    if is_current(if_none_match, tag):
        return not_modified(tag)
    headers = {"ETag": tag, "cache-control": "no-cache", "content-security-policy": _POLICY}
    return _send(page, accept_encoding, headers)


@router.get(
    "/assets/{name}",
    operation_id="dashboard_asset",
    summary="A file of the dashboard",
    response_class=Response,
    responses={
        200: {"description": "The file; its name changes with it.", "content": {"*/*": {}}},
        304: resource(None, "Unchanged."),
        **refusals("not-found", "unavailable"),
    },
)
def asset(
    name: Annotated[str, Path(max_length=200, description="its name, with a hash in it")],
    if_none_match: IfNoneMatch = None,
    accept_encoding: Encodings = "",
) -> Response:
    """Scripts and styles, to be kept for ever."""
    file = built().get(f"assets/{name}")
    if file is None:
        raise Refusal("not-found", f"The dashboard has no file {shown(name)}.")
    tag = etag("asset", file.digest)
    if is_current(if_none_match, tag):
        return not_modified(tag)
    return _send(file, accept_encoding, {"ETag": tag, "cache-control": _FOREVER})


def _send(file: BuiltFile, accepted: str, headers: dict[str, str]) -> Response:
    headers["Vary"] = "Accept-Encoding"
    if "gzip" in accepted:
        headers["Content-Encoding"] = "gzip"
        return Response(file.compressed, headers=headers, media_type=file.media)
    return Response(file.content, headers=headers, media_type=file.media)
