"""Token buckets, one for each account of keys, that all API processes share through Redis.

A bucket is kept as GCRA (the generic cell rate algorithm, ITU-T I.371): one number, to which
another limit applies as soon as it is given. While Redis does not answer each process keeps buckets
of its own, so that no request waits for it and none is let through without bounds.
"""

import time
from typing import Final, cast

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from throttled import RateLimiterType, RateLimitState, per_sec
from throttled.asyncio import MemoryStore, RedisStore, Throttled
from throttled.exceptions import StoreUnavailableError

from core.redis_url import client_url

log = structlog.get_logger(__name__)

_ANSWER_SECONDS: Final = 0.25
_AWAY_SECONDS: Final = 5.0
_KEYS: Final = 100_000
_PACES: Final = 1000


class Buckets:
    """Buckets of `burst` tokens, into which `rate` come a second."""

    def __init__(self, redis_url: str) -> None:
        options = {
            "SOCKET_TIMEOUT": _ANSWER_SECONDS,
            "SOCKET_CONNECT_TIMEOUT": _ANSWER_SECONDS,
            "CONNECTION_POOL_KWARGS": {"retry": Retry(NoBackoff(), 0)},
        }
        self._store = RedisStore(client_url(redis_url), options)
        self._memory = MemoryStore(options={"MAX_SIZE": _KEYS})
        self._known: dict[tuple[int, int], tuple[Throttled, Throttled]] = {}
        self._away_until = 0.0

    async def take(self, account: str, rate: int, burst: int) -> RateLimitState:
        """Take a token; `retry_after` is 0 if there was one."""
        shared, own = self._limiters(rate, burst)
        if time.monotonic() >= self._away_until:
            try:
                return (await shared.limit(account)).state
            except StoreUnavailableError as error:
                self._away_until = time.monotonic() + _AWAY_SECONDS
                why = str(error.__cause__)[:200]
                log.warning("Redis does not answer; requests are counted here", error=why)
        return (await own.limit(account)).state

    def _limiters(self, rate: int, burst: int) -> tuple[Throttled, Throttled]:
        """What counts at this pace: in Redis, and in this process."""
        if (rate, burst) not in self._known:
            if len(self._known) >= _PACES:
                self._known.clear()
            shared, own = (
                Throttled(
                    using=RateLimiterType.GCRA.value,
                    quota=per_sec(rate, burst),
                    store=store,
                    key_prefix="lamina:requests",
                )
                for store in (self._store, self._memory)
            )
            self._known[rate, burst] = shared, own
        return self._known[rate, burst]

    async def close(self) -> None:
        """Give the connections back."""
        client = cast("Redis", self._store._backend.get_client())
        await client.aclose(close_connection_pool=True)
