"""Waiting for a job or dataset: the long poll behind `Prefer: wait=N`."""

import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.orm import Session

from api.services import Services

T = TypeVar("T")


async def until(
    services: Services,
    identifier: str,
    seconds: float,
    read: Callable[[Session], T],
    done: Callable[[T], bool],
) -> T:
    """Read until `done`, the time is up, or the service closes; reads once more per change.

    `read` may raise, which ends the waiting: what is waited for may be deleted meanwhile.
    """
    deadline = time.monotonic() + seconds
    async with services.hub.watching(identifier, None) as watch:
        found = await services.reading(read)
        while not done(found):
            change = await services.hub.next(watch, deadline - time.monotonic())
            if change is None or change.closing:
                break
            found = await services.following(read)
    return found
