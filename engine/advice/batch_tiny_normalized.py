"""BatchNormalization over a few rows."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._context import Context
from ._examples import FLOWERS, dense, layer, on

_LEAST = 8


class BatchTinyNormalized(Rule):
    """BatchNormalization takes mean and variance of the batch. Those of a few rows are noise,
    and differ from the ones used at prediction time. Use larger batches or
    LayerNormalization.
    """

    severity = "warning"
    source = "training"
    sets_off = (
        on(
            FLOWERS,
            dense(8),
            layer("BatchNormalization"),
            dense(3, "softmax"),
            fit={"batch_size": 4},
        ),
    )
    stays_quiet = (
        on(FLOWERS, dense(8), layer("BatchNormalization"), dense(3, "softmax")),
        on(FLOWERS, dense(8), dense(3, "softmax"), fit={"batch_size": 4}),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """A small batch, asked for, and a BatchNormalization."""
        size = context.training.fit["batch_size"]
        first = next(context.lines("BatchNormalization"), None)
        if first is None or size >= _LEAST:
            return
        place = context.sent.place("fit", "batch_size")
        yield Finding(
            place,
            f"{first.name!r} normalises over {size} rows.",
            {"batch_size": size, "least": _LEAST},
            [{"op": "replace", "path": place, "value": "auto"}],
            "BatchNormalization",
        )
