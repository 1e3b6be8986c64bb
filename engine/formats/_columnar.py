"""Typed tables of polars as content: plain columns, and lists of numbers as arrays."""

from typing import TYPE_CHECKING

import numpy as np

from engine.dataset.content import Array, Content
from engine.dataset.limits import Limits, refusal

if TYPE_CHECKING:
    import polars as pl

_BYTES = 8
"""What a value takes at least once it is read."""


def check_size(schema: "pl.Schema", rows: int, limits: Limits) -> None:
    """Refuse a table by what its own description says, before any of it is decoded."""
    if not len(schema):
        raise refusal("empty", "The table has no columns.")
    limits.check("columns", len(schema), "Columns")
    limits.check("rows", rows, "Rows")
    limits.check("expanded_bytes", rows * len(schema) * _BYTES, "Bytes of the table, unpacked")
    if not rows:
        raise refusal("empty", "The table has no rows.")


def content(table: "pl.DataFrame", limits: Limits) -> Content:
    """The columns of a table that has types of its own. Raises Fault for those we cannot keep."""
    import polars as pl

    flat, tensors = {}, {}
    for name, series in zip(table.columns, table, strict=True):
        values = series.alias("value")  # the name may be a pattern to the methods of a series
        if isinstance(series.dtype, pl.List | pl.Array):
            tensors[name] = _tensor(name, values)
        else:
            flat[name] = _plain(name, values, limits)
    return Content(names=table.columns, table=pl.DataFrame(flat), tensors=tensors)


def _plain(name: str, series: "pl.Series", limits: Limits) -> "pl.Series":
    import polars as pl

    dtype = series.dtype
    if isinstance(dtype, pl.Categorical | pl.Enum):
        series = series.cast(pl.String)
    elif isinstance(dtype, pl.Decimal) or dtype in (pl.Float32, pl.Int128, pl.UInt64):
        series = series.cast(pl.Float64)
    elif dtype == pl.Null:
        series = series.cast(pl.String)
    elif dtype.is_nested() or dtype in (pl.Binary, pl.Object, pl.Duration, pl.Time):
        detail = f"Column {name!r} holds {dtype}; numbers, words, dates and lists are taken."
        raise refusal("unreadable", detail)
    if series.dtype == pl.String:
        longest = series.str.len_bytes().max()
        limits.check("cell_bytes", int(str(longest or 0)), f"Bytes in a cell of {name!r}")
    return series


def _width(dtype: "pl.DataType") -> int:
    """The first axis of an array of fixed size."""
    return int(getattr(dtype, "shape", (0,))[0])


def _tensor(name: str, series: "pl.Series") -> Array:
    """Lists of numbers of one shape in all rows: `[rows, …]`."""
    import polars as pl

    what = f"Column {name!r} holds lists"
    if series.null_count():
        raise refusal("unreadable", f"{what}, and {series.null_count()} rows have none.")
    shape: list[int] = [len(series)]
    while isinstance(series.dtype, pl.List | pl.Array):
        lengths = series.list.len() if isinstance(series.dtype, pl.List) else None
        if lengths is not None and lengths.n_unique() != 1:
            raise refusal("unreadable", f"{what} of different lengths; arrays need one shape.")
        shape.append(int(lengths[0]) if lengths is not None else _width(series.dtype))
        series = series.explode()
    if not (series.dtype.is_numeric() or series.dtype == pl.Boolean) or 0 in shape:
        raise refusal("unreadable", f"{what} of {series.dtype}; arrays hold numbers.")
    if series.null_count():
        series = series.cast(pl.Float64).fill_null(float("nan"))
    return np.ascontiguousarray(series.to_numpy()).reshape(shape)
