"""Apache Arrow: the IPC file format, which is also Feather version 2."""

import io
from pathlib import Path

from engine.dataset.content import Content
from engine.dataset.limits import Limits, damaged
from engine.formats._base import Format, Report
from engine.formats._columnar import check_size, content

_MAGIC = b"ARROW1"


class Arrow(Format):
    """A table with types of its own, as `to_feather` of pandas or `write_ipc` of polars write it.

    Numbers, booleans, text, categories and dates are plain columns; lists of numbers, of one shape
    in all rows, are arrays.
    """

    extensions = frozenset({".arrow", ".feather", ".ipc"})

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
            lazy = pl.scan_ipc(path, glob=False)
            rows = int(lazy.select(pl.len()).collect().item())
            check_size(lazy.collect_schema(), rows, limits)
            found = content(lazy, limits, scratch)
        except (pl.exceptions.PolarsError, OSError, pl.exceptions.PanicException) as error:
            raise damaged("The Arrow file cannot be read", error) from None
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
        table.write_ipc(file)
        return file.getvalue()
