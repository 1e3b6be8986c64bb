"""A bias that the next layer takes away."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._context import Context
from ._examples import FLOWERS, dense, layer, on
from ._kinds import WEIGHTED
from ._sent import set_argument


class BiasBeforeNormalization(Rule):
    """BatchNormalization subtracts the mean, and with it any bias of the layer before; it has
    one of its own. `use_bias` false saves weights and changes nothing else.
    """

    severity = "hint"
    sets_off = (
        on(
            FLOWERS, dense(8, None), layer("BatchNormalization"), layer("ReLU"), dense(3, "softmax")
        ),
    )
    stays_quiet = (
        on(
            FLOWERS,
            dense(8, None, use_bias=False),
            layer("BatchNormalization"),
            layer("ReLU"),
            dense(3, "softmax"),
        ),
        on(FLOWERS, dense(8), layer("BatchNormalization"), dense(3, "softmax")),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """All linear layers with a bias whose only taker normalises, as one finding."""
        found = []
        for line in context.lines(*WEIGHTED):
            taker = context.after(line)
            if taker is None or taker.class_name != "BatchNormalization":
                continue
            if context.value(line, "use_bias") and context.activation(line) is None:
                found.append(line)
        if found:
            more = f" and {len(found) - 1} more" if len(found) > 1 else ""
            yield Finding(
                found[0].pointer,
                f"The bias of {found[0].name!r}{more} is taken away by BatchNormalization.",
                {"layers": [line.name for line in found]},
                [step for line in found for step in set_argument(line, use_bias=False)],
                "BatchNormalization",
            )
