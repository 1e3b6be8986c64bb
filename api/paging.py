"""Pages of lists: newest first, by key, so that what is added meanwhile shifts nothing."""

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

import orjson
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
    """Which part of a list is wanted: up to `size` rows older than the id `after`.

    In a list with an order of its own, rows beyond the one with the value and id of `mark`.
    """

    size: int
    after: str | None
    filters: str
    value: Any = None

    @property
    def mark(self) -> tuple[Any, str] | None:
        """Value and id of the last row of the page before; None on the first page."""
        return (self.value, self.after) if self.after is not None else None

    def page(
        self,
        rows: Sequence[Any],
        present: Callable[[Sequence[Any]], list[Any]],
        values: Sequence[Any] | None = None,
    ) -> Response:
        """The answer for `size + 1` rows asked for: the extra one tells that there are more.

        `values` are those that the rows are ordered by, if it is not their id.
        """
        here = rows[: self.size]
        more = len(rows) > self.size
        value = values[len(here) - 1] if values and more else None
        token = _token(value, here[-1].id, self.filters) if more else None
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
    value, after = _read_token(page_token, filters) if page_token is not None else (None, None)
    return Slice(min(page_size, _LARGEST), after, filters, value)


SliceDep = Annotated[Slice, Depends(get_slice)]


def _token(value: Any, last: str, filters: str) -> str:
    mark = orjson.dumps([value, last])
    return base64.urlsafe_b64encode(filters.encode() + mark).decode().rstrip("=")


def _read_token(token: str, filters: str) -> tuple[Any, str]:
    try:
        padded = token + "=" * (-len(token) % 4)
        text = base64.urlsafe_b64decode(padded.encode("ascii"))
        value, last = orjson.loads(text[_MARK:])
        if text[:_MARK] == filters.encode() and isinstance(last, str) and "\0" not in last:
            return value, last
    except ValueError:
        pass  # refused below, like a token of another list
    found = item(
        "",
        "bad-value",
        "Not a token of this list with these parameters; start again without it.",
        parameter="page_token",
    )
    raise Refusal("malformed-request", "The page token cannot be used.", [found])
