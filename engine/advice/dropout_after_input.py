"""Dropout right after the input."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._context import Context
from ._examples import FLOWERS, dense, layer, on
from ._kinds import PLAIN_DROPOUTS


class DropoutAfterInput(Rule):
    """Dropout regularises what a network has learned. Right after the input it throws away
    data instead, which no later layer can bring back.
    """

    severity = "warning"
    sets_off = (on(FLOWERS, layer("Dropout", rate=0.3), dense(8), dense(3, "softmax")),)
    stays_quiet = (on(FLOWERS, dense(8), layer("Dropout", rate=0.3), dense(3, "softmax")),)

    def check(self, context: Context) -> Iterator[Finding]:
        """A Dropout that takes an Input."""
        for line in context.lines(*PLAIN_DROPOUTS):
            source = context.before(line)
            if source is not None and source.is_input:
                yield Finding(
                    line.pointer,
                    f"{line.name!r} drops values of the input {source.name!r} itself.",
                    {"rate": context.value(line, "rate")},
                    context.without(line),
                    "Dropout",
                )
