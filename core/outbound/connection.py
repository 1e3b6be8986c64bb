"""Connections outwards, with every address looked at before it is connected to.

A host is resolved once for each connection, all of its addresses are judged, and the connection is
opened to one of those very addresses; so a name that is bound anew in between changes nothing. No
proxy, no cookie and no credential of the environment takes part.
"""

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final

import httpcore2

from core.outbound.addresses import Address
from core.outbound.allowance import Allowance, Forbidden

Resolve = Callable[[str, int], Iterable[str]]

_CONNECT_SECONDS: Final = 10.0
SILENCE_SECONDS: Final = 30.0
_TRIED_ADDRESSES: Final = 3


class Failed(Exception):
    """Nothing came of it; the text says why."""


@dataclass
class Limits:
    """How many bytes may come, and until when (`time.monotonic`)."""

    bytes: int
    ends_at: float

    def left(self, most: float) -> float:
        """Seconds that the next step may take. Raises Failed when the time is up."""
        seconds = min(most, self.ends_at - time.monotonic())
        if seconds <= 0:
            raise Failed("It took too long.")
        return seconds


@dataclass
class Backend(httpcore2.NetworkBackend):
    """Connects to admitted addresses only, and keeps the time."""

    allowance: Allowance
    limits: Limits
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

    def __init__(self, inner: httpcore2.NetworkStream, limits: Limits) -> None:
        self._inner, self._limits = inner, limits

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._limits.left(timeout or SILENCE_SECONDS))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._limits.left(timeout or SILENCE_SECONDS))

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


def open_pool(
    allowance: Allowance,
    limits: Limits,
    authorities: Path | None = None,
    resolve: Resolve = system_resolve,
) -> httpcore2.ConnectionPool:
    """A pool whose connections keep to the allowance and the limits.

    `authorities` is a file of further certificates to trust.
    """
    context = None  # made where one is needed: that takes longer than most requests
    if authorities is not None:
        context = httpcore2.default_ssl_context()
        context.load_verify_locations(authorities)
    return httpcore2.ConnectionPool(context, network_backend=Backend(allowance, limits, resolve))


@contextmanager
def telling_failures() -> Iterator[None]:
    """Turn what goes wrong on a connection into Failed."""
    try:
        yield
    except (httpcore2.NetworkError, httpcore2.TimeoutException) as error:
        raise Failed(f"The connection failed: {_short(error)}.") from error
    except (httpcore2.ProtocolError, ssl.SSLError) as error:
        raise Failed(f"What answered speaks no sound HTTP: {_short(error)}.") from error


def _short(error: Exception) -> str:
    return str(error).rstrip(".")[:200] or type(error).__name__
