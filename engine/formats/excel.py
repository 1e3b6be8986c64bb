"""Spreadsheets of Excel and LibreOffice."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.dataset.content import Content
from engine.dataset.inference import inferred, notes, written
from engine.dataset.limits import Limits, damaged, refusal
from engine.formats import _zip
from engine.formats._base import Format, Report
from engine.formats._dialect import columns_of
from engine.formats._workbook import Cell, workbook

if TYPE_CHECKING:
    import polars as pl

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument.spreadsheet"
_CHUNK = 1 << 20
_MOST_CELLS = 20_000_000
"""The reader makes room for every cell of the rectangle that a sheet spans."""
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,3})(\d{1,7})["']""")
_MIDNIGHT = " 00:00:00"
_SAMPLE_ROWS = 50


class Excel(Format):
    """A spreadsheet: xlsx, xlsm, xlsb and xls of Excel, ods of LibreOffice.

    The first sheet of several columns is read (if there is none, the first that holds anything);
    the notes tell which, when there are more. Its first line names the columns (else they are
    column_1, column_2 …); empty lines are skipped. Formulas count as the values that were saved
    with them. Words are told apart as in CSV files.
    """

    extensions = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})

    @classmethod
    def recognises(cls, path: Path, head: bytes) -> bool:
        """By the magic bytes of old files; by the names of the parts of new ones."""
        if head.startswith(_OLE):
            return True
        if not _zip.is_zip(head):
            return False
        parts = _zip.names(path)
        return any(name.startswith("xl/workbook.") for name in parts) or _OPEN_DOCUMENT in head

    @classmethod
    def read(cls, path: Path, limits: Limits, scratch: Path, report: Report) -> Content:
        """Measure the parts, then read one sheet as words and find their types."""
        del scratch
        limits.check("expanded_bytes", path.stat().st_size, "Bytes of the file")
        with path.open("rb") as file:
            is_old = file.read(len(_OLE)) == _OLE
        if not is_old:
            _measure(path, limits)
        words, told_of_sheet = _sheet(path)
        limits.check("rows", words.height, "Rows")
        names, table, told = _columns(words, limits)
        typed, guesses = inferred(table)
        report(typed.height, typed.height)
        told = [*told_of_sheet, *told, *notes(guesses)]
        return Content(names, typed, notes=told, written=written(guesses))

    @classmethod
    def example(cls) -> bytes:
        """Three columns, three rows, one cell missing."""
        rows: list[list[Cell]] = [
            ["size", "n", "colour"],
            [1.5, 1, "red"],
            [None, 2, "blue"],
            [2.5, 3, "red"],
        ]
        return workbook({"Sheet1": rows})


def _measure(path: Path, limits: Limits) -> None:
    """Unpack every part once, to nowhere: none may hold more than it states, no sheet too much."""
    with _zip.opened(path) as archive:
        for entry in _zip.members(archive, limits):
            columns, rows, rest = [0], [0], b""
            with archive.open(entry) as part:
                while chunk := part.read(_CHUNK):
                    places = _PLACE.findall(rest + chunk) if "sheet" in entry.filename else []
                    columns += {_number(letters) for letters, _ in places}
                    rows.append(max((int(row) for _, row in places), default=0))
                    columns, rest = [max(columns)], chunk[-32:]
            if max(columns) * max(rows) > _MOST_CELLS:
                detail = f"{entry.filename!r} spans {max(columns):,} x {max(rows):,} cells"
                raise refusal("too-large", f"{detail}; the limit is {_MOST_CELLS:,}.")


def _number(letters: bytes) -> int:
    """The number of a column called A, B, … AA …"""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _sheet(path: Path) -> tuple["pl.DataFrame", list[str]]:
    """The first sheet of several columns, else the first that holds anything; all cells as words.

    With a note when the workbook has more sheets.
    """
    import fastexcel

    found: pl.DataFrame | None = None
    try:
        book = fastexcel.read_excel(path)
        for name in book.sheet_names:
            loaded: Any = book.load_sheet(name, header_row=None, dtypes="string")
            if loaded.height and (loaded.width > 1 or (loaded.width and found is None)):
                found, taken = loaded.to_polars(), name
            if loaded.height and loaded.width > 1:
                break
    except Exception as error:
        raise damaged("The workbook cannot be read", error) from None
    except BaseException as error:
        # The reader's own crashes derive from nothing else.
        if type(error).__name__ != "PanicException":
            raise
        raise refusal("unreadable", "The workbook is damaged: its reader gave up.") from None
    if found is None:
        raise refusal("empty", "No sheet of the workbook holds anything.")
    count = len(book.sheet_names)
    note = f"The workbook has {count} sheets; {taken[:80]!r} was read."
    return found, [note] if count > 1 else []


def _columns(words: "pl.DataFrame", limits: Limits) -> tuple[list[str], "pl.DataFrame", list[str]]:
    """The names of the columns, the cells below them, and notes."""
    import polars as pl

    used = [series for series in words if series.null_count() < len(series)]
    if not used:
        raise refusal("empty", "No sheet of the workbook holds anything.")
    limits.check("columns", len(used), "Columns")
    filled = pl.DataFrame(used).filter(~pl.all_horizontal(pl.all().is_null()))
    first = [[cell or "" for cell in row] for row in filled.head(_SAMPLE_ROWS).rows()]
    names, has_header, notes = columns_of(first)
    table = filled[1:] if has_header else filled
    if not table.height:
        raise refusal("empty", "The sheet has a header line but no rows.")
    for name, series in zip(names, table, strict=True):
        longest = int(str(series.str.len_bytes().max() or 0))
        limits.check("cell_bytes", longest, f"Bytes in a cell of {name!r}")
    skipped = words.height - filled.height
    if skipped:
        notes = [*notes, f"{skipped} empty lines were skipped."]
    days = [_day(series).alias(name) for name, series in zip(names, table, strict=True)]
    return names, pl.DataFrame(days), notes


def _day(words: "pl.Series") -> "pl.Series":
    """Words without the time of day where all of them are moments at midnight: these are days."""
    present = words.drop_nulls()
    at_midnight = len(present) and present.str.ends_with(_MIDNIGHT).all()
    return words.str.strip_suffix(_MIDNIGHT) if at_midnight else words
