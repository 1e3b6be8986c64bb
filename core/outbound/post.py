"""One POST over HTTP to an address that a client named; redirects are not followed."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.outbound.allowance import Allowance
from core.outbound.connection import (
    Limits,
    Resolve,
    open_pool,
    system_resolve,
    telling_failures,
)
from lamina import __version__

_READ_BYTES: Final = 64 * 1024


@dataclass(frozen=True)
class Posted:
    """What was answered; its content is of no interest, and kept nowhere."""

    status: int
    retry_after: str | None


def post(
    allowance: Allowance,
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    seconds: float,
    authorities: Path | None = None,
    resolve: Resolve = system_resolve,
) -> Posted:
    """Send a body and read the status that comes back, all within `seconds`.

    `authorities` is a file of further certificates to trust. Raises Forbidden, Failed.
    """
    target = allowance.admit(url)
    limits = Limits(_READ_BYTES, time.monotonic() + seconds)
    sent = [("User-Agent", f"lamina/{__version__}"), ("Accept", "*/*"), *headers.items()]
    timeouts = dict.fromkeys(("connect", "read", "write", "pool"), seconds)
    with (
        open_pool(allowance, limits, authorities, resolve) as pool,
        telling_failures(),
        pool.stream(
            "POST", target.url, headers=sent, content=body, extensions={"timeout": timeouts}
        ) as response,
    ):
        found = {name.lower(): value for name, value in response.headers}
        retry_after = found.get(b"retry-after")
        return Posted(response.status, retry_after.decode("latin-1") if retry_after else None)
