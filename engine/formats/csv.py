"""Text tables: one line per row, columns set apart by a delimiter."""

import codecs
import csv as reader
import io
from pathlib import Path
from typing import TYPE_CHECKING

from engine.dataset.content import Content
from engine.dataset.inference import infer
from engine.dataset.limits import Limits, refusal
from engine.formats._base import Format, Report

if TYPE_CHECKING:
    import polars as pl

_DELIMITERS = ",;\t|"
_CHUNK = 1 << 20
_SAMPLE_LINES = 50


class Csv(Format):
    """A text table in UTF-8 whose first line names the columns.

    The delimiter (comma, semicolon, tab or bar) is found by itself. Numbers, true/false, dates
    (2024-05-31), categories and text are told apart; an empty cell, NA, N/A, NaN, null and ?
    are missing values. Text in double quotes may hold delimiters and line ends. Empty lines are
    skipped; between semicolons, 1,5 is a number.
    """

    extensions = frozenset({".csv", ".tsv", ".tab"})

    @classmethod
    def recognises(cls, path: Path, head: bytes) -> bool:
        """Text without control characters; other encodings than UTF-8 are told of in `read`."""
        del path
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return True
        return b"\0" not in head and not head.startswith((b"PK", b"%PDF", b"PAR1", b"\x89", b"GIF"))

    @classmethod
    def read(cls, path: Path, limits: Limits, scratch: Path, report: Report) -> Content:
        """Read all cells as text, then find the types."""
        del scratch
        _scan(path, limits, report)
        sample = _sample(path)
        delimiter = _delimiter(sample)
        header = _header(sample, delimiter, limits)
        table = _table(path, delimiter, header, limits)
        for name in header:
            longest = table[name].str.len_bytes().max()
            limits.check("cell_bytes", int(str(longest or 0)), f"Bytes in a cell of {name!r}")
        filled, notes = _without_empty_lines(table)
        if not filled.height:
            raise refusal("empty", "The table has a header line but no rows.")
        if delimiter == ";":
            filled = _with_points(filled)
        return Content(names=header, table=infer(filled), notes=notes)

    @classmethod
    def example(cls) -> bytes:
        """Two columns, three rows, one cell missing."""
        return b"size,colour\n1.5,red\n,blue\n2.5,red\n"


def _scan(path: Path, limits: Limits, report: Report) -> None:
    """Refuse what is not UTF-8 or has endless lines, before anything is held in memory."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    total, done, line, quotes = path.stat().st_size, 0, 0, 0
    limits.check("expanded_bytes", total, "Bytes of the file")
    longest = max(1 << 20, min(limits.columns, 1000) * limits.cell_bytes)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            try:
                decoder.decode(chunk, final=done + len(chunk) >= total)
            except UnicodeDecodeError as error:
                raise refusal(
                    "unreadable",
                    f"The file is not UTF-8 text (near byte {done + error.start}:"
                    f" {error.object[error.start : error.start + 4]!r}). Save it as UTF-8.",
                ) from None
            if b"\0" in chunk:
                raise refusal("unreadable", "The text holds NUL characters; it is no table.")
            last = chunk.rfind(b"\n")
            line = line + len(chunk) if last < 0 else len(chunk) - last
            if line > longest:
                raise refusal("too-large", f"A line is longer than {longest:,} bytes.")
            done += len(chunk)
            quotes += chunk.count(b'"')
            report(done, total)
    if quotes % 2:
        raise refusal(
            "unreadable",
            'A double quote is not closed. Within quotes write a literal quote twice ("").',
        )


def _sample(path: Path) -> str:
    lines = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        for _ in range(_SAMPLE_LINES):
            line = file.readline(1 << 24)
            if not line:
                break
            lines.append(line)
    return "".join(lines)


def _rows(sample: str, delimiter: str) -> list[list[str]]:
    try:
        return [row for row in reader.reader(io.StringIO(sample), delimiter=delimiter) if row]
    except reader.Error as error:
        raise refusal("unreadable", f"The table cannot be read: {error}.") from None


def _delimiter(sample: str) -> str:
    """The delimiter under which the first lines have most columns and agree best."""

    def merit(delimiter: str) -> tuple[float, int]:
        counts = [len(row) for row in _rows(sample, delimiter)]
        if not counts or counts[0] < 2:
            return (0.0, 0)
        return (counts.count(counts[0]) / len(counts), counts[0])

    return max(_DELIMITERS, key=merit)


def _header(sample: str, delimiter: str, limits: Limits) -> list[str]:
    rows = _rows(sample, delimiter)
    if not rows:
        raise refusal("empty", "The file holds no line with text.")
    names = [name.strip() for name in rows[0]]
    limits.check("columns", len(names), "Columns")
    twice = sorted({name for name in names if names.count(name) > 1 and name})
    if twice:
        raise refusal("unreadable", f"Column names occur twice: {', '.join(twice[:10])}.")
    if all(_is_number(name) for name in names):
        raise refusal(
            "unreadable",
            f"The first line must name the columns; it holds numbers: {', '.join(names[:5])}.",
        )
    spare = (f"column_{place}" for place in range(1, len(names) + 1))
    return [name or place for name, place in zip(names, spare, strict=True)]


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _table(path: Path, delimiter: str, header: list[str], limits: Limits) -> "pl.DataFrame":
    import polars as pl

    try:
        table = pl.read_csv(
            path,
            separator=delimiter,
            has_header=True,
            new_columns=header,
            infer_schema=False,
            n_rows=limits.rows + 1,
            truncate_ragged_lines=False,
        )
    except pl.exceptions.PolarsError as error:
        first = str(error).strip().splitlines()[0]
        raise refusal("unreadable", f"The table cannot be read: {first}") from None
    limits.check("rows", table.height, "Rows")
    if table.width != len(header):
        raise refusal(
            "unreadable", f"The header names {len(header)} columns, rows have {table.width}."
        )
    return table


def _without_empty_lines(table: "pl.DataFrame") -> tuple["pl.DataFrame", list[str]]:
    """The table without rows that have no cell at all, and a note on how many they were.

    In a table of one column an empty line is a missing value.
    """
    import polars as pl

    if table.width == 1:
        return table, []
    filled = table.filter(~pl.all_horizontal(pl.all().is_null()))
    count = table.height - filled.height
    return filled, [f"{count} empty lines were skipped."] if count else []


def _with_points(table: "pl.DataFrame") -> "pl.DataFrame":
    """Decimal commas as points, in columns that hold nothing but such numbers."""
    columns = []
    for series in table:
        present = series.drop_nulls().str.strip_chars()
        number = present.str.contains(r"^[+-]?\d+(,\d+)?$")
        commas = len(present) and number.all() and present.str.contains(",", literal=True).any()
        columns.append(series.str.replace(",", ".", literal=True) if commas else series)
    return table.with_columns(columns)
