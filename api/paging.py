"""Pages of lists: newest first, by key, so that what is added meanwhile shifts nothing."""

import base64
import binascii
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from api.answers import answer
from api.refusal import Refusal, item
from lamina.schemas.page import Page

T = TypeVar("T")

_LARGEST = 200
_MARK = 16


@dataclass(frozen=True)
class Slice:
    """Which part of a list is wanted: up to `size` rows older than the id `after`."""

    size: int
    after: str | None
    filters: str

    def page(self, rows: Sequence[Any], present: Callable[[Sequence[Any]], list[Any]]) -> Response:
        """The answer for `size + 1` rows asked for: the extra one tells that there are more."""
        here = rows[: self.size]
        more = len(rows) > self.size
        token = _token(here[-1].id, self.filters) if more else None
        page = Page[Any](data=present(here), next_page_token=token, has_more=more)
        return answer(page)

    @property
    def asked(self) -> int:
        """How many rows to read: one more than is shown."""
        return self.size + 1


def get_slice(
    request: Request,
    page_size: Annotated[
        int, Query(ge=1, description="rows of a page; more than 200 means 200")
    ] = 50,
    page_token: Annotated[
        str | None, Query(max_length=500, description="`next_page_token` of the page before")
    ] = None,
) -> Slice:
    """The slice that the query asks for. Raises Refusal (400)."""
    others = sorted(
        (name, value)
        for name, value in request.query_params.multi_items()
        if name not in {"page_size", "page_token"}
    )
    filters = hashlib.sha256(repr((request.url.path, others)).encode()).hexdigest()[:_MARK]
    after = _read_token(page_token, filters) if page_token is not None else None
    return Slice(min(page_size, _LARGEST), after, filters)


SliceDep = Annotated[Slice, Depends(get_slice)]


def _token(last: str, filters: str) -> str:
    return base64.urlsafe_b64encode(f"{filters}{last}".encode()).decode().rstrip("=")


def _read_token(token: str, filters: str) -> str:
    try:
        padded = token + "=" * (-len(token) % 4)
        text = base64.urlsafe_b64decode(padded.encode("ascii")).decode("ascii")
    except (UnicodeError, binascii.Error):
        text = ""
    if text[:_MARK] != filters or not text[_MARK:].replace("_", "").isalnum():
        found = item(
            "",
            "bad-value",
            "Not a token of this list with these parameters; start again without it.",
            parameter="page_token",
        )
        raise Refusal("malformed-request", "The page token cannot be used.", [found])
    return text[_MARK:]
