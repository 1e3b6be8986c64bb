"""Apache Arrow: the IPC file format, which is also Feather version 2."""

import io
from pathlib import Path
from typing import TYPE_CHECKING

from engine.formats._columnar import Columnar, example_table

if TYPE_CHECKING:
    import polars as pl


class Arrow(Columnar):
    """A table with types of its own, as `to_feather` of pandas or `write_ipc` of polars write it.

    Numbers, booleans, text, categories and dates are plain columns; lists of numbers, of one shape
    in all rows, are arrays.
    """

    extensions = frozenset({".arrow", ".feather", ".ipc"})
    magic = b"ARROW1"

    @classmethod
    def scan(cls, path: Path) -> "pl.LazyFrame":
        """The table of a file, not yet read."""
        import polars as pl

        return pl.scan_ipc(path, glob=False)

    @classmethod
    def example(cls) -> bytes:
        """A number, a category and an array in three rows."""
        file = io.BytesIO()
        example_table().write_ipc(file)
        return file.getvalue()
