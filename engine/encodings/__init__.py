"""The encodings: one file each, found by folder; and which one a column gets unasked."""

from typing import Any

from engine.dataset.schema import MOST_CATEGORIES, Column
from engine.encodings._base import Encoding
from lamina.discovery import discover

ENCODINGS = discover("engine.encodings", Encoding)  # type: ignore[type-abstract]

PREPROCESSING: frozenset[str] = frozenset(
    {
        "Normalization",
        "Rescaling",
        "Discretization",
        "StringLookup",
        "IntegerLookup",
        "TextVectorization",
        "CategoryEncoding",
        "Hashing",
        "HashedCrossing",
    }
)
"""Layers that want values as they are: what feeds them is encoded `raw`."""

MANY = 100
"""More categories than this become one_hot vectors only of the most frequent ones, unasked."""

_INTEGERS = frozenset({"IntegerLookup", "CategoryEncoding", "Hashing", "HashedCrossing"})


def made(name: str, **arguments: Any) -> Encoding:
    """The encoding of this name and arguments. Raises KeyError or ValueError."""
    return ENCODINGS[name].model_validate(arguments)


def encoding_from_json(data: str | dict[str, Any]) -> Encoding:
    """The encoding of a name or of `{"class_name": name, **arguments}`, with its `state` if given.

    Raises KeyError for an unknown name, ValueError for bad arguments.
    """
    if isinstance(data, str):
        return made(data)
    arguments = {key: value for key, value in data.items() if key not in ("class_name", "state")}
    encoding = made(data["class_name"], **arguments)
    if "state" in data:
        encoding.restore(data["state"])
    return encoding


def automatic(
    column: Column, consumer: str | None = None, rows: int | None = None
) -> Encoding | None:
    """The encoding a column gets when none is asked for; None when it is better left out.

    `consumer` is the class name of the first layer behind the Input. `left_out` gives the reason
    of a None.
    """
    if left_out(column, rows):
        return None
    if column.kind == "image":
        return made("image", scale="none" if consumer in PREPROCESSING else "unit")
    if column.kind == "tensor" or consumer in PREPROCESSING:
        return _raw(column, consumer)
    return _flat(column, consumer)


def left_out(column: Column, rows: int | None = None) -> str | None:
    """Why a column is not used as a feature unless it is named, as a sentence; None if it is.

    With `rows`, text-like columns in which nearly every row differs count as identifiers.
    """
    if column.kind == "date" and not column.dtype.startswith("date"):
        return "Times of day and durations are not used as features; turn them into numbers."
    if column.flat and (column.distinct or 0) <= 1:
        return "The column has the same value in every row."
    if column.kind == "tensor" and column.dtype.startswith(("str", "object")):
        return "The array holds no numbers."
    if rows and rows >= 20 and _identifier(column, rows):
        return "Nearly every row has its own value: it looks like an identifier."
    return None


def _identifier(column: Column, rows: int) -> bool:
    present = rows - column.missing
    if column.distinct is None or column.distinct < present or column.missing:
        return False
    if column.kind == "integer" and column.minimum is not None and column.maximum is not None:
        consecutive = column.maximum - column.minimum + 1 == rows
        named = column.name.strip().lower() in ("id", "index", "row", "rowid", "row_id", "key", "")
        return consecutive or named or column.name.lower().endswith("_id")
    return column.kind == "category"


def _flat(column: Column, consumer: str | None) -> Encoding:
    if column.kind == "text":
        return made("bag_of_words" if consumer == "Dense" else "tokens")
    if column.kind == "date":
        return made("date")
    if consumer == "Embedding" and column.kind != "number":
        return _index(column)
    if column.kind == "category":
        many = column.categories is None or len(column.categories) > MANY
        return made("one_hot", max_categories=MANY if many else None)
    if column.kind == "boolean" and not column.missing:
        return made("raw")
    return made("standard")


def _index(column: Column) -> Encoding:
    if column.categories is not None:
        return made("index")
    if column.kind == "category":
        return made("index", max_categories=MOST_CATEGORIES)
    return _raw(column, "Embedding")


def _raw(column: Column, consumer: str | None) -> Encoding:
    dtype = None
    whole = column.dtype.lower().startswith(("int", "uint")) or column.kind == "integer"
    if whole and (consumer == "Embedding" or consumer in _INTEGERS):
        dtype = "int64" if consumer in _INTEGERS else "int32"
    return made("raw", dtype=dtype)
