"""The `filter` and `order_by` of the list of jobs."""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from fastapi import Query
from sqlalchemy.orm import Session

from api.refusal import Refusal, item
from models.job import Job
from models.job_fields import FIELDS
from models.query import Order, QueryError, condition, parse, read_order

T = TypeVar("T")

_NAMES = ", ".join(f"{name}.…" if field.names != 0 else name for name, field in FIELDS.items())

Filter = Annotated[
    str | None,
    Query(
        max_length=10_000,
        description="conditions after AIP-160: comparisons with = != < <= > >= and : (has), AND, OR"
        " (which binds tighter), NOT, parentheses; * stands for any beginning or end of a text."
        f" Fields: {_NAMES}",
        examples=[
            'state = "succeeded" AND metrics.val_accuracy.best > 0.9 AND layers.Conv2D >= 2',
            'tags:vision AND NOT optimizer = "SGD" AND created_at > "2026-01-01T00:00:00Z"',
        ],
    ),
]
OrderBy = Annotated[
    str | None,
    Query(
        max_length=1000,
        description="a field of `filter`, with ` desc` for the largest first; rows without a value"
        " come last. Left out: newest first",
        examples=["metrics.val_loss.best", "created_at desc"],
    ),
]


def read_conditions(session: Session, text: str | None) -> list[Any]:
    """The conditions of a filter. Raises Refusal (400)."""
    if text is None:
        return []
    dialect = session.get_bind().dialect.name
    return [_read("filter", lambda: condition(parse(text), FIELDS, dialect))]


def read_ranking(session: Session, text: str | None) -> Order | None:
    """The order asked for. Raises Refusal (400)."""
    if text is None:
        return None
    dialect = session.get_bind().dialect.name
    return _read("order_by", lambda: read_order(text, FIELDS, Job.id, dialect))


def _read(parameter: str, read: Callable[[], T]) -> T:
    try:
        return read()
    except QueryError as error:
        near = (error.name, error.known) if error.name else None
        found = item("", "bad-value", error.detail, near=near, parameter=parameter)
        raise Refusal("malformed-request", error.detail, [found]) from None
