"""Answers: resources and problems as responses."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from starlette.responses import Response
from starlette.types import Scope

from api.refusal import Refusal

_INSTANCE = 300


def answer(
    resource: BaseModel, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """A resource as JSON; pydantic writes NaN and infinities as null."""
    return Response(
        resource.model_dump_json(),
        status,
        {"cache-control": "private, no-cache", **(headers or {})},
        "application/json",
    )


def problem_response(scope: Scope, refusal: Refusal) -> Response:
    """A refusal as `application/problem+json`."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    instance = raw[:_INSTANCE].decode("ascii", "backslashreplace")
    request_id: Any = scope.get("state", {}).get("request_id", "")
    body = refusal.problem(instance, request_id).model_dump_json(exclude_none=True)
    headers = {"cache-control": "no-store", **refusal.headers}
    return Response(body, refusal.status, headers, "application/problem+json")
