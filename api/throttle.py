"""How many requests a key may make; what answers tell of it.

Fields: draft-ietf-httpapi-ratelimit-headers-10.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import anyio.to_thread

from core.settings import Settings
from lamina.schemas.key import KeyLimits

if TYPE_CHECKING:
    from api.buckets import Buckets


@dataclass(frozen=True)
class Spent:
    """How a request has been counted: whether it may go on, and what the client is told."""

    allowed: bool
    rate: int
    retry_after: int
    fields: Mapping[str, str]


class Throttle:
    """Counts the requests of keys, if the settings or the key set a limit."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._buckets: Buckets | None = None

    def pace(self, limits: KeyLimits) -> tuple[int, int]:
        """How many requests a second, and how many at once, a key may make; a rate of 0: any."""
        rate, burst = limits.requests_per_second, limits.requests_burst
        return rate or self._settings.request_rate, burst or self._settings.request_burst

    async def spend(self, account: str, limits: KeyLimits) -> Spent | None:
        """Count one request of a key with these limits; None where there is none."""
        rate, burst = self.pace(limits)
        if not rate:
            return None
        if self._buckets is None:
            self._buckets = await anyio.to_thread.run_sync(_make, self._settings)
        left = await self._buckets.take(account, rate, burst)
        fields = {
            "RateLimit-Policy": f'"requests";q={burst};w={math.ceil(burst / rate)}',
            "RateLimit": f'"requests";r={left.remaining};t={math.ceil(left.reset_after)}',
        }
        return Spent(not left.retry_after, rate, max(1, math.ceil(left.retry_after)), fields)

    async def close(self) -> None:
        """Give the connections back."""
        if self._buckets is not None:
            await self._buckets.close()


def _make(settings: Settings) -> "Buckets":
    # Redis's client takes a third of a second to import: not before the first answer.
    from api.buckets import Buckets

    return Buckets(settings.redis_url)
