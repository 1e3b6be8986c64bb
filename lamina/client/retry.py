"""When a request is sent again, and after how long."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

BUSY = "idempotency-key-in-use"
_AGAIN = frozenset({429, 502, 503, 504})


@dataclass(frozen=True)
class Retry:
    """Exponential back-off with full jitter: a random wait below base · 2^n, below the cap.

    `Retry-After` overrules it; a service that asks for more than `patience` is not waited for.
    Full jitter: M. Brooker, "Exponential Backoff And Jitter" (2015).
    """

    retries: int = 4
    base: float = 0.5
    cap: float = 20.0
    patience: float = 60.0

    def delay(self, done: int, retry_after: float | None = None) -> float | None:
        """Seconds before the next try after `done` failed ones, or None: give up."""
        if done > self.retries:
            return None
        if retry_after is not None:
            return retry_after if retry_after <= self.patience else None
        return random.uniform(0, min(self.cap, self.base * 2.0 ** (done - 1)))  # noqa: S311


def is_temporary(status: int, slug: str) -> bool:
    """Whether the same request may succeed later: 429, 502 to 504, or its twin still runs."""
    return status in _AGAIN or (status == 409 and slug == BUSY)


def read_retry_after(value: str | None, now: datetime | None = None) -> float | None:
    """Seconds of a `Retry-After` header (RFC 9110, 10.2.3): a number or a date; else None."""
    if value is None:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())
