"""What a filter may speak of: fields of one kind of value each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["text", "number", "moment", "list", "json"]


@dataclass(frozen=True)
class Field:
    """A field: its kind of value, and how it is said in SQL.

    `express` takes the names that follow the field's own in the path, and the dialect. A field
    of kind `json` has whatever its document holds there. `names` is how many names must follow
    (None: one or more), `help` what they are, for the documentation. `rows` is for a number that
    lies in a table of its own.
    """

    kind: Kind
    express: Callable[[tuple[str, ...], str], Any]
    names: int | None = 0
    help: str = ""
    rows: Callable[[tuple[str, ...]], "Rows"] | None = None


@dataclass(frozen=True)
class Rows:
    """Where the numbers of a field lie: one row for each owner that has the number.

    With these the database starts from an index on numbers, however many owners there are.
    """

    identifier: Any
    """What the list's rows are known by, such as `Job.id`."""
    owner: Any
    """The column that holds an owner's identifier."""
    value: Any
    where: Any
    """The condition that finds the field's rows."""
    absent: float | None = None
    """The number of an owner that has no row."""


def column(attribute: Any, kind: Kind = "text") -> Field:
    """A field that is a column."""
    return Field(kind, lambda _names, _dialect: attribute)
