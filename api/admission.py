"""Whether a request may go on now: neither its key nor this process has too much to do."""

import anyio.to_thread
from fastapi import Request

from api.refusal import Refusal
from api.services import Services
from lamina.schemas.key import KeyLimits


def refuse_overload(request: Request) -> None:
    """Raise Refusal (503) when too many requests wait for a thread of this process."""
    services: Services = request.app.state.services
    demand_room(
        services, anyio.to_thread.current_default_thread_limiter().statistics().tasks_waiting
    )


def demand_room(services: Services, waiting: int) -> None:
    """Raise Refusal (503) when so many requests that wait are too many."""
    if waiting >= services.settings.requests_waiting:
        detail = f"{waiting} requests wait here already; try again soon."
        raise Refusal("overloaded", detail, headers={"Retry-After": "1"})


async def count(request: Request, account: str | None, limits: KeyLimits) -> None:
    """Count the request of a key, and say so in the answer. Raise Refusal (429) for one too many.

    A service without keys is for its own machine, and counts nobody's requests.
    """
    services: Services = request.app.state.services
    spent = await services.throttle.spend(account, limits) if account is not None else None
    if spent is None:
        return
    request.scope["state"]["fields"] = spent.fields
    if not spent.allowed:
        detail = f"This key may make {spent.rate} requests a second; it has made more for a while."
        raise Refusal("rate-limited", detail, headers={"Retry-After": str(spent.retry_after)})
