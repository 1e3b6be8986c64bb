"""Spreadsheets."""

from engine.encodings._base import Values
from engine.script.readers._words import table_columns, typed

NEEDS = (typed, table_columns)
CALL = "read_excel(path, COLUMNS, ABSENT)"
PACKAGES = ("Polars", "fastexcel")


def read_excel(
    path: str, columns: dict[str, tuple[int, str]], absent: set[str]
) -> dict[str, Values]:
    """The columns of the first sheet of several columns, else of the first that holds anything."""
    import fastexcel

    book = fastexcel.read_excel(path)
    sheets = [
        book.load_sheet(name, header_row=None, dtypes="string").to_polars()
        for name in book.sheet_names
    ]
    filled = [sheet for sheet in sheets if sheet.height and sheet.width]
    sheet = next((sheet for sheet in filled if sheet.width > 1), filled[0])
    used = [series.to_list() for series in sheet if series.null_count() < len(series)]
    rows = [row for row in zip(*used, strict=True) if any(cell is not None for cell in row)]
    return table_columns(rows, columns, absent)
