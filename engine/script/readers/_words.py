"""Tables of words, as CSV files and spreadsheets are."""

from typing import Any

import numpy as np

from engine.encodings._base import Values


def table_columns(
    rows: list[Any], columns: dict[str, tuple[int, str]], absent: set[str]
) -> dict[str, Values]:
    """The columns of rows of words, the first of which may name them; `absent` are missing."""
    names = [(cell or "").strip().lstrip("\ufeff") for cell in rows[0]]
    if all(names[place] in (name, "") for name, (place, _) in columns.items()):
        rows = rows[1:]
    found = {}
    for name, (place, kind) in columns.items():
        words = [(row[place] or "").strip() for row in rows]
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
        words = [None if word is None else str(word).lower() in yes for word in words]
    return np.array(words, bool if kind == "boolean" and whole else object)
