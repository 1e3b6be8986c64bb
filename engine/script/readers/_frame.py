"""Tables of Polars."""

from typing import Any

import numpy as np

from engine.encodings._base import Values


def series_values(series: Any, kind: str) -> Values:
    """A column as an array: lists of numbers as they are, else floats (NaN where missing),
    integers, booleans, or text and None; dates as text.
    """
    import polars as pl

    if kind == "tensor":
        return nested(series.to_list())
    lacks = series.null_count() > 0
    if kind == "number" or (kind == "integer" and lacks):
        return np.asarray(series.cast(pl.Float64).fill_null(float("nan")))
    if kind == "integer":
        return np.asarray(series.cast(pl.Int64))
    if kind == "boolean" and not lacks:
        return np.asarray(series)
    if isinstance(series.dtype, pl.Datetime) and series.dtype.time_zone:
        series = series.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
    if kind != "boolean":
        series = series.cast(pl.String)
    return np.array(series.to_list(), object)


def nested(lists: list[Any]) -> Values:
    """Lists of one shape as one array; null within them is NaN."""
    array = np.array(lists)
    return array if array.dtype.kind != "O" else array.astype(np.float64)
