"""Text tables: one line per row, columns set apart by a delimiter."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from engine.dataset.content import Content
from engine.dataset.inference import Guess, notes, written
from engine.dataset.limits import Limits, damaged, refusal
from engine.dataset.stored import StoredTable
from engine.formats._base import Format, Report
from engine.formats._dialect import Dialect, dialect
from engine.formats._encoding import as_utf8, is_text
from engine.formats._typing import Typing

if TYPE_CHECKING:
    import polars as pl

_UNREADABLE = "The table cannot be read"


class Csv(Format):
    """A text table, one line per row, read without ever being held in memory.

    Found by itself: the encoding (UTF-8, UTF-16 and UTF-32 with or without mark, Windows-1252;
    broken bytes of UTF-8 are replaced and counted), the delimiter (comma, semicolon, tab or bar),
    and whether the first line names the columns (else they are column_1, column_2 …). Text in
    double quotes may hold delimiters and line ends; empty lines are skipped.

    Numbers, true/false, yes/no, dates (2024-05-31, 2024-05-31T10:00:00+02:00, 31.05.2024, and
    31/05/2024 or 05/31/2024 where they can be told apart), categories and text are told apart
    by all words of a column. Numbers may be written 1,234.5 or 1 234,5 or 1.234,5, with one
    currency sign or %; digits that begin with a zero are codes. An empty cell, NA, N/A, NaN,
    null, ? and the error words of spreadsheets are missing values. What was not plain is told in
    the notes.
    """

    extensions = frozenset({".csv", ".tsv", ".tab"})

    @classmethod
    def recognises(cls, path: Path, head: bytes) -> bool:
        """Text without control characters."""
        del path
        return is_text(head) and not head.startswith((b"PK", b"%PDF", b"PAR1", b"\x89", b"GIF"))

    @classmethod
    def read(cls, path: Path, limits: Limits, scratch: Path, report: Report) -> Content:
        """Make it UTF-8, find the dialect, then stream it into a typed table on disk."""
        limits.check("expanded_bytes", path.stat().st_size, "Bytes of the file")
        text = as_utf8(path, limits, scratch, report)
        found = dialect(text.path, limits)
        table, guesses, told = _typed(text.path, found, limits, scratch)
        if text.path != path:
            text.path.unlink()
        report(1, 1)
        told = [*text.notes, *found.notes, *told]
        return Content(found.names, table, notes=told, written=written(guesses))

    @classmethod
    def example(cls) -> bytes:
        """Two columns, three rows, one cell missing."""
        return b"size,colour\n1.5,red\n,blue\n2.5,red\n"


def _typed(
    path: Path, found: Dialect, limits: Limits, scratch: Path
) -> tuple[StoredTable, dict[str, Guess], list[str]]:
    import polars as pl

    typing = Typing(partial(_scanned, path, found, _as_written(path, found)), found, limits)
    try:
        typing.write(scratch / "table.tmp")
    except pl.exceptions.PolarsError as error:
        raise damaged(_UNREADABLE, error) from None
    table = StoredTable(scratch / "table.tmp")
    if not table.height:
        raise refusal("empty", "The table has a header line but no rows.")
    told = notes(typing.guesses)
    skipped = typing.rows - table.height
    if skipped:
        told = [f"{skipped} empty lines were skipped.", *told]
    return table, typing.guesses, told


def _as_written(path: Path, found: Dialect) -> list[str]:
    """What polars takes for the names of the columns: as they are written, spaces and quotes too.

    Raises Fault for a table whose first row is of another width than our own names.
    """
    import polars as pl

    lazy = pl.scan_csv(
        path,
        separator=found.delimiter,
        has_header=found.has_header,
        infer_schema=False,
        glob=False,
    )
    try:
        names = lazy.collect_schema().names()
    except pl.exceptions.PolarsError as error:
        raise damaged(_UNREADABLE, error) from None
    if len(names) != len(found.names):
        detail = f"{len(found.names)} columns are named, rows have {len(names)}."
        raise refusal("unreadable", detail)
    return names


def _scanned(path: Path, found: Dialect, header: list[str], floats: set[str]) -> "pl.LazyFrame":
    """All cells as text, but for these columns."""
    import polars as pl

    named = dict(zip(header, found.names, strict=True))
    lazy = pl.scan_csv(
        path,
        separator=found.delimiter,
        has_header=found.has_header,
        schema={own: pl.Float64 if name in floats else pl.String for own, name in named.items()},
        glob=False,
    )
    return lazy if header == found.names else lazy.rename(named)
