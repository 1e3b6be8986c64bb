"""What comes with a request for a job, beside its body."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from api.auth import Caller, trains
from api.idempotency import IdempotencyKey, Once, get_once
from api.preference import Prefer, get_wait
from api.services import Services, get_services


@dataclass(frozen=True)
class Envelope:
    """Who sends it, and what works on it; its Idempotency-Key, and how long the client waits."""

    services: Services
    caller: Caller
    once: Once
    wait: int | None


async def get_envelope(
    request: Request, idempotency_key: IdempotencyKey = None, prefer: Prefer = None
) -> Envelope:
    """One dependency, since four cost more to solve than to run. Raises Refusal (400, 403)."""
    services = await get_services(request)
    caller = await trains(request)
    return Envelope(services, caller, await get_once(request, idempotency_key), get_wait(prefer))


EnvelopeDep = Annotated[Envelope, Depends(get_envelope)]
