"""The encodings: one file each, found by folder; and which one a column gets unasked."""

from typing import Any

from engine.dataset.schema import Column
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

_INTEGERS = frozenset({"IntegerLookup", "CategoryEncoding", "Hashing", "HashedCrossing"})


def encoding_from_json(data: str | dict[str, Any]) -> Encoding:
    """The encoding of a name or of `{"class_name": name, **arguments}`.

    Raises KeyError for an unknown name, TypeError or ValueError for bad arguments.
    """
    if isinstance(data, str):
        return ENCODINGS[data]()
    arguments = {key: value for key, value in data.items() if key not in ("class_name", "state")}
    encoding = ENCODINGS[data["class_name"]](**arguments)
    if "state" in data:
        encoding.restore(data["state"])
    return encoding


def automatic(
    column: Column,
    consumer: str | None = None,
    input_shape: tuple[int | None, ...] | None = None,
    rows: int | None = None,
) -> Encoding | None:
    """The encoding a column gets when none is asked for; None when it is better left out.

    `consumer` is the class name of the first layer behind the Input, `input_shape` the shape
    (without the batch axis) that the Input states. `left_out` gives the reason of a None.
    """
    if left_out(column, rows):
        return None
    if column.kind == "image":
        return _image(consumer, input_shape)
    if column.kind == "tensor" or consumer in PREPROCESSING:
        return _raw(column, consumer)
    return _flat(column, consumer, input_shape)


def left_out(column: Column, rows: int | None = None) -> str | None:
    """Why a column is not used as a feature unless it is named, as a sentence; None if it is.

    With `rows`, text-like columns in which nearly every row differs count as identifiers.
    """
    if column.kind == "date":
        return "Dates are not used as features by themselves; turn them into numbers."
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


def _image(consumer: str | None, input_shape: tuple[int | None, ...] | None) -> Encoding:
    arguments: dict[str, Any] = {"class_name": "image", "scale": consumer not in PREPROCESSING}
    if input_shape is not None and len(input_shape) == 3:
        names = ("height", "width", "channels")
        arguments.update(zip(names, input_shape, strict=True))
    return encoding_from_json(arguments)


def _flat(
    column: Column, consumer: str | None, input_shape: tuple[int | None, ...] | None
) -> Encoding:
    if column.kind == "text":
        length = input_shape[0] if input_shape and len(input_shape) == 1 else None
        return ENCODINGS["tokens"](**({"length": length} if length else {}))
    if consumer == "Embedding" and column.kind != "number":
        return ENCODINGS["index"]() if column.categories is not None else _raw(column, consumer)
    if column.kind == "category":
        return ENCODINGS["one_hot"]()
    if column.kind == "boolean" and not column.missing:
        return ENCODINGS["raw"]()
    return ENCODINGS["standard"]()


def _raw(column: Column, consumer: str | None) -> Encoding:
    dtype = None
    whole = column.dtype.lower().startswith(("int", "uint")) or column.kind == "integer"
    if whole and (consumer == "Embedding" or consumer in _INTEGERS):
        dtype = "int64" if consumer in _INTEGERS else "int32"
    return encoding_from_json({"class_name": "raw", "dtype": dtype})
