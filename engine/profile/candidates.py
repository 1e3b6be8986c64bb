"""Which columns may be targets, and which features."""

from engine.dataset.schema import Column, Schema
from engine.encodings import left_out

PAIRS = 40_000
"""Pairs of a possible target and a feature that are compared at most."""
_MOST_TARGETS = 40
_NAMES = ("label", "labels", "target", "class", "species", "outcome", "result", "output", "y")
"""What targets are usually called, the plainest first."""


def features(schema: Schema) -> list[str]:
    """The columns that a job would take as features unasked, and their possible targets."""
    return [column.name for column in schema.columns if not left_out(column, schema.rows)]


def candidates(schema: Schema, named: list[str]) -> list[str]:
    """The columns most likely to be targets, the likeliest first."""
    usable = set(named)
    known = [column for column in schema.columns if column.name in usable and _possible(column)]
    last = schema.columns[-1].name if schema.columns else ""
    most = min(_MOST_TARGETS, PAIRS // max(1, len(named)))
    ranked = sorted(known, key=lambda column: _rank(column, last))
    return [column.name for column in ranked[:most]]


def likeliest(schema: Schema) -> str | None:
    """The column that says itself that it is the target: by its role or its name, else None."""
    for column in schema.columns:
        if column.role == "label":
            return column.name
    named = [column for column in schema.columns if _speaks(column) and _possible(column)]
    return min(named, key=_plainness).name if named else None


def _possible(column: Column) -> bool:
    return column.kind in ("category", "boolean", "integer", "number")


def _speaks(column: Column) -> bool:
    return column.name.strip().lower() in _NAMES


def _plainness(column: Column) -> int:
    return _NAMES.index(column.name.strip().lower())


def _rank(column: Column, last: str) -> int:
    if column.role == "label":
        return 0
    if _speaks(column):
        return 1
    if column.name == last:
        return 2
    return 3 if column.kind in ("category", "boolean") else 4
