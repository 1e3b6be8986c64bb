"""Classes of very different size."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._data import Data
from ._examples import PLAIN, ROWS, noise, table

_UNEVEN = 10.0


class UnevenClasses(Rule):
    """Where one class has most of the rows, always answering it scores well, and the small ones
    are what one usually wants to find.
    """

    severity = "hint"
    handling = "`stratified` parts keep the shares; `fit.class_weight: balanced` evens them out."
    sets_off = (table(x=noise(), label=["rare"] * 8 + ["usual"] * (ROWS - 8)),)
    stays_quiet = (PLAIN, table(x=noise(), colour=["rare"] * 8 + ["usual"] * (ROWS - 8)))

    def check(self, data: Data) -> Iterator[Finding]:
        """The largest class of the probable target against its smallest."""
        for column in data.columns("category", "boolean", "integer"):
            measured = data.measured(column, "category")
            if column.name != data.likely_target or not measured or (column.distinct or 0) < 2:
                continue
            if measured["ratio"] > _UNEVEN and (column.distinct or 0) <= 100:
                ratio = f"{measured['ratio']:.0f} times as many"
                detail = f"The largest class of {column.name!r} has {ratio} rows as the smallest."
                evidence = {"ratio": measured["ratio"], "top": measured["top"][:5]}
                yield Finding((column.name,), detail, evidence)
