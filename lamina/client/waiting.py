"""Waiting for a resource to settle, by requests that the server holds (RFC 7240, `wait`)."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import BaseModel

from .call import Call
from .errors import WaitTimeout
from .exchange import exchange, read
from .step import Steps, sleep

M = TypeVar("M", bound=BaseModel)

_HOLD = 30.0
_PAUSE = 1.0


def settle(
    driver: Any, path: str, shape: type[M], settled: Callable[[M], bool], timeout: float | None
) -> Steps[M]:
    """The resource once `settled` says so. Raises WaitTimeout after `timeout` seconds."""
    deadline = time.monotonic() + (float("inf") if timeout is None else timeout)
    while True:
        left = max(0.0, deadline - time.monotonic())
        response = yield from exchange(driver, Call("GET", path, wait=min(_HOLD, left)))
        resource = read(response, shape)
        if settled(resource):
            return resource
        left = deadline - time.monotonic()
        if left <= 0:
            raise WaitTimeout(f"{path.rsplit('/', 1)[-1]} has not ended after {timeout:g} seconds")
        if "Preference-Applied" not in response.headers:  # it did not hold the request: pause here
            yield from sleep(min(_PAUSE, left))
