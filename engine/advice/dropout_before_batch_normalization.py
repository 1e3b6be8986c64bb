"""Dropout right before BatchNormalization."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._context import Context
from ._examples import FLOWERS, dense, layer, on
from ._kinds import PLAIN_DROPOUTS


class DropoutBeforeBatchNormalization(Rule):
    """With Dropout before it BatchNormalization learns a variance that is larger than the one
    at prediction time, when nothing is dropped: metrics are worse than they need to be.
    """

    severity = "warning"
    sets_off = (
        on(
            FLOWERS,
            dense(8),
            layer("Dropout", rate=0.3),
            layer("BatchNormalization"),
            dense(3, "softmax"),
        ),
    )
    stays_quiet = (
        on(
            FLOWERS,
            dense(8),
            layer("BatchNormalization"),
            dense(8),
            layer("Dropout", rate=0.3),
            dense(3, "softmax"),
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """A BatchNormalization that takes what a Dropout gives."""
        for line in context.lines("BatchNormalization"):
            source = context.before(line)
            if source is not None and source.class_name in PLAIN_DROPOUTS:
                yield Finding(
                    source.pointer,
                    f"{source.name!r} changes the variance that {line.name!r} learns.",
                    {"before": line.name},
                    context.without(source),
                    "BatchNormalization",
                )
