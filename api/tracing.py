"""The place of each request in a trace: the caller's by `traceparent`, else a new one."""

import time

import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core import traces

_QUIET = frozenset({"/healthz", "/readyz", "/metrics"})
"""Asked every few seconds by machines: their spans would hide the others."""


class Tracing:
    """Binds the id of the trace to the log and to what the request makes, and sends its span.

    As in the counts of traffic, a request lasts up to the head of its answer.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection (ASGI)."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        parent = traces.Place.read(Headers(scope=scope).get("traceparent"))
        place = parent.below() if parent else traces.Place.begin()
        scope.setdefault("state", {})["trace_id"] = place.trace_id
        began = time.time()

        async def telling(message: Message) -> None:
            if message["type"] == "http.response.start" and scope["path"] not in _QUIET:
                _tell(scope, place, parent, began, message["status"])
            await send(message)

        token = traces.current.set(place)
        try:
            with structlog.contextvars.bound_contextvars(trace_id=place.trace_id):
                await self.app(scope, receive, telling)
        finally:
            traces.current.reset(token)


def _tell(
    scope: Scope, place: traces.Place, parent: traces.Place | None, began: float, status: int
) -> None:
    """By the conventions for HTTP servers: https://opentelemetry.io/docs/specs/semconv/http/."""
    route = getattr(scope.get("route"), "path", None)
    traces.record(
        f"{scope['method']} {route}" if route else scope["method"],
        place,
        parent,
        began,
        "server",
        str(status) if status >= 500 else None,
        attributes={
            "http.request.method": scope["method"],
            "http.route": route,
            "http.response.status_code": status,
            "url.path": scope["path"][:200],
            "lamina.request.id": scope["state"].get("request_id"),
        },
    )
