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
    (None: one or more), `help` what they are, for the documentation.
    """

    kind: Kind
    express: Callable[[tuple[str, ...], str], Any]
    names: int | None = 0
    help: str = ""


def column(attribute: Any, kind: Kind = "text") -> Field:
    """A field that is a column."""
    return Field(kind, lambda _names, _dialect: attribute)
