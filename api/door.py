"""The outermost layer of the application: request ids, and a problem for whatever goes wrong."""

import re

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.answers import problem_response
from api.refusal import Refusal
from lamina import ids

log = structlog.get_logger(__name__)

_SAFE = re.compile(r"[A-Za-z0-9._:/+=@-]{1,128}")
_FRAME = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
)


class Door:
    """Gives each request an id, echoes a caller's own, and turns a crash into a 500 problem."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection (ASGI)."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        asked = scope["method"]
        if asked == "HEAD":  # as GET; the server leaves the content out
            scope = {**scope, "method": "GET"}
        request_id = _request_id(scope)
        scope.setdefault("state", {}).update(request_id=request_id, asked=asked)
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started = False

        async def stamped(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                headers.setdefault("x-request-id", request_id)
                for name, value in scope["state"].get("fields", {}).items():
                    headers[name] = value
                message["headers"].extend(_FRAME)
            await send(message)

        try:
            await self.app(scope, receive, stamped)
        except Exception:
            log.exception("request failed", method=scope["method"], path=scope["path"][:200])
            if started:  # the answer has begun: breaking the connection is all that is left
                raise
            detail = "The service made a mistake; its log has more under this request_id."
            response = problem_response(scope, Refusal("internal", detail))
            await response(scope, receive, stamped)
        finally:
            structlog.contextvars.unbind_contextvars("request_id")


def _request_id(scope: Scope) -> str:
    given = Headers(scope=scope).get("x-request-id", "")
    return given if _SAFE.fullmatch(given) else ids.new("req")
