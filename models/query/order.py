"""The order of a list, and going on in it from a row: `metrics.val_accuracy.best desc`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_

from .condition import find
from .error import QueryError
from .field import Field
from .json_path import json_number

_LENGTH = 300


@dataclass(frozen=True)
class Order:
    """By an expression, rows without a value last; among equals the newest id first."""

    expression: Any
    identifier: Any
    descending: bool
    is_moment: bool = False

    def clauses(self) -> tuple[Any, ...]:
        """What ORDER BY takes."""
        value = self.expression.desc() if self.descending else self.expression.asc()
        return (self.expression.is_(None), value, self.identifier.desc())

    def beyond(self, value: Any, identifier: str) -> Any:
        """The condition of rows that come after the one with this value and id."""
        older = self.identifier < identifier
        if value is None:
            return and_(self.expression.is_(None), older)
        if self.is_moment:
            value = datetime.fromisoformat(value)
        later = self.expression < value if self.descending else self.expression > value
        return or_(self.expression.is_(None), later, and_(self.expression == value, older))


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
    return Order(expression, identifier, descending, field.kind == "moment")
