"""How scripts read the user's own file; the source of these functions goes into them."""

from typing import Any

import numpy as np

from engine.encodings._base import Values


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
    names = [cell.strip().lstrip("\ufeff") for cell in rows[0]]
    if all(names[place] in (name, "") for name, (place, _) in columns.items()):
        del rows[0]
    found = {}
    for name, (place, kind) in columns.items():
        words = [row[place].strip() for row in rows]
        found[name] = typed([None if word in absent else word for word in words], kind)
    return found


def typed(words: list[Any], kind: str) -> Values:
    """Words as an array: floats (NaN where missing), integers, booleans, or text and None."""
    whole = None not in words
    if kind == "integer" and whole:
        return np.array([int(word) for word in words], np.int64)
    if kind in ("number", "integer"):
        return np.array([np.nan if word is None else float(word) for word in words], np.float64)
    if kind == "boolean":
        yes = ("true", "yes", "y", "t", "on", "1")
        words = [None if word is None else word.lower() in yes for word in words]
    return np.array(words, bool if kind == "boolean" and whole else object)


def read_frame(path: str, columns: dict[str, tuple[int, str]], arrow: bool) -> dict[str, Values]:
    """The columns of a Parquet or Arrow file."""
    import polars as pl

    frame = pl.read_ipc(path) if arrow else pl.read_parquet(path)
    return {name: flat_values(frame[name]) for name in columns}


def flat_values(series: Any) -> Values:
    """A column as floats (NaN where missing), integers, booleans, or text and None."""
    values = series.to_list()
    lacks = any(value is None for value in values)
    if series.dtype.is_float() or (series.dtype.is_integer() and lacks):
        return np.array([np.nan if value is None else value for value in values], np.float64)
    if series.dtype.is_integer():
        return np.array(values, np.int64)
    words = [value if value is None or isinstance(value, bool) else str(value) for value in values]
    return np.array(words, bool if words and not lacks and isinstance(words[0], bool) else object)


def read_arrays(path: str, columns: dict[str, tuple[int, str]]) -> dict[str, Values]:
    """The arrays of an NPZ file, or the only one of an NPY file; the first axis are the rows."""
    found = np.load(path, allow_pickle=False)
    arrays = found if hasattr(found, "files") else dict.fromkeys(columns, found)
    return {name: plain_array(arrays[name], kind) for name, (_, kind) in columns.items()}


def plain_array(values: Values, kind: str) -> Values:
    """An array as it is; single numbers of a row as float64 or int64, text as Python's."""
    if kind == "number":
        return values.reshape(len(values)).astype(np.float64)
    if kind == "integer":
        return values.reshape(len(values)).astype(np.int64)
    return values.astype(object) if values.dtype.kind in "US" else values
