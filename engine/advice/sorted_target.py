"""Rows sorted by the target that are kept in their order."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._context import Context
from ._examples import PRICES, dense, on

_SORTED = {"order": {"label": {"form": "ascending", "correlation": 0.998}}}


class SortedTarget(Rule):
    """Rows that come sorted by the target, and are not shuffled, show the network only small values
    for a while and then only large ones: it follows the last batches and forgets the first.
    """

    severity = "warning"
    source = "data"
    sets_off = (on(PRICES, dense(8), dense(1, None), fit={"shuffle": False}, profile=_SORTED),)
    stays_quiet = (
        on(PRICES, dense(8), dense(1, None), profile=_SORTED),
        on(PRICES, dense(8), dense(1, None), fit={"shuffle": False}),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """A sorted target of numbers with `shuffle` false; of classes another rule tells."""
        target = context.target
        if target is None or target.form != "raw" or context.training.fit["shuffle"]:
            return
        found = context.profile.get("order", {}).get(target.column.name)
        if found:
            place = context.sent.place("fit", "shuffle")
            fix = [{"op": "replace", "path": place, "value": True}]
            detail = f"The rows come sorted by {target.column.name!r} and keep their order."
            yield Finding(place, detail, dict(found), fix)
