"""Texts without a word."""

from collections.abc import Iterator

from ._base import Finding, Rule, Severity
from ._data import Data
from ._examples import PLAIN, ROWS, numbered, table, words

_SHARE = 0.05


class EmptyTexts(Rule):
    """A text of nothing but spaces is no example of anything; a network can only learn from its
    label which class is the most frequent.
    """

    severity = "hint"
    handling = "An empty text becomes a row of padding."
    sets_off = (
        table(review=[f"  {'so good ' * (row % 9)}" for row in range(ROWS)], y=words("a", "b")),
    )
    stays_quiet = (PLAIN, table(review=numbered("say {} again"), y=words("a", "b")))

    def check(self, data: Data) -> Iterator[Finding]:
        """Any; a warning from one of twenty on."""
        for column in data.columns("text", "category"):
            empty = data.measured(column, "text").get("empty") or 0
            if empty:
                share = empty / data.rows
                detail = f"{column.name!r} is empty in {empty} of {data.rows} rows."
                severe: Severity | None = "warning" if share >= _SHARE else None
                yield Finding((column.name,), detail, {"count": empty}, severe)
