"""One GET over HTTP to an address that a client named; redirects are judged like URLs."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urljoin

import httpcore2

from core.outbound.allowance import Allowance, Forbidden, Target
from core.outbound.connection import (
    SILENCE_SECONDS,
    Failed,
    Limits,
    Resolve,
    open_pool,
    system_resolve,
    telling_failures,
)
from lamina import __version__

Take = Callable[[bytes], object]

_REDIRECTS: Final = 5
_MOVED: Final = frozenset({301, 302, 303, 307, 308})
_HEADERS: Final[list[tuple[bytes | str, bytes | str]]] = [
    ("User-Agent", f"lamina/{__version__}"),
    ("Accept", "*/*"),
    ("Accept-Encoding", "identity"),
]


class TooLarge(Exception):
    """There is more than may be fetched."""


@dataclass(frozen=True)
class Fetched:
    """What was fetched: where it was in the end, and what it is said to be."""

    target: Target
    content_type: str | None


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
    limits = Limits(most_bytes, time.monotonic() + seconds)
    with open_pool(allowance, limits, authorities, resolve) as pool:
        for _ in range(_REDIRECTS + 1):
            with telling_failures():
                found = _get(pool, target, take, limits)
            if isinstance(found, Fetched):
                return found
            target = _follow(allowance, target, found)
    raise Failed(f"It redirects more than {_REDIRECTS} times.")


def _get(
    pool: httpcore2.ConnectionPool, target: Target, take: Take, limits: Limits
) -> Fetched | str:
    """Fetch, or tell where it has moved to."""
    timeouts = dict.fromkeys(("connect", "read", "write", "pool"), SILENCE_SECONDS)
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
