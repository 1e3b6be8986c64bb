"""Counts what this process answers, by route and status, and how long that takes."""

import time

from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_BUCKETS = (0.005, 0.02, 0.05, 0.1, 0.3, 1, 3, 10, 30)
_NO_ROUTE = "none"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Traffic:
    """Takes the time up to the head of an answer: bodies that stream have no end of their own."""

    def __init__(self, app: ASGIApp, registry: CollectorRegistry) -> None:
        self.app = app
        labels = ("method", "route")
        self._requests = Counter(
            "lamina_http_requests",
            "Answers of this process.",
            (*labels, "status"),
            registry=registry,
        )
        self._seconds = Histogram(
            "lamina_http_request_seconds",
            "Time to the head of an answer; a client's own waiting (Prefer: wait) among it.",
            labels,
            registry=registry,
            buckets=_BUCKETS,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection (ASGI)."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()

        async def counting(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._count(scope, message["status"], time.perf_counter() - began)
            await send(message)

        await self.app(scope, receive, counting)

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        """Labels are of a closed set: what a client makes up must not fill the memory."""
        route = getattr(scope.get("route"), "path", _NO_ROUTE)
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._requests.labels(method, route, status).inc()
        self._seconds.labels(method, route).observe(seconds)
