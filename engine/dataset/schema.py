"""What a dataset holds: its columns, their kinds and their statistics, as plain data."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal, cast, get_args

Kind = Literal["number", "integer", "boolean", "category", "text", "date", "image", "tensor"]

KINDS: frozenset[str] = frozenset(get_args(Kind))
MOST_CATEGORIES = 1000
"""A column with more distinct values than this has no list of categories."""


@dataclass(frozen=True)
class Column:
    """One column of a dataset.

    `shape` is the shape of one row: of a tensor column `[d0, …]`, of an image column
    `[height, width, channels]` with None where rows differ, None for a flat column.
    `categories` holds the distinct values as strings in a stable order (numbers by size, text
    by code point). `minimum` … `std` describe the values that are present (population `std`).
    `labels` are those that texts list with `separator` between them, where they look so.
    `written` names the reading (`engine.dataset.dates`) of dates that came as words.
    """

    name: str
    kind: Kind
    dtype: str
    shape: list[int | None] | None = None
    missing: int = 0
    distinct: int | None = None
    categories: list[str] | None = None
    minimum: float | None = None
    maximum: float | None = None
    mean: float | None = None
    std: float | None = None
    role: str | None = None
    separator: str | None = None
    labels: list[str] | None = None
    written: str | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind {self.kind!r} of column {self.name!r}")

    @property
    def flat(self) -> bool:
        """Whether the column lies in the table (one value per row), not in a file of its own."""
        return self.kind not in ("image", "tensor")

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Column":
        """The column that `to_json` wrote."""
        return cls(**data)

    def to_json(self) -> dict[str, Any]:
        """The column as plain JSON data, every field present."""
        return asdict(self)


@dataclass(frozen=True)
class Schema:
    """The columns of a dataset in their order, and its number of rows."""

    rows: int
    columns: list[Column] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """The names of the columns in their order."""
        return [column.name for column in self.columns]

    def column(self, name: str) -> Column:
        """The column of this name. Raises KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def index(self, name: str) -> int:
        """The position of a column. Raises KeyError when there is none."""
        self.column(name)
        return self.names.index(name)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Schema":
        """The schema that `to_json` wrote."""
        return cls(
            rows=cast(int, data["rows"]),
            columns=[Column.from_json(column) for column in data["columns"]],
        )

    def to_json(self) -> dict[str, Any]:
        """The schema as plain JSON data."""
        return {"rows": self.rows, "columns": [column.to_json() for column in self.columns]}
