"""Rows alike in everything but the label."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._data import Data
from ._examples import PLAIN, ROWS, noise, table

_SHARE = 0.01


class ConflictingLabels(Rule):
    """Rows that agree in all features and disagree in the label cannot both be learned: one of the
    labels is wrong, or something that tells them apart was not recorded.
    """

    severity = "hint"
    handling = "Nothing; the network learns the most frequent label of such rows."
    sets_off = (table(x=[*noise(), *noise()[:9]], label=[*["a"] * ROWS, *["b"] * 9]),)
    stays_quiet = (PLAIN, table(x=[*noise(), *noise()[:9]], label=[*["a"] * ROWS, *["a"] * 9]))

    def check(self, data: Data) -> Iterator[Finding]:
        """At least one row of a hundred, by the probable target if it has classes."""
        name = data.likely_target
        found = data.profile["conflicts"].get(name)
        if name is None or not found or found["share"] < _SHARE:
            return
        if data.schema.column(name).kind != "number":
            detail = f"{found['rows']} rows differ from others in {name!r} and in nothing else."
            yield Finding((name,), detail, found)
