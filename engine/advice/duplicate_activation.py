"""Two activations in a row."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._context import Context
from ._examples import FLOWERS, dense, layer, on
from ._kinds import ACTIVATIONS, WEIGHTED
from ._sent import set_argument


class DuplicateActivation(Rule):
    """An activation as argument and another one as the next layer apply both. Applied twice,
    ReLU changes nothing and softmax or sigmoid flatten the answer so that it learns slowly.
    """

    severity = "warning"
    sets_off = (
        on(FLOWERS, dense(8), layer("ReLU"), dense(3, "softmax")),
        on(FLOWERS, dense(8), dense(3, "softmax"), layer("Activation", activation="softmax")),
    )
    stays_quiet = (on(FLOWERS, dense(8, None), layer("ReLU"), dense(3, "softmax")),)

    def check(self, context: Context) -> Iterator[Finding]:
        """A layer with weights and an activation whose only taker is an activation."""
        for line in context.lines(*WEIGHTED):
            taker, own = context.after(line), context.activation(line)
            if own is None or taker is None:
                continue
            if taker.class_name in ACTIVATIONS or taker.class_name == "Activation":
                yield Finding(
                    line.pointer,
                    f"{line.name!r} ends with {own}, and {taker.name!r} applies "
                    f"{context.activation(taker)} again.",
                    {"first": own, "second": context.activation(taker)},
                    set_argument(line, activation="linear"),
                    taker.class_name,
                )
