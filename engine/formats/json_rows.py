"""Rows as JSON objects."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.dataset.content import Array, Content
from engine.dataset.labels import JOINT
from engine.dataset.limits import Limits, refusal
from engine.faults import Fault, Item
from engine.formats._base import Format, Report

if TYPE_CHECKING:
    import polars as pl

_MOST_ITEMS = 20


class JsonRows(Format):
    """A JSON array of objects, `{"rows": [objects]}`, or one object per line.

    Each object is a row, its fields the columns. Numbers, strings, booleans and null are plain
    values; (nested) lists of numbers, of one shape in all rows, are arrays.
    Lists of strings, of any length, are labels; they are kept as text with | between them.
    """

    extensions = frozenset({".json", ".ndjson", ".jsonl"})

    @classmethod
    def recognises(cls, path: Path, head: bytes) -> bool:
        """Text whose first character opens an array of objects, or an object."""
        del path
        text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
        return text.startswith((b"[", b"{"))

    @classmethod
    def read(cls, path: Path, limits: Limits, scratch: Path, report: Report) -> Content:
        """Read the whole text, then turn fields into columns."""
        del scratch
        size = path.stat().st_size
        limits.check("expanded_bytes", size, "Bytes of the file")
        rows = _rows(path)
        report(size, size)
        limits.check("rows", len(rows), "Rows")
        names = list(dict.fromkeys(name for row in rows for name in row))
        limits.check("columns", len(names), "Columns")
        if not names:
            raise refusal("empty", "The rows have no fields.")
        return _content(names, rows, limits)

    @classmethod
    def example(cls) -> bytes:
        """Three columns, two rows."""
        return b'{"rows": [{"x": 1.5, "y": [1, 2], "z": "a"}, {"x": null, "y": [3, 4], "z": "b"}]}'


def _rows(path: Path) -> list[dict[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise refusal("unreadable", f"The file is not UTF-8 text: {error}.") from None
    try:
        data = _parsed(text)
    except (ValueError, RecursionError) as error:
        raise refusal("unreadable", f"The JSON cannot be read: {error}.") from None
    if isinstance(data, dict):
        data = data.get("rows", [data])
    if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
        raise refusal("unreadable", "Expected an array of objects, one object per row.")
    if not data:
        raise refusal("empty", "There are no rows.")
    return data


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        if error.msg != "Extra data":
            raise
    return [json.loads(line, parse_constant=_refuse) for line in text.splitlines() if line.strip()]


def _refuse(word: str) -> Any:
    raise ValueError(f"{word} is not JSON; write null for a missing value")


def _content(names: list[str], rows: list[dict[str, Any]], limits: Limits) -> Content:
    import polars as pl

    flat: dict[str, pl.Series] = {}
    tensors: dict[str, Array] = {}
    roles: dict[str, str] = {}
    items: list[Item] = []
    for name in names:
        values = [row.get(name) for row in rows]
        try:
            if _lists_labels(values):
                flat[name] = _flat(name, [_joined(value) for value in values], limits)
                roles[name] = "labels"
            elif any(isinstance(value, list) for value in values):
                tensors[name] = _tensor(values)
            else:
                flat[name] = _flat(name, values, limits)
        except ValueError as error:
            items.append(Item("", "unreadable", f"Field {name!r}: {error}."))
    if items:
        raise Fault("invalid-dataset", items[0].detail, items[:_MOST_ITEMS])
    return Content(names=names, table=pl.DataFrame(flat), tensors=tensors, roles=roles)


def _lists_labels(values: list[Any]) -> bool:
    """Whether every value is a list of texts, or null, and some list has one."""
    lists = [value for value in values if value is not None]
    told = all(isinstance(value, list) and all(isinstance(one, str) for one in value)
               for value in lists)  # fmt: skip
    return told and any(lists)


def _joined(value: list[str] | None) -> str | None:
    if value is not None and any(JOINT in label for label in value):
        raise ValueError(f"labels must not contain {JOINT!r}, by which lists of them are kept")
    return None if value is None else JOINT.join(value)


def _tensor(values: list[Any]) -> Array:
    try:
        array = np.array(values)
    except (ValueError, OverflowError):
        raise ValueError("the lists have not the same shape in all rows") from None
    if array.dtype.kind not in "biuf":
        raise ValueError("lists must hold numbers only, in every row")
    return array.astype(np.float32) if array.dtype == np.float64 else array


def _flat(name: str, values: list[Any], limits: Limits) -> "pl.Series":
    import polars as pl

    types = {type(value) for value in values if value is not None}
    if dict in types:
        raise ValueError("objects inside a row are not taken; make them fields of their own")
    if types <= {bool}:
        return pl.Series(values, dtype=pl.Boolean if types else pl.String)
    if types == {int} and all(value is None or abs(value) < 2**63 for value in values):
        return pl.Series(values, dtype=pl.Int64)
    if types <= {int, float}:
        numbers = [None if value is None else float(value) for value in values]
        return pl.Series(numbers, dtype=pl.Float64)
    if types != {str}:
        kinds = ", ".join(sorted(kind.__name__ for kind in types))
        raise ValueError(f"values of several types: {kinds}")
    longest = max(len(value.encode("utf-8", "replace")) for value in values if value is not None)
    limits.check("cell_bytes", longest, f"Bytes in a value of {name!r}")
    if any("\0" in value or _lone(value) for value in values if value is not None):
        raise ValueError("text holds NUL characters or broken surrogates")
    return pl.Series(values, dtype=pl.String)


def _lone(text: str) -> bool:
    return any("\ud800" <= letter <= "\udfff" for letter in text)
