"""From the tree of a filter to a condition of SQL."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any as Sql

from sqlalchemy import and_, false, func, not_, or_, select

from .error import QueryError
from .field import Field, Rows
from .grammar import All, Any, Comparison, Node, Not
from .json_path import json_contains, json_number, json_text

_NAME = re.compile(r"[A-Za-z0-9_-]{1,200}")
_SIGNS = {
    "=": lambda one, other: one == other,
    "!=": lambda one, other: one.is_distinct_from(other),
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
}


def condition(tree: Node, fields: Mapping[str, Field], dialect: str) -> Sql:
    """The condition that a filter sets on rows. Raises QueryError for what there is not."""
    if isinstance(tree, All):
        return and_(*(condition(term, fields, dialect) for term in tree.terms))
    if isinstance(tree, Any):
        return or_(*(condition(term, fields, dialect) for term in tree.terms))
    if isinstance(tree, Not):
        # What is unknown is not so: NOT finds rows that lack the field. Elsewhere WHERE sees to
        # it, and comparisons stay plain, so that indexes serve them.
        return not_(func.coalesce(condition(tree.term, fields, dialect), false()))
    return _compared(tree, fields, dialect)


def find(path: tuple[str, ...], fields: Mapping[str, Field]) -> tuple[Field, tuple[str, ...]]:
    """The field that a path names, and the names that follow. Raises QueryError."""
    name = ".".join(path)
    bad = next((part for part in path if not _NAME.fullmatch(part)), None)
    if bad is not None:
        raise QueryError(f"{bad[:80]!r} in {name[:80]!r} is no name of a field.")
    for length in range(len(path), 0, -1):
        field = fields.get(".".join(path[:length]))
        if field is None:
            continue
        rest = path[length:]
        if rest and field.names == 0:
            raise QueryError(f"{'.'.join(path[:length])!r} has nothing within it: {name!r}.")
        if len(rest) != (field.names if field.names is not None else max(1, len(rest))):
            raise QueryError(f"{'.'.join(path[:length])!r} is followed by {field.help}.")
        return field, rest
    raise QueryError(f"There is no field {name[:80]!r}.", path[0], tuple(fields))


def _compared(term: Comparison, fields: Mapping[str, Field], dialect: str) -> Sql:
    field, names = find(term.path, fields)
    if field.kind == "list":
        return _held(term, field, names, dialect)
    if field.kind == "json":
        return _within(term, field, names, dialect)
    return _valued(term, field, names, dialect)


def _valued(term: Comparison, field: Field, names: tuple[str, ...], dialect: str) -> Sql:
    expression = field.express(names, dialect)
    if term.operator == ":":
        return _has(term, field, expression)
    if term.value is None:
        return _absence(term, expression)
    if field.kind == "number":
        return _numeric(term, field.rows(names) if field.rows else None, expression)
    if field.kind == "text":
        return _text(term, expression)
    return _SIGNS[term.operator](expression, _moment(term))


def _numeric(term: Comparison, rows: Rows | None, expression: Sql) -> Sql:
    fits: Callable[[Sql, float], Sql] = _SIGNS[term.operator]
    number = _number(term)
    if rows is None or term.operator == "!=":
        return fits(expression, number)
    if rows.absent is not None and fits(rows.absent, number):
        return fits(expression, number)
    return rows.identifier.in_(select(rows.owner).where(rows.where, fits(rows.value, number)))


def _has(term: Comparison, field: Field, expression: Sql) -> Sql:
    """`:` asks whether there is any (`*`), or for a part of a text."""
    if term.written == "*":
        return expression.is_not(None)
    if field.kind != "text":
        raise QueryError(f"{'.'.join(term.path)!r} is compared with = != < <= > or >=.")
    return func.lower(expression).contains(term.written.lower(), autoescape=True)


def _held(term: Comparison, field: Field, names: tuple[str, ...], dialect: str) -> Sql:
    if term.operator not in (":", "="):
        raise QueryError(f"{'.'.join(term.path)!r} is a list; ask whether it has one: `:`.")
    return json_contains(field.express(names, dialect), term.written)


def _within(term: Comparison, field: Field, names: tuple[str, ...], dialect: str) -> Sql:
    """A value in a document: a number where a number is given, else a text."""
    found = field.express(names, dialect)
    number, text = json_number(*found), json_text(*found)
    if (term.operator == ":" and term.written == "*") or term.value is None:
        absent = and_(number.is_(None), text.is_(None))
        return absent if term.operator == "=" else not_(absent)
    if isinstance(term.value, float):
        return _SIGNS[_compares(term)](number, term.value)
    if term.operator == ":":
        return _has(term, Field("text", field.express), text)
    return _text(term, text)


def _text(term: Comparison, expression: Sql) -> Sql:
    """Texts; a `*` at either end of the value stands for anything, and then case does not count."""
    written = term.written
    inner = written.strip("*").lower()
    if term.operator not in ("=", "!=") or "*" not in (written[:1], written[-1:]):
        return _SIGNS[_compares(term)](expression, written)
    expression = func.lower(expression)
    if written.startswith("*") and written.endswith("*"):
        found = expression.contains(inner, autoescape=True)
    elif written.endswith("*"):
        found = expression.startswith(inner, autoescape=True)
    else:
        found = expression.endswith(inner, autoescape=True)
    return found if term.operator == "=" else not_(func.coalesce(found, false()))


def _absence(term: Comparison, expression: Sql) -> Sql:
    if term.operator not in ("=", "!="):
        raise QueryError("null is compared with = or !=.")
    return expression.is_(None) if term.operator == "=" else expression.is_not(None)


def _compares(term: Comparison) -> str:
    if term.operator == ":":
        raise QueryError(f"{'.'.join(term.path)!r} is compared with = != < <= > or >=.")
    return term.operator


def _number(term: Comparison) -> float:
    if isinstance(term.value, float):
        return term.value
    raise QueryError(f"{'.'.join(term.path)!r} is a number, {term.written[:80]!r} is none.")


def _moment(term: Comparison) -> datetime:
    try:
        found = datetime.fromisoformat(term.written)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise QueryError(
            f"{'.'.join(term.path)!r} is a moment such as 2026-05-31T12:00:00Z (in quotes),"
            f" {term.written[:80]!r} is none."
        )
    return found
