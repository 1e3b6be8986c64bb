"""Asking the engine: short tasks in a warm child, a few at a time."""

from functools import partial
from typing import Any

import anyio.to_thread
import structlog

from api.admission import demand_room
from api.failures import storage_full, unavailable
from api.refusal import Refusal
from api.services import Services
from core.host import EngineFailure, EngineRefusal, Limits
from lamina.codes import PROBLEMS
from lamina.schemas.problem import ProblemItem

log = structlog.get_logger(__name__)

_MEMORY = 4 * 2**30
_TOO_MUCH = frozenset({"timed-out", "out-of-memory"})


async def ask(
    services: Services,
    task: str,
    payload: dict[str, Any],
    seconds: float,
    excess: str = "stack-too-large",
    subject: str | None = None,
) -> dict[str, Any]:
    """The engine's answer to a task, from a child that works on a subject alone if one is given.

    Raises Refusal: what the engine refused, `excess` when the task needed more time or memory
    than it may have, 503 when the engine could not be had, or too many wait for it.
    """
    limits = Limits(wall_seconds=seconds, memory_bytes=_MEMORY)
    call = partial(services.engine.call, task, payload, limits, subject)
    try:
        if subject is None:
            return await anyio.to_thread.run_sync(call, limiter=services.calls)
        demand_room(services, services.turns.asking)
        async with services.turns.of(subject) as places:
            return await anyio.to_thread.run_sync(call, limiter=places)
    except EngineRefusal as error:
        slug = error.code if error.code in PROBLEMS else "invalid-request"
        items = [ProblemItem.model_validate(entry) for entry in error.errors]
        raise Refusal(slug, error.detail, items) from error
    except EngineFailure as error:
        log.error("engine task failed", task=task, code=error.code, traceback=error.traceback)
        if error.code in _TOO_MUCH:
            detail = f"This needed more than the {seconds:g} s or the memory that it may take."
            raise Refusal(excess, detail) from error
        if error.code == "storage-full":
            raise storage_full() from error
        if error.code == "crashed":
            raise unavailable("The engine could not be asked") from error
        raise
