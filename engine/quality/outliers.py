"""Numbers far away from all others."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._data import Data
from ._examples import PLAIN, noise, table

_FENCES = 20.0
_LEAST_ROWS = 30


class Outliers(Rule):
    """A value far beyond all others is a rare event or a slip of the pen. Scaled by the mean, the
    other values then lie so close together that the network hardly sees them apart.
    """

    severity = "hint"
    handling = "Nothing; the encoding `robust` scales by quartiles, `quantile` by ranks."
    sets_off = (table(x=[1e6, *noise()[1:]], y=noise(2)),)
    stays_quiet = (PLAIN, table(x=[2.0**value for value in noise()]))

    def check(self, data: Data) -> Iterator[Finding]:
        """Beyond the quartiles by 20 times their distance."""
        for column in data.features("number", "integer"):
            found = data.measured(column, "number")
            quantiles = found.get("quantiles")
            if not quantiles or data.rows < _LEAST_ROWS:
                continue
            low, high = quantiles["0.25"], quantiles["0.75"]
            reach = _FENCES * (high - low)
            if reach == 0:
                continue
            for value, beyond in (
                (found["minimum"], found["minimum"] < low - reach),
                (found["maximum"], found["maximum"] > high + reach),
            ):
                if beyond:
                    middle = f"half of all values lie from {low:g} to {high:g}"
                    detail = f"{column.name!r} reaches {value:g}; {middle}."
                    yield Finding(
                        (column.name,), detail, {"value": value, "quartiles": [low, high]}
                    )
