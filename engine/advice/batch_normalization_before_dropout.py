"""BatchNormalization right before Dropout."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._context import Context
from ._examples import FLOWERS, dense, layer, on
from ._kinds import PLAIN_DROPOUTS


class BatchNormalizationBeforeDropout(Rule):
    """BatchNormalization regularises by itself, since every batch has its own mean. Dropout
    right behind it undoes the scale just set, and the two seldom help together.
    """

    severity = "hint"
    sets_off = (
        on(
            FLOWERS,
            dense(8),
            layer("BatchNormalization"),
            layer("Dropout", rate=0.3),
            dense(3, "softmax"),
        ),
    )
    stays_quiet = (on(FLOWERS, dense(8), layer("BatchNormalization"), dense(3, "softmax")),)

    def check(self, context: Context) -> Iterator[Finding]:
        """A Dropout behind a BatchNormalization; one with a noise shape drops whole branches."""
        for line in context.lines(*PLAIN_DROPOUTS):
            source = context.before(line)
            if source is None or context.value(line, "noise_shape") is not None:
                continue
            if source.class_name == "BatchNormalization":
                yield Finding(
                    line.pointer,
                    f"{line.name!r} follows {source.name!r} at once.",
                    {"after": source.name},
                    context.without(line),
                    "BatchNormalization",
                )
