"""Query parameters: an unknown one is an error, since a typo must not pass for a filter."""

from collections.abc import Iterator
from itertools import islice

from fastapi import Request
from fastapi.dependencies.models import Dependant

from api.refusal import MOST_ITEMS, Refusal, item, shown


async def refuse_unknown(request: Request) -> None:
    """A dependency of every route. Raises Refusal (400)."""
    if not request.scope["query_string"]:
        return
    _refuse_nul(request)
    known = sorted(set(_names(request.scope["route"].dependant)))
    unknown = [name for name in dict.fromkeys(request.query_params) if name not in known]
    items = [
        item(
            "",
            "unknown-field",
            f"There is no query parameter {shown(name)} here.",
            near=(name, known),
            parameter=name[:80],
        )
        for name in islice(unknown, MOST_ITEMS)
    ]
    if items:
        detail = f"A query parameter is unknown; this resource takes: {', '.join(known) or 'none'}."
        raise Refusal("malformed-request", detail, items)


def _refuse_nul(request: Request) -> None:
    """PostgreSQL takes no NUL in a text; SQLite would, and cut it there when printing."""
    items = [
        item("", "bad-value", "The value holds a NUL character.", parameter=name[:80])
        for name, value in request.query_params.multi_items()
        if "\0" in value
    ]
    if items:
        raise Refusal("malformed-request", "A parameter cannot be read.", items)


def _names(dependant: Dependant) -> Iterator[str]:
    for field in dependant.query_params:
        yield field.alias
    for inner in dependant.dependencies:
        yield from _names(inner)
