"""A single epoch on little data."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._context import Context
from ._examples import FLOWERS, dense, on

_STEPS = 1000


class EpochsFew(Rule):
    """A network sees each row once in an epoch, and the weights change a little with every
    step. A few hundred steps are seldom enough to learn anything.
    """

    severity = "hint"
    source = "training"
    sets_off = (on(FLOWERS, dense(8), dense(3, "softmax"), fit={"epochs": 1}),)
    stays_quiet = (on(FLOWERS, dense(8), dense(3, "softmax"), fit={"epochs": 10}),)

    def check(self, context: Context) -> Iterator[Finding]:
        """One epoch of fewer steps than the limit."""
        fit = context.training.fit
        if fit["epochs"] > 1 or not context.rows or context.rows / fit["batch_size"] > _STEPS:
            return
        place = context.sent.place("fit", "epochs")
        steps = -(-context.rows // fit["batch_size"])
        fix = [{"op": "replace", "path": place, "value": 10}]
        detail = f"One epoch is {steps} steps in all."
        yield Finding(place, detail, {"steps": steps}, fix)
