"""Which column tells the time of a row."""

from engine.dataset.schema import Column, Schema

_TIMES = ("date", "datetime", "time", "timestamp", "year", "month", "week", "day", "hour", "t")
_LEAST_ROWS = 60


def time_column(schema: Schema) -> Column | None:
    """The column that gives each row its time: the only one of dates, or years and the like.

    Each row must have a time of its own: otherwise the rows are no series, or several.
    """
    whole = [c for c in schema.columns if c.distinct == schema.rows and not c.missing]
    dates = [column for column in whole if column.kind == "date"]
    named = [
        column
        for column in whole
        if column.kind in ("integer", "number") and column.name.strip().lower() in _TIMES
    ]
    found = dates or named
    return found[0] if len(found) == 1 and schema.rows >= _LEAST_ROWS else None
