"""Apache Parquet."""

import io
from pathlib import Path
from typing import TYPE_CHECKING

from engine.formats._columnar import Columnar, example_table

if TYPE_CHECKING:
    import polars as pl


class Parquet(Columnar):
    """A table as pandas, Spark, DuckDB or polars write it, with types of its own.

    Numbers, booleans, text, categories and dates are plain columns; lists of numbers, of one shape
    in all rows, are arrays.
    """

    extensions = frozenset({".parquet", ".pq"})
    magic = b"PAR1"

    @classmethod
    def scan(cls, path: Path) -> "pl.LazyFrame":
        """The table of a file, not yet read."""
        import polars as pl

        return pl.scan_parquet(path, glob=False)

    @classmethod
    def example(cls) -> bytes:
        """A number, a category and an array in three rows."""
        file = io.BytesIO()
        example_table().write_parquet(file)
        return file.getvalue()
