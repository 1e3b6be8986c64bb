"""A batch larger than the data."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._context import Context
from ._examples import FLOWERS, dense, on


class BatchBeyondRows(Rule):
    """All training rows fit into one batch, so that the weights change once an epoch only.
    Smaller batches learn more from the same number of epochs.
    """

    severity = "warning"
    source = "training"
    sets_off = (on(FLOWERS, dense(8), dense(3, "softmax"), fit={"batch_size": 8192}),)
    stays_quiet = (on(FLOWERS, dense(8), dense(3, "softmax"), fit={"batch_size": 64}),)

    def check(self, context: Context) -> Iterator[Finding]:
        """A batch, asked for, of more rows than the training part has."""
        size = context.training.fit["batch_size"]
        asked = context.sent.section("fit").get("batch_size")
        if context.rows is None or size <= context.rows or asked in (None, "auto"):
            return
        place = context.sent.place("fit", "batch_size")
        yield Finding(
            place,
            f"A batch has {size:,} rows, the training part {context.rows:,}.",
            {"batch_size": size, "rows": context.rows},
            [{"op": "replace", "path": place, "value": "auto"}],
        )
