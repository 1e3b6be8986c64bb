"""Rows that are never shuffled."""

from collections.abc import Iterator

from engine.targets import OF_CLASSES

from ._base import Finding, Rule
from ._context import Context
from ._examples import FLOWERS, PRICES, dense, on


class RowsInOrder(Rule):
    """Datasets often come sorted by class. Without shuffling, every batch then holds a single
    class, and the network forgets one while it learns the next.
    """

    severity = "warning"
    source = "training"
    sets_off = (on(FLOWERS, dense(8), dense(3, "softmax"), fit={"shuffle": False}),)
    stays_quiet = (
        on(FLOWERS, dense(8), dense(3, "softmax")),
        on(PRICES, dense(8), dense(1, None), fit={"shuffle": False}),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """`shuffle` false with a target of classes."""
        labels = any(target.form in OF_CLASSES for target in context.targets.values())
        if not labels or context.training.fit["shuffle"]:
            return
        place = context.sent.place("fit", "shuffle")
        fix = [{"op": "replace", "path": place, "value": True}]
        yield Finding(place, "Rows keep their order in every epoch.", {"shuffle": False}, fix)
