"""The dashboard's session: a key in a cookie that no script and no other site can use."""

import anyio.to_thread
from fastapi import APIRouter, Request
from starlette.responses import Response

from api.auth import COOKIE, Guard, refuse_foreign_page
from api.body import Document
from api.contract import accepts, refusals, resource
from api.refusal import Refusal
from api.validation import read
from lamina.schemas.key import SessionRequest

router = APIRouter(prefix="/session", tags=["service"])

_SECONDS = 30 * 86_400


@router.post(
    "",
    operation_id="session_begin",
    summary="Enter the dashboard with a key",
    status_code=204,
    openapi_extra=accepts(SessionRequest, key={"key": "lmn_…"}, other={"key": "lmn_other…"}),
    responses={
        204: resource(None, "The key is known.", Set_Cookie="carries it, for thirty days"),
        **refusals("unauthenticated", "forbidden", "too-large", "unsupported-media-type"),
        **refusals("invalid-request", "unavailable"),
    },
)
async def begin(request: Request, document: Document) -> Response:
    """An EventSource sends no headers, so a browser carries its key in a cookie."""
    refuse_foreign_page(request)
    secret = read(SessionRequest, document).key
    guard: Guard = request.app.state.guard
    if await anyio.to_thread.run_sync(guard.by_secret, secret) is None:
        raise Refusal("unauthenticated", "The API key is unknown, expired or revoked.")
    response = Response(status_code=204, headers={"cache-control": "no-store"})
    secure = request.url.scheme == "https"
    response.set_cookie(
        COOKIE, secret, max_age=_SECONDS, httponly=True, samesite="strict", secure=secure
    )
    return response


@router.delete(
    "",
    operation_id="session_end",
    summary="Leave the dashboard",
    status_code=204,
    responses={204: resource(None, "The cookie is gone."), **refusals("forbidden")},
)
async def end(request: Request) -> Response:
    """The browser forgets the key; the key itself stays."""
    refuse_foreign_page(request)
    response = Response(status_code=204)
    response.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return response
