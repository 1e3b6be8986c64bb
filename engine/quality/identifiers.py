"""Columns that name rows instead of telling about them."""

from collections.abc import Iterator

from engine.dataset.schema import Column
from engine.encodings import left_out

from ._base import Finding, Rule
from ._data import Data
from ._examples import PLAIN, ROWS, noise, numbered, table, words


class Identifiers(Rule):
    """An identifier is another one in every row. A network can learn rows by it and nothing that
    holds for new ones; where it grows with time or comes sorted, it may even tell the target.
    """

    severity = "hint"
    handling = "What looks like an identifier is no feature unless a job names it."
    drop = True
    sets_off = (
        table(customer_id=[7 * row + 1 for row in range(ROWS)], x=noise(), y=words("a", "b")),
        table(key=numbered("k{}"), x=noise(), y=words("a", "b")),
    )
    stays_quiet = (PLAIN, table(review=numbered("{} is what I say about it"), y=words("a", "b")))

    def check(self, data: Data) -> Iterator[Finding]:
        """What the features leave out as such; and texts of one short word, each another."""
        for column in data.columns("integer", "category", "text"):
            if (column.distinct or 0) < max(20, data.rows - column.missing) or column.missing:
                continue
            if left_out(column, data.rows) or (column.kind == "text" and _short(data, column)):
                detail = f"{column.name!r} has another value in each of the {data.rows} rows."
                yield Finding((column.name,), detail, {"unique": column.distinct})


def _short(data: Data, column: Column) -> bool:
    words = data.measured(column, "text").get("words") or {}
    return bool(0 < words.get("maximum", 0) <= 1)
