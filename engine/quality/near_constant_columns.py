"""Columns in which nearly all rows are alike."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._data import Data
from ._examples import PLAIN, noise, table

_SHARE = 0.99
_LEAST_ROWS = 100


class NearConstantColumns(Rule):
    """Where nearly every row has the same value, the few others are easily learned by heart, and
    a validation part may hold none of them.
    """

    severity = "hint"
    handling = "Nothing; the column is used like any other."
    drop = True
    sets_off = (table(x=noise(rows=400), flag=["no"] * 398 + ["yes"] * 2, n=noise(rows=400)),)
    stays_quiet = (PLAIN, table(x=noise(), flag=["no"] * 190 + ["yes"] * 10))

    def check(self, data: Data) -> Iterator[Finding]:
        """The most frequent value in 99 % of the values that are there, and not in all."""
        for column in data.features("category", "boolean", "integer"):
            top = data.measured(column, "category").get("top") or []
            present = data.rows - column.missing
            if present < _LEAST_ROWS or not top or top[0]["count"] < _SHARE * present:
                continue
            value, others = top[0]["value"], present - top[0]["count"]
            detail = f"{column.name!r} is {value!r} in all but {others} of {present} rows."
            yield Finding((column.name,), detail, {"value": value, "others": others})
