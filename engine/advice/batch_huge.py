"""Few steps of very large batches."""

from collections.abc import Iterator
from math import ceil

from ._base import Finding, Rule
from ._context import Context
from ._examples import FLOWERS, dense, on

_LARGE = 512
_STEPS = 10


class BatchHuge(Rule):
    """Each batch changes the weights once. With very large batches an epoch has a handful of
    changes, and many more epochs are needed for the same result.
    """

    severity = "hint"
    source = "training"
    sets_off = (on(FLOWERS, dense(8), dense(3, "softmax"), fit={"batch_size": 2048}),)
    stays_quiet = (on(FLOWERS, dense(8), dense(3, "softmax"), fit={"batch_size": 128}),)

    def check(self, context: Context) -> Iterator[Finding]:
        """Large batches, several but few of which make an epoch."""
        size = context.training.fit["batch_size"]
        if not context.rows or size < _LARGE or size > context.rows:
            return
        steps = ceil(context.rows / size)
        if steps < _STEPS:
            place = context.sent.place("fit", "batch_size")
            yield Finding(
                place,
                f"An epoch has {steps} steps of {size:,} rows.",
                {"batch_size": size, "steps": steps},
                [{"op": "replace", "path": place, "value": "auto"}],
            )
