"""Categories of which few rows know each."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._data import Data
from ._examples import PLAIN, noise, table

_LEAST_CATEGORIES = 50
_ROWS_EACH = 10


class ManyCategories(Rule):
    """A category that occurs in a handful of rows cannot be learned, only remembered, and new data
    will bring categories that no row has shown.
    """

    severity = "hint"
    handling = (
        "Of more than 100 categories `one_hot` keeps the most frequent; `hash`, `frequency` and "
        "an Embedding behind `index` take any number."
    )
    sets_off = (table(city=[f"c{row * row % 307}" for row in range(900)], x=noise(rows=900)),)
    stays_quiet = (PLAIN, table(city=[f"c{row % 60}" for row in range(900)], x=noise(rows=900)))

    def check(self, data: Data) -> Iterator[Finding]:
        """More than 50 categories, of fewer than ten rows each in the mean."""
        for column in data.features("category", "text"):
            distinct, present = column.distinct or 0, data.rows - column.missing
            words = data.measured(column, "text").get("words") or {"maximum": 1}
            if distinct < _LEAST_CATEGORIES or distinct * _ROWS_EACH <= present:
                continue
            if words["maximum"] <= 2 and distinct < 0.9 * present:
                detail = f"{column.name!r} has {distinct} categories in {present} rows."
                yield Finding((column.name,), detail, {"categories": distinct, "rows": present})
