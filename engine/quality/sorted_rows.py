"""Rows sorted by what is probably the target."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._data import Data
from ._examples import PLAIN, ROWS, noise, table, words


class SortedRows(Rule):
    """Where rows come sorted by class, the last fifth of them holds other classes than the rest:
    parts cut off at the end, or batches taken in order, then show a single class.
    """

    severity = "hint"
    handling = "Rows are shuffled before they are divided and in each epoch, unless a job says no."
    sets_off = (table(x=noise(), label=sorted(words("a", "b", "c"))),)
    stays_quiet = (PLAIN, table(day=list(range(ROWS)), x=noise(), label=words("a", "b")))

    def check(self, data: Data) -> Iterator[Finding]:
        """The column that is named or marked as the target, in blocks or growing."""
        name = data.likely_target
        found = data.profile["order"].get(name)
        if name is not None and found:
            yield Finding((name,), f"The rows come sorted by {name!r}.", found)
