"""Dropout behind the last layer with weights."""

from collections.abc import Iterator

from engine.stack.line import Line

from ._base import Finding, Rule
from ._context import Context
from ._examples import FLOWERS, dense, layer, on
from ._kinds import ACTIVATIONS, DROPOUTS


class DropoutAfterOutput(Rule):
    """Dropout after the last layer sets predictions themselves to zero while training: the
    loss then punishes answers that the network never gave.
    """

    severity = "error"
    sets_off = (
        on(FLOWERS, dense(8), dense(3, "softmax"), layer("Dropout", rate=0.3)),
        on(FLOWERS, dense(8), dense(3, None), layer("Dropout", rate=0.3), layer("Softmax")),
    )
    stays_quiet = (on(FLOWERS, dense(8), layer("Dropout", rate=0.3), dense(3, "softmax")),)

    def check(self, context: Context) -> Iterator[Finding]:
        """A Dropout that is an output, or that only an activation at the output takes."""
        for line in context.lines(*DROPOUTS):
            if context.ends(line) or _only_activated(context, line):
                yield Finding(
                    line.pointer,
                    f"{line.name!r} drops predictions.",
                    {"rate": context.value(line, "rate")},
                    context.without(line),
                    line.class_name,
                )


def _only_activated(context: Context, line: Line) -> bool:
    taker = context.after(line)
    if taker is None or not context.ends(taker):
        return False
    return taker.class_name in ACTIVATIONS or taker.class_name == "Activation"
