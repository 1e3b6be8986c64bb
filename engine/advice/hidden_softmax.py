"""Softmax between two layers."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._context import Context
from ._examples import FLOWERS, dense, on
from ._kinds import FLATTENED, WEIGHTED
from ._sent import set_argument


class HiddenSoftmax(Rule):
    """Softmax makes the units of a layer compete, so that a hidden layer tells little more than
    which unit is the largest. It belongs at the output; hidden layers take ReLU.
    """

    severity = "warning"
    sets_off = (on(FLOWERS, dense(8, "softmax"), dense(3, "softmax")),)
    stays_quiet = (on(FLOWERS, dense(8), dense(3, "softmax")),)

    def check(self, context: Context) -> Iterator[Finding]:
        """A softmax whose only taker is a layer with weights."""
        for line in context.lines(*WEIGHTED, "Activation"):
            taker = context.past(line, FLATTENED)
            if context.activation(line) != "softmax" or taker is None:
                continue
            if taker.class_name in WEIGHTED:
                yield Finding(
                    line.pointer,
                    f"{line.name!r} is softmax, though {taker.name!r} follows.",
                    {"feeds": taker.name},
                    set_argument(line, activation="relu"),
                    "Softmax",
                )
