"""Typed tables of polars as content: plain columns, and lists of numbers as arrays."""

from abc import abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from engine.dataset.content import Array, Content
from engine.dataset.limits import Limits, damaged, refusal
from engine.dataset.stored import StoredTable
from engine.formats._base import Format, Report

if TYPE_CHECKING:
    import polars as pl

_BYTES = 8
"""What a value takes at least once it is read."""


class Columnar(Format):
    """A format whose files describe their own columns, and which polars scans.

    Numbers, booleans, text, categories and dates are plain columns; lists of numbers, of one shape
    in all rows, are arrays.
    """

    magic: ClassVar[bytes]
    """What its files begin with."""

    @classmethod
    @abstractmethod
    def scan(cls, path: Path) -> "pl.LazyFrame":
        """The table of a file, not yet read."""

    @classmethod
    def recognises(cls, path: Path, head: bytes) -> bool:
        """By the magic bytes at the beginning."""
        del path
        return head.startswith(cls.magic)

    @classmethod
    def read(cls, path: Path, limits: Limits, scratch: Path, report: Report) -> Content:
        """Look at the description at the end of the file, then read it, piece by piece if flat."""
        import polars as pl

        limits.check("expanded_bytes", path.stat().st_size, "Bytes of the file")
        try:
            lazy = cls.scan(path)
            rows = int(lazy.select(pl.len()).collect().item())
            _check_size(lazy.collect_schema(), rows, limits)
            found = _content(lazy, limits, scratch)
        except (pl.exceptions.PolarsError, OSError, pl.exceptions.PanicException) as error:
            raise damaged(f"The {cls.__name__} file cannot be read", error) from None
        report(rows, rows)
        return found


def example_table() -> "pl.DataFrame":
    """A number, a category and an array in three rows."""
    import polars as pl

    return pl.DataFrame(
        {"size": [1.5, None, 2.5], "colour": ["red", "blue", "red"], "at": [[1, 2]] * 3}
    )


def _check_size(schema: "pl.Schema", rows: int, limits: Limits) -> None:
    """Refuse a table by what its own description says, before any of it is decoded."""
    if not len(schema):
        raise refusal("empty", "The table has no columns.")
    limits.check("columns", len(schema), "Columns")
    limits.check("rows", rows, "Rows")
    limits.check("expanded_bytes", rows * len(schema) * _BYTES, "Bytes of the table, unpacked")
    if not rows:
        raise refusal("empty", "The table has no rows.")


def _content(lazy: "pl.LazyFrame", limits: Limits, scratch: Path) -> Content:
    """The columns of a table that has types of its own. Raises Fault for those we cannot keep.

    A table without arrays goes to disk in `scratch` piece by piece and is never held as a whole.
    Raises what polars raises for damage.
    """
    import polars as pl

    schema = lazy.collect_schema()
    flat = {
        name: _plain(name, dtype)
        for name, dtype in schema.items()
        if not isinstance(dtype, pl.List | pl.Array)
    }
    _check_cells(lazy, {name: one for name, one in flat.items() if _is_text(schema[name])}, limits)
    if len(flat) == len(schema):
        lazy.select(flat.values()).sink_parquet(scratch / "table.tmp", compression="zstd")
        return Content(names=schema.names(), table=StoredTable(scratch / "table.tmp"))
    table = lazy.collect()
    tensors = {
        # The name may be a pattern to the methods of a series.
        name: _tensor(name, table[name].alias("value"))
        for name in schema.names()
        if name not in flat
    }
    kept = table.lazy().select(flat.values()).collect()
    return Content(names=schema.names(), table=kept, tensors=tensors)


def _plain(name: str, dtype: "pl.DataType") -> "pl.Expr":
    """A flat column as one of the types that are kept. Raises Fault for those that are not."""
    import polars as pl
    import polars.selectors as cs

    column = cs.by_name(name).as_expr()  # a plain name may be taken for a pattern
    if isinstance(dtype, pl.Categorical | pl.Enum) or dtype == pl.Null:
        return column.cast(pl.String)
    if isinstance(dtype, pl.Decimal) or dtype in (pl.Float32, pl.Int128, pl.UInt64):
        return column.cast(pl.Float64)
    if dtype.is_nested() or dtype in (pl.Binary, pl.Object, pl.Duration, pl.Time):
        detail = f"Column {name!r} holds {dtype}; numbers, words, dates and lists are taken."
        raise refusal("unreadable", detail)
    return column


def _is_text(dtype: "pl.DataType") -> bool:
    import polars as pl

    return dtype == pl.String or isinstance(dtype, pl.Categorical | pl.Enum)


def _check_cells(lazy: "pl.LazyFrame", texts: dict[str, "pl.Expr"], limits: Limits) -> None:
    """Raise Fault for a text that is too long, before any is kept."""
    if texts:
        longest = lazy.select(text.str.len_bytes().max() for text in texts.values())
        for name, size in zip(texts, longest.collect(engine="streaming").row(0), strict=True):
            limits.check("cell_bytes", size or 0, f"Bytes in a cell of {name!r}")


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
