"""Raw records of a client as columns of raw values, checked field by field."""

import base64
import binascii
import difflib
import math
from typing import Any

import numpy as np

from engine.dataset.content import Array
from engine.dataset.dates import as_written
from engine.dataset.labels import JOINT
from engine.dataset.schema import Column
from engine.encodings._moments import moment
from engine.faults import Fault, Item
from engine.formats._picture import decoded

MOST_ITEMS = 100
MOST_PIXELS = 25_000_000
_WORDS = {"true": True, "yes": True, "y": True, "false": False, "no": False, "n": False}


def columns_of(records: Any, columns: dict[str, Column]) -> dict[str, Array]:
    """The raw values of each column, as `Dataset.values` gives them.

    A record is an object with every column, null where a value is missing. Raises
    Fault("invalid-request") with all mistakes (at most 100), pointers into `/records`.
    """
    if not isinstance(records, list) or not records:
        detail = "Expected a list of at least one record."
        raise Fault("invalid-request", detail, [Item("/records", "bad-type", detail)])
    items: list[Item] = []
    values: dict[str, list[Any]] = {name: [] for name in columns}
    for number, record in enumerate(records):
        if not isinstance(record, dict):
            items.append(Item(f"/records/{number}", "bad-type", "A record is an object."))
            continue
        items += _field_items(number, record, columns)
        for name, column in columns.items():
            if name in record:
                values[name].append(_read(number, record[name], column, items))
        if len(items) >= MOST_ITEMS:
            break
    if items:
        raise Fault("invalid-request", items[0].detail, items[:MOST_ITEMS])
    return {name: array_of(values[name], column) for name, column in columns.items()}


def _field_items(number: int, record: dict[str, Any], columns: dict[str, Column]) -> list[Item]:
    items = []
    for name in record:
        if name not in columns:
            close = difflib.get_close_matches(str(name), list(columns), n=3)
            detail = f"The model knows no column {name!r}."
            items.append(Item(pointer(number, str(name)), "unknown-field", detail, close))
    for name in columns:
        if name not in record:
            detail = f"The record lacks {name!r}; write null for a missing value."
            items.append(Item(pointer(number, name), "missing-field", detail))
    return items


def pointer(number: int, name: str, root: str = "/records") -> str:
    """Where a value of a record stands, the list of records being at `root`."""
    return f"{root}/{number}/{name.replace('~', '~0').replace('/', '~1')}"


def _read(number: int, value: Any, column: Column, items: list[Item]) -> Any:
    try:
        return _value(value, column)
    except ValueError as error:
        code = "bad-value" if column.kind == "image" else "bad-type"
        items.append(Item(pointer(number, column.name), code, f"{column.name!r} {error}."))
        return None


def _value(value: Any, column: Column) -> Any:
    if column.kind == "image":
        return _image(value)
    if column.kind == "tensor":
        return _tensor(value, column)
    if value is None:
        return None
    if column.kind in ("number", "integer"):
        return _number(value, column)
    return _boolean(value) if column.kind == "boolean" else _text(value, column)


def _text(value: Any, column: Column) -> str | None:
    if column.role == "labels" and isinstance(value, list):
        value = JOINT.join(map(str, value))
    if not isinstance(value, str):
        raise ValueError("must be a string or null")
    if any("\ud800" <= letter <= "\udfff" for letter in value):
        raise ValueError("holds half of a surrogate pair")
    if column.kind == "date":
        return _date(value, column)
    return value if column.categories is None else _category(value, column.categories)


def _category(value: str, categories: list[str]) -> str:
    """A category as the dataset has it: tables are read without the spaces around words."""
    plain = value.strip()
    return plain if value not in categories and plain in categories else value


def _boolean(value: Any) -> bool:
    """True or false, or the words that tables write for them."""
    plain = _WORDS.get(value.strip().lower()) if isinstance(value, str) else value
    if not isinstance(plain, bool):
        raise ValueError("must be true, false or null")
    return plain


def _date(value: str, column: Column) -> str | None:
    """A date or moment as the dataset spells it; of a column of dates without the time.

    It is written as in the file, where a word may stand for a missing value, or in ISO 8601.
    """
    if column.written:
        known, kept = as_written(value, column.written)
        if known:
            return kept
    try:
        found = moment(value)
    except Fault as fault:
        also = f", nor one of {column.written!r} as in the file" if column.written else ""
        raise ValueError(f"must be a date: {fault.detail.removesuffix('.')}{also}") from None
    return str(found.date() if column.dtype == "date" else found)


def _number(value: Any, column: Column) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("must be a number or null")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ValueError("must be a finite number")
    if column.kind == "integer" and not number.is_integer():
        raise ValueError("must be a whole number or null")
    return int(value) if column.kind == "integer" else number


def _tensor(value: Any, column: Column) -> Array:
    shape = tuple(column.shape or [])
    try:
        array = np.asarray(value)
    except (ValueError, OverflowError):
        raise ValueError(f"must be nested lists of numbers of shape {list(shape)}") from None
    if array.dtype.kind not in "biuf" or array.shape != shape or not np.isfinite(array).all():
        raise ValueError(f"must be nested lists of finite numbers of shape {list(shape)}")
    return array


def _image(value: Any) -> Array:
    if not isinstance(value, str):
        raise ValueError("must be an image file as base64 text or as a data URI")
    text = value
    if value.startswith("data:"):
        head, comma, text = value.partition(",")
        if not comma or not head.endswith(";base64"):
            raise ValueError("must be a data URI with base64 content")
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("is not base64 text") from None
    return decoded(data, MOST_PIXELS)


def array_of(values: list[Any], column: Column) -> Array:
    """As `Dataset.values` has them; no value hangs on the records beside it."""
    if column.kind == "tensor":
        return np.stack(values)
    if column.kind == "number" or (column.kind == "integer" and column.missing):
        return np.array([math.nan if value is None else value for value in values], np.float64)
    if column.kind == "integer" and all(_fits(value) for value in values):
        return np.array(values, np.int64)
    if column.kind == "boolean" and None not in values:
        return np.array(values, bool)
    out = np.empty(len(values), dtype=object)
    for place, value in enumerate(values):
        out[place] = value
    return out


def _fits(value: int | None) -> bool:
    return value is not None and -(2**63) <= value < 2**63
