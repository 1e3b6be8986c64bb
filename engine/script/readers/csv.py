"""Text tables."""

from engine.encodings._base import Values
from engine.script.readers._words import table_columns, typed

NEEDS = (typed, table_columns)
CALL = "read_csv(path, COLUMNS, ABSENT)"
PACKAGES = ()


def read_csv(path: str, columns: dict[str, tuple[int, str]], absent: set[str]) -> dict[str, Values]:
    """The columns of a text table in UTF-8, by name; `columns` tells each one's place and kind.

    The delimiter is the one of , ; tab | that cuts the first line into most cells. Words of
    `absent` are missing values.
    """
    import csv

    with open(path, encoding="utf-8-sig", newline="") as file:
        first = file.readline()
        mark = max(",;\t|", key=lambda one: len(next(csv.reader([first], delimiter=one), [])))
        file.seek(0)
        rows = [row for row in csv.reader(file, delimiter=mark) if any(row)]
    return table_columns(rows, columns, absent)
