"""From text to types: what the words of an untyped table mean."""

import math
from typing import TYPE_CHECKING

from engine.dataset.schema import Kind

if TYPE_CHECKING:
    import polars as pl

MISSING_WORDS = frozenset({"", "na", "n/a", "nan", "null", "#n/a", "?"})
"""Words (in lower case, without spaces around) that stand for a missing value in text tables."""

_LEADING_ZERO = r"^[+-]?0\d"
_INTEGER = r"^[+-]?\d{1,18}$"
_DATE = r"^\d{4}-\d{2}-\d{2}$"
_MOMENT = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}"


def infer(table: "pl.DataFrame") -> "pl.DataFrame":
    """Give every text column of an untyped table the narrowest type that holds all its words."""
    return table.with_columns([_typed(table[name]) for name in table.columns])


def _typed(words: "pl.Series") -> "pl.Series":
    import polars as pl

    stripped = words.str.strip_chars()
    absent = stripped.str.to_lowercase().is_in(sorted(MISSING_WORDS))
    clean = pl.select(pl.when(absent).then(None).otherwise(stripped)).to_series().alias(words.name)
    present = clean.drop_nulls()
    if not len(present):
        return clean
    for attempt in (_boolean, _integer, _number, _moment):
        typed = attempt(clean, present)
        if typed is not None:
            return typed
    return clean


def _boolean(clean: "pl.Series", present: "pl.Series") -> "pl.Series | None":
    if present.str.to_lowercase().is_in(["true", "false"]).all():
        return clean.str.to_lowercase() == "true"
    return None


def _integer(clean: "pl.Series", present: "pl.Series") -> "pl.Series | None":
    import polars as pl

    if present.str.contains(_INTEGER).all() and not present.str.contains(_LEADING_ZERO).any():
        return clean.str.strip_prefix("+").cast(pl.Int64)
    return None


def _number(clean: "pl.Series", present: "pl.Series") -> "pl.Series | None":
    import polars as pl

    if present.str.contains(r"^[+-]?0\d+$").any():
        return None
    numbers = clean.str.strip_prefix("+").cast(pl.Float64, strict=False)
    return numbers if numbers.null_count() == clean.null_count() else None


def _moment(clean: "pl.Series", present: "pl.Series") -> "pl.Series | None":
    import polars as pl

    if present.str.contains(_DATE).all():
        days = clean.str.to_date("%Y-%m-%d", strict=False)
        return days if days.null_count() == clean.null_count() else None
    if present.str.contains(_MOMENT).all():
        naive = clean.str.replace("T", " ").str.strip_suffix("Z")
        moments = naive.str.to_datetime(strict=False, time_unit="us")
        return (
            moments.cast(pl.Datetime("us")) if moments.null_count() == clean.null_count() else None
        )
    return None


def kind_of(series: "pl.Series") -> Kind:
    """The kind of a flat column. Text with few distinct values is a category.

    Few means at most 20, or twice the square root of the number of rows where that is more.
    """
    import polars as pl

    if series.dtype == pl.Boolean:
        return "boolean"
    if series.dtype.is_integer():
        return "integer"
    if series.dtype.is_float():
        return "number"
    if series.dtype.is_temporal():
        return "date"
    return "category" if series.n_unique() <= few(len(series)) else "text"


def few(rows: int) -> int:
    """How many distinct values are few for this number of rows."""
    return max(20, int(2 * math.sqrt(rows)))
