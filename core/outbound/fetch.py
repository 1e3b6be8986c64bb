"""One GET over HTTP, with every address looked at before it is connected to.

A host is resolved once for each connection, all of its addresses are judged, and the connection is
opened to one of those very addresses; so a name that is bound anew in between changes nothing. No
proxy, no cookie and no credential of the environment takes part. Redirects are judged like URLs.
"""

import socket
import ssl
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin

import httpcore2

from core.outbound.addresses import Address
from core.outbound.allowance import Allowance, Forbidden, Target
from lamina import __version__

Resolve = Callable[[str, int], Iterable[str]]
Take = Callable[[bytes], object]

_CONNECT_SECONDS: Final = 10.0
_SILENCE_SECONDS: Final = 30.0
_REDIRECTS: Final = 5
_TRIED_ADDRESSES: Final = 3
_MOVED: Final = frozenset({301, 302, 303, 307, 308})
_HEADERS: Final[list[tuple[bytes | str, bytes | str]]] = [
    ("User-Agent", f"lamina/{__version__}"),
    ("Accept", "*/*"),
    ("Accept-Encoding", "identity"),
]


class Failed(Exception):
    """Nothing could be fetched; the text says why."""


class TooLarge(Exception):
    """There is more than may be fetched."""


@dataclass(frozen=True)
class Fetched:
    """What was fetched: where it was in the end, and what it is said to be."""

    target: Target
    content_type: str | None


@dataclass
class _Limits:
    bytes: int
    ends_at: float

    def left(self, most: float) -> float:
        """Seconds that the next step may take. Raises Failed when the time is up."""
        seconds = min(most, self.ends_at - time.monotonic())
        if seconds <= 0:
            raise Failed("It took too long.")
        return seconds


@dataclass
class _Backend(httpcore2.NetworkBackend):
    """Connects to admitted addresses only, and keeps the time."""

    allowance: Allowance
    limits: _Limits
    resolve: Resolve
    inner: httpcore2.NetworkBackend = field(default_factory=httpcore2.SyncBackend)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - ours is stricter
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """A connection to the host. Raises Forbidden, Failed, httpcore2.ConnectError."""
        addresses = self._addresses(host, port)
        error: Exception = Failed("It has no address.")
        for address in addresses[:_TRIED_ADDRESSES]:
            try:
                seconds = self.limits.left(_CONNECT_SECONDS)
                stream = self.inner.connect_tcp(
                    str(address), port, seconds, local_address, socket_options
                )
                return _Stream(stream, self.limits)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as refusal:
                error = refusal
        raise error

    def _addresses(self, host: str, port: int) -> list[Address]:
        try:
            found = [ip_address(text) for text in dict.fromkeys(self.resolve(host, port))]
        except (OSError, ValueError):
            found = []
        if not found or not all(map(self.allowance.admits, found)):
            # One text for both, so that nobody learns names of a private network here.
            raise Forbidden("The host has no public address.")
        return found


class _Stream(httpcore2.NetworkStream):
    """A connection none of whose steps outlasts the whole."""

    def __init__(self, inner: httpcore2.NetworkStream, limits: _Limits) -> None:
        self._inner, self._limits = inner, limits

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._limits.left(timeout or _SILENCE_SECONDS))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._limits.left(timeout or _SILENCE_SECONDS))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        seconds = self._limits.left(timeout or _CONNECT_SECONDS)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, seconds), self._limits)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def system_resolve(host: str, port: int) -> list[str]:
    """The addresses of a host by the system's resolver. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


def fetch(
    allowance: Allowance,
    url: str,
    take: Take,
    most_bytes: int,
    seconds: float,
    authorities: Path | None = None,
    resolve: Resolve = system_resolve,
) -> Fetched:
    """Pass the content at a URL to `take`, piece by piece.

    `authorities` is a file of further certificates to trust. Raises Forbidden, TooLarge, Failed.
    """
    target = allowance.admit(url)
    limits = _Limits(most_bytes, time.monotonic() + seconds)
    context = httpcore2.default_ssl_context()
    if authorities is not None:
        context.load_verify_locations(authorities)
    backend = _Backend(allowance, limits, resolve)
    with httpcore2.ConnectionPool(context, network_backend=backend) as pool:
        for _ in range(_REDIRECTS + 1):
            try:
                found = _get(pool, target, take, limits)
            except (httpcore2.NetworkError, httpcore2.TimeoutException) as error:
                raise Failed(f"The connection failed: {_short(error)}.") from error
            except (httpcore2.ProtocolError, ssl.SSLError) as error:
                raise Failed(f"What answered speaks no sound HTTP: {_short(error)}.") from error
            if isinstance(found, Fetched):
                return found
            target = _follow(allowance, target, found)
    raise Failed(f"It redirects more than {_REDIRECTS} times.")


def _get(
    pool: httpcore2.ConnectionPool, target: Target, take: Take, limits: _Limits
) -> Fetched | str:
    """Fetch, or tell where it has moved to."""
    timeouts = dict.fromkeys(("connect", "read", "write", "pool"), _SILENCE_SECONDS)
    with pool.stream(
        "GET", target.url, headers=_HEADERS, extensions={"timeout": timeouts}
    ) as response:
        headers = {
            name.lower().decode("latin-1"): value.decode("latin-1")
            for name, value in response.headers
        }
        if response.status in _MOVED and "location" in headers:
            return headers["location"]
        if response.status != 200:
            raise Failed(f"It was answered with status {response.status}.")
        if headers.get("content-encoding", "identity").strip().lower() != "identity":
            raise Failed("It comes compressed by Content-Encoding, which nobody asked for.")
        size = 0
        if int(headers.get("content-length", "0")) > limits.bytes:
            raise TooLarge
        for chunk in response.iter_stream():
            size += len(chunk)
            if size > limits.bytes:
                raise TooLarge
            take(chunk)
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    return Fetched(target, kind or None)


def _follow(allowance: Allowance, target: Target, location: str) -> Target:
    try:
        moved = allowance.admit(urljoin(target.url, location))
    except (Forbidden, ValueError) as error:
        raise Forbidden(f"It redirects to where it must not: {error}") from error
    if moved.scheme == "s3" or (target.scheme, moved.scheme) == ("https", "http"):
        raise Forbidden("It redirects from https to something else.")
    return moved


def _short(error: Exception) -> str:
    return str(error).rstrip(".")[:200] or type(error).__name__
