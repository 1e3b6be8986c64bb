"""From exceptions to problems: the framework's, the database's and the engine's."""

import sqlite3
from collections.abc import Sequence
from typing import Any

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from api.answers import problem_response
from api.contract import methods_of
from api.pace import TooSlow
from api.refusal import Refusal, item
from lamina.fullness import is_full
from lamina.schemas.problem import ProblemItem

log = structlog.get_logger(__name__)

_SLUGS = {
    400: "malformed-request",
    401: "unauthenticated",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    413: "too-large",
    415: "unsupported-media-type",
    416: "range-not-satisfiable",
    503: "unavailable",
}
_DISK_FULL = "53100"
RETRY_SECONDS = 2
"""How soon to come back when a part of the service is out of reach."""


def install(app: FastAPI) -> None:
    """Register the handlers."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(HTTPException, _by_framework)
    app.add_exception_handler(RequestValidationError, _by_parameters)
    app.add_exception_handler(ClientDisconnect, _left)
    app.add_exception_handler(TooSlow, _slow)
    app.add_exception_handler(OSError, _by_system)
    for kind in (OperationalError, InterfaceError, PoolTimeout):
        app.add_exception_handler(kind, _by_database)
    app.add_exception_handler(IntegrityError, _by_another)


def unavailable(what: str) -> Refusal:
    """The refusal while a part of the service is out of reach."""
    headers = {"Retry-After": str(RETRY_SECONDS)}
    return Refusal("unavailable", f"{what}; try again soon.", headers=headers)


def storage_full() -> Refusal:
    """The refusal of what there is no room for."""
    return Refusal("storage-full", "There is no room left for this; nothing was stored.")


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)  # noqa: S101 - registered for this class
    return problem_response(request.scope, error)


async def _by_framework(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class
    slug = _SLUGS.get(error.status_code, "internal")
    detail = str(error.detail)
    headers = dict(error.headers or {})
    if slug == "not-found":
        detail = "Nothing stands at this path; /openapi.json lists all."
    if slug == "method-not-allowed":
        headers["Allow"] = ", ".join(methods_of(request.app.openapi(), request.url.path))
        detail = f"This resource does not know {request.method[:20]}; it knows {headers['Allow']}."
    refusal = Refusal(slug, detail, headers=headers)
    return problem_response(request.scope, refusal)


async def _by_parameters(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class
    details = _details(error)
    items = [_parameter_item(detail) for detail in details]
    if all(detail["loc"][0] == "path" for detail in details):
        refusal = Refusal("not-found", "Nothing stands at this path.", items)
        return problem_response(request.scope, refusal)
    refusal = Refusal("malformed-request", "A parameter cannot be read.", items)
    return problem_response(request.scope, refusal)


def _details(error: RequestValidationError) -> Sequence[dict[str, Any]]:
    return list(error.errors())


def _parameter_item(detail: dict[str, Any]) -> ProblemItem:
    name = str(detail["loc"][1]) if len(detail["loc"]) > 1 else str(detail["loc"][0])
    text = f"{detail['msg']}."
    code = "missing-field" if detail["type"] == "missing" else "bad-value"
    return item("", code, text, parameter=name)


async def _by_database(request: Request, error: Exception) -> Response:
    cause = error.orig if isinstance(error, DBAPIError) else error
    if _is_full(cause):
        log.error("the database is full", error=str(cause)[:500])
        return problem_response(request.scope, storage_full())
    log.warning("database out of reach", error=str(cause)[:500])
    return problem_response(request.scope, unavailable("The database cannot be reached"))


def _is_full(cause: BaseException | None) -> bool:
    """Whether a database has no room left: SQLite by its code, PostgreSQL by its SQLSTATE."""
    code = getattr(cause, "sqlite_errorcode", None)
    return code == sqlite3.SQLITE_FULL or getattr(cause, "sqlstate", None) == _DISK_FULL


async def _by_system(request: Request, error: Exception) -> Response:
    if not is_full(error):
        raise error
    log.error("the storage is full", error=str(error)[:300])
    return problem_response(request.scope, storage_full())


async def _by_another(request: Request, error: Exception) -> Response:
    log.info("lost a race", error=str(error)[:300])
    detail = "Another request changed what this one refers to; look again and repeat it."
    return problem_response(request.scope, Refusal("wrong-state", detail))


async def _slow(request: Request, _error: Exception) -> Response:
    # The rest of the body would still come, as slowly.
    detail = "The rest of the body did not come in time; what tus had begun can go on."
    refusal = Refusal("too-slow", detail, headers={"Connection": "close"})
    return problem_response(request.scope, refusal)


async def _left(request: Request, _error: Exception) -> Response:
    # Nobody reads this; it keeps the log free of a crash that was none.
    refusal = Refusal("malformed-request", "The connection ended before the body did.")
    return problem_response(request.scope, refusal)
