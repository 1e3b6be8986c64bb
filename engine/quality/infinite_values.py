"""Numbers without end."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._data import Data
from ._examples import PLAIN, noise, table


class InfiniteValues(Rule):
    """One infinite number makes the mean of its column infinite, and the loss with it."""

    severity = "error"
    handling = "A training on such a column ends before its first step, as `data-error`."
    drop = True
    sets_off = (table(x=[float("inf"), *noise()[1:]], y=noise(2)),)
    stays_quiet = (PLAIN,)

    def check(self, data: Data) -> Iterator[Finding]:
        """Any infinity in a column of numbers or in an array."""
        for column in data.columns("number", "tensor"):
            count = data.measured(column, "number").get("infinite") or 0
            share = data.measured(column, "tensor").get("infinite_share") or 0
            if count or share:
                detail = f"{column.name!r} holds infinity{f' in {count} rows' if count else ''}."
                evidence = {"count": count} if count else {"share": share}
                yield Finding((column.name,), detail, evidence)
