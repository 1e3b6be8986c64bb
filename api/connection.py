"""Connections: how long the head of a request may be, and how long it may take to arrive.

uvicorn bounds neither: a client that sends a byte now and then, or headers without end, would keep
its place and fill the memory. Times of bodies are kept by `api.pace`.
"""

import asyncio
from typing import Any

from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.answers import problem_response
from api.refusal import Refusal
from lamina import ids
from lamina.codes import PROBLEMS

HEAD_BYTES = 64 * 1024
"""Bytes of a request's line and its headers."""


class Connection(HttpToolsProtocol):
    """One connection: closed when no whole head has come in time since it was opened or served."""

    head_seconds: float

    _timer: asyncio.TimerHandle | None = None
    _head = 0  # bytes that have come of the next head
    _heads = 0  # that were complete
    _body = False  # whether a body is coming, be it that of a request that has been answered

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a head."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes; answer 431 to a head that does not end."""
        body, heads = self._body, self._heads
        super().data_received(data)
        # A whole request, head and body, may have come at once.
        if not body and not self._body and heads == self._heads:
            self._head += len(data)
            if self._head > HEAD_BYTES and not self.transport.is_closing():
                self._refuse("head-too-large", _told())

    def on_headers_complete(self) -> None:
        """Serve the request, if its head has not too many bytes."""
        self._stop_waiting()
        self._head, self._body = 0, True
        self._heads += 1
        size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
        if size > HEAD_BYTES:
            self.app = _refuse_head  # there is nothing else on this connection any more
            self.url = b"/"  # uvicorn's parser cannot read one of more than 65,535 bytes
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The next bytes are a head."""
        self._body = False
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Wait for the next head; also while the rest of a refused body still comes."""
        super().on_response_complete()
        if self.cycle.response_complete and not self.transport.is_closing():
            self._wait()

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP is told so as everything else is told here."""
        self._refuse("malformed-request", msg)

    def _wait(self) -> None:
        self._stop_waiting()
        self._timer = self.loop.call_later(self.head_seconds, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _refuse(self, slug: str, detail: str) -> None:
        """Answer without the application, which has not been given a request, and close."""
        status, title = PROBLEMS[slug]
        body = Refusal(slug, detail).problem("", ids.new("req")).model_dump_json(exclude_none=True)
        head = (
            f"HTTP/1.1 {status} {title}\r\ncontent-type: application/problem+json\r\n"
            f"content-length: {len(body.encode())}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body.encode())
        self.transport.close()


def connection(head_seconds: float) -> type[Connection]:
    """The class of connections that wait so long for a head."""
    found: dict[str, Any] = {"head_seconds": head_seconds}
    return type("Connection", (Connection,), found)


async def _refuse_head(scope: Scope, receive: Receive, send: Send) -> None:
    refusal = Refusal("head-too-large", _told(), headers={"Connection": "close"})
    await problem_response(scope, refusal)(scope, receive, send)


def _told() -> str:
    return f"The address and the headers have more than {HEAD_BYTES} bytes; use a body."
