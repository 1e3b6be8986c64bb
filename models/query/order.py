"""The order of a list, and going on in it from a row: `metrics.val_accuracy.best desc`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, null, or_

from .condition import find
from .error import QueryError
from .field import Field, Rows
from .json_path import json_number

_LENGTH = 300


@dataclass(frozen=True)
class Order:
    """By an expression, rows without a value last; among equals the newest id first.

    It makes two queries, of the rows with a value and of those without: as one, with the latter at
    its end, no index could serve it.
    """

    expression: Any
    identifier: Any
    descending: bool
    is_moment: bool = False
    rows: Rows | None = None

    def valued(self, query: Select[Any], after: tuple[Any, str] | None) -> Select[Any]:
        """The rows with a value, which comes as one more column, beyond that value and id."""
        value = self.rows.value if self.rows else self.expression
        if self.rows:
            owned = self.rows.owner == self.rows.identifier
            query = query.join(self.rows.owner.class_, owned).where(self.rows.where)
        query = query.add_columns(value).where(value.is_not(None))
        if after is not None:
            query = query.where(self._beyond(value, *after))
        return query.order_by(value.desc() if self.descending else value, self.identifier.desc())

    def unvalued(self, query: Select[Any], after: str | None) -> Select[Any]:
        """The rows without a value that are older than this id."""
        query = query.add_columns(null()).where(self.expression.is_(None))
        if after is not None:
            query = query.where(self.identifier < after)
        return query.order_by(self.identifier.desc())

    def _beyond(self, value: Any, mark: Any, identifier: str) -> Any:
        if self.is_moment:
            mark = datetime.fromisoformat(mark)
        reached = value <= mark if self.descending else value >= mark
        return and_(reached, or_(value != mark, self.identifier < identifier))


def read_order(text: str, fields: Mapping[str, Field], identifier: Any, dialect: str) -> Order:
    """The order that a text asks for: a field, then `desc` or not. Raises QueryError."""
    words = text.split()
    if len(text) > _LENGTH or not 1 <= len(words) <= 2 or words[1:] not in ([], ["asc"], ["desc"]):
        raise QueryError("An order is one field, and `desc` where the largest comes first.")
    path = tuple(words[0].split("."))
    field, names = find(path, fields)
    if field.kind == "list":
        raise QueryError(f"{words[0]!r} is a list and has no order.")
    expression = field.express(names, dialect)
    if field.kind == "json":
        expression = json_number(*expression)
    descending = words[1:] == ["desc"]
    rows = field.rows(names) if field.rows else None
    if rows and rows.absent is not None:
        rows = None  # those without a row have a value too
    return Order(expression, identifier, descending, field.kind == "moment", rows)
