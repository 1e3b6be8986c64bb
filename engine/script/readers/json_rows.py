"""Rows as JSON objects."""

import json
from typing import Any

import numpy as np

from engine.encodings._base import Values
from engine.script.readers._words import typed

CALL = "read_json_rows(path, COLUMNS)"
PACKAGES = ()


def read_json_rows(path: str, columns: dict[str, tuple[int, str]]) -> dict[str, Values]:
    """The fields of an array of objects, of {"rows": [objects]}, or of an object per line."""
    with open(path, encoding="utf-8-sig") as file:
        text = file.read()
    try:
        found = json.loads(text)
    except json.JSONDecodeError:
        found = [json.loads(line) for line in text.splitlines() if line.strip()]
    rows = found.get("rows", [found]) if isinstance(found, dict) else found
    return {
        name: field_values([row.get(name) for row in rows], kind)
        for name, (_, kind) in columns.items()
    }


def field_values(values: list[Any], kind: str) -> Values:
    """Lists of numbers as one array, lists of labels as text with | between; all else plain."""
    if kind == "tensor":
        array = np.array(values)
        return array.astype(np.float32) if array.dtype == np.float64 else array
    plain = ["|".join(value) if isinstance(value, list) else value for value in values]
    return typed(plain, kind)


NEEDS = (typed, field_values)
