"""Whether a held-out dataset can be fed to a network that is trained on another one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.dataset.schema import Column, Schema

_FAMILIES = {"integer": "number", "boolean": "number", "text": "category"}
"""Kinds that one encoding takes alike: what a column is taken for hangs on the values it holds."""


@dataclass(frozen=True)
class Difference:
    """A column that a held-out dataset lacks (`missing`) or holds as something else."""

    column: str
    missing: bool
    detail: str


def differences(
    part: str, main: Schema, other: Schema, names: Iterable[str]
) -> Iterator[Difference]:
    """What keeps the columns `names` of `other` from taking the place of those of `main`."""
    for name in dict.fromkeys(names):
        if name not in main.names:
            continue
        if name not in other.names:
            yield Difference(name, True, f"The {part} dataset has no column {name!r}.")
            continue
        mine, theirs = main.column(name), other.column(name)
        if _family(mine) != _family(theirs) or (
            mine.kind == "tensor" and mine.shape != theirs.shape
        ):
            detail = (
                f"Column {name!r} is {_told(mine)} in the main dataset and {_told(theirs)} in the"
                f" {part} dataset."
            )
            yield Difference(name, False, detail)


def strange_labels(main: Column, other: Column) -> list[str]:
    """The labels of a target that the main dataset lacks, as far as both are listed."""
    if main.categories is None or other.categories is None:
        return []
    known = set(main.categories)
    return [label for label in other.categories if label not in known]


def _family(column: Column) -> str:
    return _FAMILIES.get(column.kind, column.kind)


def _told(column: Column) -> str:
    return f"{column.kind} {column.shape}" if column.shape else column.kind
