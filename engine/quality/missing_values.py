"""Columns with holes."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._data import Data
from ._examples import PLAIN, ROWS, noise, table

_SOME = 0.05
_MOST = 0.5


class MissingValues(Rule):
    """Rows without a value get one that is made up. Where many are missing, the column tells less
    than it seems; where they are missing for a reason, that they are missing tells more.
    """

    severity = "hint"
    handling = (
        "Missing numbers become the mean of the training part, missing categories none of them; "
        "rows without a target are left out."
    )
    drop = True
    sets_off = (
        table(x=noise(), y=[None, 1.5, 2.5, 1.0] * (ROWS // 4)),
        table(x=noise(), y=[None, None, None, 1.0] * (ROWS // 4)),
    )
    stays_quiet = (PLAIN, table(x=noise(), y=[None, *noise(3)[1:]]))

    def check(self, data: Data) -> Iterator[Finding]:
        """At least one value of twenty missing; a warning from one of two on."""
        for column in data.columns():
            share = column.missing / data.rows
            if share < _SOME or column.distinct == 0:
                continue
            detail = f"{column.name!r} has no value in {column.missing} of {data.rows} rows."
            evidence = {"missing": column.missing, "share": round(share, 4)}
            yield Finding((column.name,), detail, evidence, "warning" if share >= _MOST else None)
