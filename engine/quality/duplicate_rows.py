"""Rows that occur more than once."""

from collections.abc import Iterator

from ._base import Finding, Rule, Severity
from ._data import Data
from ._examples import PLAIN, noise, table, words

_SHARE = 0.05
_BEYOND_CHANCE = 10.0


class DuplicateRows(Rule):
    """A row that occurs twice may be trained on and then tested with: the test is passed by heart.
    Rows that were copied by mistake also count twice in everything that is learned.
    """

    severity = "hint"
    handling = "Nothing is removed; a training tells how many held-out rows it has also trained on."
    sets_off = (
        table(
            x=[*noise(), *noise()[:60]], y=words("a", "b", seed=3) + words("a", "b", seed=3)[:60]
        ),
        table(x=[*noise(), noise()[0]], y=[*noise(2), noise(2)[0]]),
    )
    stays_quiet = (PLAIN, table(a=words("x", "y"), b=words("p", "q", seed=2)))

    def check(self, data: Data) -> Iterator[Finding]:
        """Ten times as many as by chance; a warning from one row of twenty on."""
        found = data.profile["duplicates"]
        if not found or found["rows"] <= _BEYOND_CHANCE * found["expected"]:
            return
        if any(column.kind == "image" for column in data.columns()):
            return  # told by the rule on identical images
        detail = f"{found['rows']} of {data.rows} rows repeat an earlier one in every column."
        severe: Severity | None = "warning" if found["share"] >= _SHARE else None
        yield Finding((), detail, found, severe)
