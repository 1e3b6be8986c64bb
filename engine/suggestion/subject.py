"""What is to be learned from which columns."""

from dataclasses import dataclass
from typing import Any, Literal

from engine.catalog import suggestions
from engine.dataset.schema import Column, Schema
from engine.encodings import left_out
from engine.faults import Fault, Item

from .chronology import time_column

Kind = Literal["classes", "two", "number"]

_USUAL = ("label", "target", "class", "y", "species", "outcome", "category", "sentiment", "price")
_MOST_CLASSES = 20
_LEAST_PER_CLASS = 5


@dataclass(frozen=True)
class Subject:
    """The target, what kind of thing it is, the columns to learn from, and how much there is.

    `counts` are the rows by class, in the order of the classes; empty for numbers.
    """

    target: Column
    kind: Kind
    features: list[Column]
    rows: int
    counts: dict[str, int]

    @property
    def classes(self) -> int:
        """The number of classes, 0 for numbers."""
        return len(self.target.categories or []) if self.kind in ("classes", "two") else 0

    def of_kind(self, *kinds: str) -> list[Column]:
        """The features of these kinds."""
        return [column for column in self.features if column.kind in kinds]


def read(
    schema: Schema, classes: dict[str, dict[str, int]], data: dict[str, Any], pointer: str
) -> Subject:
    """The subject of a `data` section, which may leave the target to a column of labels.

    Raises Fault("data-stack-mismatch") when there is no target or nothing to learn it from.
    """
    target = _target(schema, data.get("target"), f"{pointer}/target")
    features = _features(schema, data, target, pointer)
    rows = schema.rows - target.missing
    kind = _kind(target, rows, f"{pointer}/target", schema)
    counts = classes.get(target.name) or {}
    return Subject(target, kind, features, rows, counts if kind in ("classes", "two") else {})


def _refuse(pointer: str, code: str, detail: str, close: list[str], op: str = "replace") -> Fault:
    fix = [{"op": op, "path": pointer, "value": close[0]}] if close else None
    return Fault("data-stack-mismatch", detail, [Item(pointer, code, detail, close, fix)])


def _target(schema: Schema, given: Any, pointer: str) -> Column:
    if isinstance(given, dict) and isinstance(given.get("columns"), str):
        given, pointer = given["columns"], f"{pointer}/columns"
    if isinstance(given, (dict, list)):
        detail = "A suggestion is made for one target; name one column."
        named = given.values() if isinstance(given, dict) else given
        close = [name for name in named if isinstance(name, str)]
        raise _refuse(pointer, "bad-type", detail, close[:3])
    if given is None:
        labels = [column for column in schema.columns if column.role == "label"]
        if labels:
            return labels[0]
        detail = f"Say which column to learn; the dataset has {', '.join(schema.names[:10])}."
        raise _refuse(pointer, "missing-field", detail, _candidates(schema), "add")
    try:
        return schema.column(given)
    except KeyError:
        detail = f"The dataset has no column {str(given)[:100]!r}."
        close = suggestions(str(given), schema.names)
        raise _refuse(pointer, "unknown-column", detail, close) from None


def _candidates(schema: Schema) -> list[str]:
    """Columns that may be meant: those with a usual name first, then what can be a target."""
    able = [column.name for column in schema.columns if _able(column)]
    usual = [name for name in able if name.lower() in _USUAL]
    return [*usual, *(name for name in reversed(able) if name not in usual)][:3]


def _able(column: Column) -> bool:
    labels = column.kind not in ("category", "boolean") or column.categories is not None
    return labels and column.kind not in ("image", "date", "text", "tensor")


def _timed(schema: Schema, data: dict[str, Any]) -> bool:
    """Whether the past of the target itself may be learned from."""
    return bool(data.get("window")) or time_column(schema) is not None


def _named(data: dict[str, Any], pointer: str) -> dict[str, str]:
    """The columns that the request names, by the pointer to each."""
    found = {
        f"{pointer}/features/{place}": name for place, name in enumerate(data.get("features") or [])
    }
    for key, given in (data.get("inputs") or {}).items():
        for place, name in enumerate(given["columns"]):
            found[f"{pointer}/inputs/{key}/columns/{place}"] = name
    return found


def _kind(target: Column, rows: int, pointer: str, schema: Schema) -> Kind:
    if not _able(target) or (target.distinct or 0) <= 1:
        what = "one value in every row" if _able(target) else "no labels and no single numbers"
        detail = f"A suggestion needs labels or numbers to learn; {target.name!r} holds {what}."
        close = [name for name in _candidates(schema) if name != target.name]
        raise _refuse(pointer, "target-mismatch", detail, close)
    if target.kind == "number" or (target.kind == "integer" and not _labels(target, rows)):
        return "number"
    return "two" if len(target.categories or []) <= 2 else "classes"


def _labels(target: Column, rows: int) -> bool:
    """Whether whole numbers are classes: few different ones, each often."""
    distinct = len(target.categories or [])
    return 2 <= distinct <= _MOST_CLASSES and rows >= _LEAST_PER_CLASS * distinct


def _features(schema: Schema, data: dict[str, Any], target: Column, pointer: str) -> list[Column]:
    """The columns named in `features` or `inputs`, else all that are of use."""
    reserved = {data.get("sample_weight"), None if data.get("window") else target.name}
    named = _named(data, pointer)
    for place, name in named.items():
        if name not in schema.names or name in reserved:
            detail = f"{name[:100]!r} is no column that can be learned from."
            close = suggestions(name, [one for one in schema.names if one not in reserved])
            raise _refuse(place, "unknown-column", detail, close)
    found = [
        column
        for column in schema.columns
        if column.name not in reserved
        and (column.name in named.values() if named else left_out(column, schema.rows) is None)
    ]
    if not found and not _timed(schema, data):
        detail = f"Besides {target.name!r} there is no column to learn from."
        raise Fault("data-stack-mismatch", detail, [Item(pointer, "no-features", detail)])
    return found
