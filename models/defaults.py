"""New rows as they will be read: with the defaults of their columns, before they are inserted."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import inspect

from models.base import Base


@cache
def columns_of(mapped: type[Base]) -> Mapping[str, str]:
    """The columns of its table by the names of its attributes."""
    columns: Any = inspect(mapped).columns
    return {name: column.key for name, column in columns.items()}


def with_defaults(mapped: type[Base], given: Mapping[str, Any]) -> dict[str, Any]:
    """These attributes, and those that have a default."""
    missing = {name: made for name, made in _defaults_of(mapped).items() if name not in given}
    made = {
        name: default.arg if default.is_scalar else default.arg(None)
        for name, default in missing.items()
    }
    return {**made, **given}


@cache
def _defaults_of(mapped: type[Base]) -> Mapping[str, Any]:
    columns: Any = inspect(mapped).columns
    return {name: column.default for name, column in columns.items() if column.default is not None}
