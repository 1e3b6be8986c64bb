"""JSON bodies: read once, through the gate, whatever the schema says later."""

from typing import Annotated, Any

import anyio.to_thread
from fastapi import Depends, Request

from api import gate
from api.digests import Digests
from api.refusal import Refusal, shown
from api.services import get_services

_SMALL = 32 * 1024


async def get_document(request: Request) -> Any:
    """The JSON body. Raises Refusal (400, 413, 415, 422)."""
    _demand_json(request)
    limits = (await get_services(request)).limits
    return await _parsed(await _read(request, limits.size), limits)


Document = Annotated[Any, Depends(get_document)]


async def get_optional_document(request: Request) -> Any:
    """The JSON body, None where there is none. Raises Refusal (400, 413, 415, 422)."""
    limits = (await get_services(request)).limits
    body = await _read(request, limits.size)
    if not body.strip():
        return None
    _demand_json(request)
    return await _parsed(body, limits)


OptionalDocument = Annotated[Any, Depends(get_optional_document)]


def _demand_json(request: Request) -> None:
    kind = media_type(request)
    if kind != "application/json" and not kind.endswith("+json"):
        raise Refusal(
            "unsupported-media-type",
            f"The body must be application/json, not {shown(kind) if kind else 'untyped'}.",
            headers={"Accept": "application/json"},
        )
    refuse_coding(request)


async def _parsed(body: bytes, limits: gate.Limits) -> Any:
    if len(body) <= _SMALL:
        return gate.parse(body, limits)
    return await anyio.to_thread.run_sync(gate.parse, body, limits)


def media_type(request: Request) -> str:
    """The content type without parameters, in lower case; empty when none is given."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def refuse_coding(request: Request) -> None:
    """Refuse a compressed body: it would pass the limits folded and burst them unfolded."""
    coding = request.headers.get("content-encoding", "identity").strip().lower()
    if coding != "identity":
        detail = f"Content-Encoding {shown(coding)} is not supported; send the body as it is."
        raise Refusal("unsupported-media-type", detail, headers={"Accept-Encoding": "identity"})


def announced(request: Request) -> int:
    """The Content-Length, or 0."""
    length = request.headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() else 0


async def _read(request: Request, limit: int) -> bytes:
    if announced(request) > limit:
        raise gate.too_large(limit)
    digests = Digests(request)
    parts = []
    size = 0
    async for part in request.stream():
        digests.update(part)
        size += len(part)
        if size > limit:
            raise gate.too_large(limit)
        parts.append(part)
    digests.check()
    return b"".join(parts)
