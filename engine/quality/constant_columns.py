"""Columns with one value."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._data import Data
from ._examples import PLAIN, ROWS, noise, table, words


class ConstantColumns(Rule):
    """A column that says the same of every row tells nothing about any of them; often something
    went wrong where the data was written.
    """

    severity = "hint"
    handling = "Such columns are no features unless a job names them."
    drop = True
    sets_off = (table(x=noise(), unit=["kg"] * ROWS, y=words("a", "b")),)
    stays_quiet = (PLAIN,)

    def check(self, data: Data) -> Iterator[Finding]:
        """One distinct value, or none."""
        for column in data.columns():
            if column.flat and column.distinct is not None and column.distinct <= 1:
                same = "no value at all" if column.distinct == 0 else "the same value in every row"
                evidence = {"unique": column.distinct, "missing": column.missing}
                yield Finding((column.name,), f"{column.name!r} has {same}.", evidence)
