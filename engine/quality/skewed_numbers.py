"""Numbers that crowd at one end."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._data import Data
from ._examples import PLAIN, noise, table

_SKEWED = 3.0
_LEAST_ROWS = 100
_LEAST_DISTINCT = 20


class SkewedNumbers(Rule):
    """Of sums of money, counts and durations most are small and few are huge. Networks learn them
    better by their magnitude: the logarithm spreads the many and gathers the few.
    """

    severity = "hint"
    handling = "Nothing; the encoding `log` takes the logarithm, also of a target."
    sets_off = (table(price=[10.0**value for value in noise()], y=noise(2)),)
    stays_quiet = (PLAIN, table(x=[-(10.0**value) for value in noise()], y=noise(2)))

    def check(self, data: Data) -> Iterator[Finding]:
        """Skewness above 3 in a column without negative numbers."""
        for column in data.features("number", "integer"):
            found = data.measured(column, "number")
            skewness = found.get("skewness")
            if data.rows < _LEAST_ROWS or (column.distinct or 0) < _LEAST_DISTINCT:
                continue
            if skewness is not None and skewness > _SKEWED and found["minimum"] >= 0:
                detail = f"Most values of {column.name!r} are far below its largest."
                yield Finding((column.name,), detail, {"skewness": round(skewness, 2)})
