"""Whether the process lives and whether the service can do its work."""

from collections.abc import Callable

import structlog
from fastapi import APIRouter
from starlette.responses import Response

from api.answers import answer
from api.contract import resource
from api.failures import RETRY_SECONDS
from api.services import Services, ServicesDep
from lamina.schemas.server import Check, Readiness
from models.key import Key
from models.worker import Worker

router = APIRouter(tags=["service"])
log = structlog.get_logger(__name__)


@router.get(
    "/healthz",
    operation_id="health",
    summary="Is the process alive",
    responses={200: resource(None, "It is.")},
)
async def health() -> Response:
    """Answers as long as the process can answer; asks nothing else."""
    return Response('{"status":"ok"}', headers=_fresh(), media_type="application/json")


@router.get(
    "/readyz",
    operation_id="readiness",
    summary="Can the service do its work",
    responses={
        200: resource(Readiness, "All parts answer."),
        503: resource(Readiness, "A part does not; `checks` names it.", Retry_After="seconds"),
    },
)
def readiness(services: ServicesDep) -> Response:
    """Asks the database, Redis, the object storage, and for a worker that is alive."""
    parts = {
        "database": _database,
        "redis": _redis,
        "storage": _storage,
        "worker": _worker,
    }
    checks = [_check(name, ask, services) for name, ask in parts.items()]
    ready = all(check.ok for check in checks)
    headers = _fresh() if ready else {**_fresh(), "Retry-After": str(RETRY_SECONDS)}
    return answer(Readiness(ready=ready, checks=checks), 200 if ready else 503, headers)


def _fresh() -> dict[str, str]:
    return {"cache-control": "no-store"}


def _check(name: str, ask: Callable[[Services], str | None], services: Services) -> Check:
    try:
        trouble = ask(services)
    except Exception as error:
        # Whatever a part raises means that it is not ready; the details may name secrets.
        log.warning("not ready", part=name, error=str(error)[:300])
        trouble = f"does not answer ({type(error).__name__})"
    return Check(name=name, ok=trouble is None, detail=trouble)


def _database(services: Services) -> str | None:
    with services.database.reading() as session:
        Key.exists(session)  # a table of ours: a database without migrations is not ready
    return None


def _redis(_services: Services) -> str | None:
    from core import queue

    queue.ping()
    return None


def _storage(services: Services) -> str | None:
    services.storage.check()
    return None


def _worker(services: Services) -> str | None:
    with services.database.reading() as session:
        alive = any(state == "alive" for _, state in Worker.recent(session))
    return None if alive else "no worker is alive"
