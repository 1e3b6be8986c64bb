"""Apache Parquet."""

import io
from pathlib import Path

from engine.dataset.content import Content
from engine.dataset.limits import Limits, damaged
from engine.formats._base import Format, Report
from engine.formats._columnar import check_size, content

_MAGIC = b"PAR1"


class Parquet(Format):
    """A table as pandas, Spark, DuckDB or polars write it, with types of its own.

    Numbers, booleans, text, categories and dates are plain columns; lists of numbers, of one shape
    in all rows, are arrays.
    """

    extensions = frozenset({".parquet", ".pq"})

    @classmethod
    def recognises(cls, path: Path, head: bytes) -> bool:
        """By the magic bytes at the beginning."""
        del path
        return head.startswith(_MAGIC)

    @classmethod
    def read(cls, path: Path, limits: Limits, scratch: Path, report: Report) -> Content:
        """Look at the description at the end of the file, then read it, piece by piece if flat."""
        import polars as pl

        limits.check("expanded_bytes", path.stat().st_size, "Bytes of the file")
        try:
            lazy = pl.scan_parquet(path, glob=False)
            rows = int(lazy.select(pl.len()).collect().item())
            check_size(lazy.collect_schema(), rows, limits)
            found = content(lazy, limits, scratch)
        except (pl.exceptions.PolarsError, OSError, pl.exceptions.PanicException) as error:
            raise damaged("The Parquet file cannot be read", error) from None
        report(rows, rows)
        return found

    @classmethod
    def example(cls) -> bytes:
        """A number, a category and an array in three rows."""
        import polars as pl

        table = pl.DataFrame(
            {"size": [1.5, None, 2.5], "colour": ["red", "blue", "red"], "at": [[1, 2]] * 3}
        )
        file = io.BytesIO()
        table.write_parquet(file)
        return file.getvalue()
