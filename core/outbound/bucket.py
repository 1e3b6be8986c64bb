"""One object of a bucket that the operator allows, by S3's protocol."""

import time
from collections.abc import Callable, Mapping

import obstore
import structlog
from obstore.exceptions import (
    BaseError,
    NotFoundError,
    PermissionDeniedError,
    UnauthenticatedError,
)
from obstore.store import from_url

from core.outbound.allowance import Target
from core.outbound.connection import Failed
from core.outbound.fetch import TooLarge

log = structlog.get_logger(__name__)

_CHUNK = 4 * 2**20
_ABSENT = (NotFoundError, FileNotFoundError)
_DENIED = (PermissionDeniedError, UnauthenticatedError, PermissionError)


def fetch_object(
    target: Target,
    options: Mapping[str, str],
    take: Callable[[bytes], object],
    most_bytes: int,
    seconds: float,
) -> None:
    """Pass the object to `take`, piece by piece. Raises TooLarge, Failed."""
    ends_at = time.monotonic() + seconds
    plain = options.get("endpoint", "").startswith("http://")
    try:
        store = from_url(
            f"s3://{target.host}",
            config=dict(options),
            client_options={"allow_http": plain, "timeout": "60s"},
            retry_config={"max_retries": 2},
        )
        key = target.path.removeprefix("/")
        size = int(obstore.head(store, key)["size"])
        if size > most_bytes:
            raise TooLarge
        for start in range(0, size, _CHUNK):
            if time.monotonic() > ends_at:
                raise Failed("It took too long.")
            end = min(start + _CHUNK, size)
            take(bytes(obstore.get_range(store, key, start=start, end=end)))
    except _ABSENT as error:
        raise Failed("There is no such object.") from error
    except _DENIED as error:
        raise Failed("Access is denied.") from error
    except BaseError as error:
        # What it says may hold the operator's settings: for the log alone.
        log.warning("a bucket gave nothing", bucket=target.host, error=str(error)[:500])
        raise Failed("The bucket gives no answer to that.") from error
