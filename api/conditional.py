"""Conditional requests: strong ETags, `If-None-Match` and `If-Match` (RFC 9110, section 13)."""

from typing import Annotated

from fastapi import Header
from starlette.responses import Response

from api.refusal import Refusal

IfNoneMatch = Annotated[
    str | None, Header(description="an ETag: 304 when it still is the current one")
]
IfMatch = Annotated[
    str | None, Header(description="an ETag: 412 when it is not the current one any more")
]


def etag(*parts: object) -> str:
    """A strong ETag made of these parts."""
    return f'"{".".join(str(part) for part in parts)}"'


def is_current(if_none_match: str | None, tag: str) -> bool:
    """Whether the client has this representation already (weak comparison, as GET wants)."""
    return if_none_match is not None and _holds(if_none_match, tag)


def not_modified(tag: str, **headers: str) -> Response:
    """304 without content."""
    return Response(status_code=304, headers={"ETag": tag, **headers})


def demand(if_match: str | None, tag: str) -> None:
    """Raise Refusal (412) when the client has seen another state than the current one."""
    if if_match is not None and not _holds(if_match, tag):
        detail = f"The resource now has the ETag {tag}; read it again."
        raise Refusal("precondition-failed", detail)


def _holds(header: str, tag: str) -> bool:
    given = [part.strip().removeprefix("W/") for part in header.split(",")]
    return tag in given or given == ["*"]
