"""A tiny HTTP server that plays the outside world by script: slow, broken, refusing."""

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Asked:
    """A request as it arrived."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Reply:
    """An answer; `cut` ends the connection after so many bytes, -1 before any answer."""

    status: int = 200
    content: Any = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None

    @property
    def payload(self) -> bytes:
        """The bytes of the content."""
        is_raw = isinstance(self.content, bytes)
        return self.content if is_raw else json.dumps(self.content).encode()


Script = Callable[[Asked], Reply]


@dataclass
class Outside:
    """A running server and what it was asked."""

    url: str
    asked: list[Asked]


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that break off are part of the play."""


@contextmanager
def outside(script: Script, tls: ssl.SSLContext | None = None) -> Iterator[Outside]:
    """Serve by the script until the block ends; over TLS if given."""
    asked: list[Asked] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Asked(self.command, parts.path, query, headers, body)
            asked.append(request)
            self._reply(script(request))

        do_GET = do_POST = do_PATCH = do_DELETE = handle_any

        def _reply(self, reply: Reply) -> None:
            self.close_connection = reply.cut is not None
            if reply.cut == -1:
                return
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.status not in (204, 304):
                self.send_header("Content-Length", str(len(reply.payload)))
            self.end_headers()
            self.wfile.write(reply.payload[: reply.cut])

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = _Server(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield Outside(f"http://127.0.0.1:{server.server_port}", asked)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def in_turn(*replies: Reply) -> Script:
    """A script that gives the replies one after another, the last one for ever."""
    left = list(replies)

    def answer(_: Asked) -> Reply:
        return left.pop(0) if len(left) > 1 else left[0]

    return answer


def problem(slug: str, status: int, **more: Any) -> Reply:
    """A refusal; `headers` may be among `more`."""
    headers = {"Content-Type": "application/problem+json", **more.pop("headers", {})}
    content = {
        "type": f"/problems/{slug}",
        "title": "A title",
        "status": status,
        "detail": "A detail.",
        **more,
    }
    return Reply(status, content, headers)
