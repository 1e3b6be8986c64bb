"""A hidden Dense without activation."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._context import Context
from ._examples import PRICES, alone, data, dense, layer, on
from ._kinds import FLATTENED
from ._sent import set_argument


class DenseWithoutActivation(Rule):
    """Two linear layers in a row can learn no more than one: without an activation between
    them the second only rescales what the first gives. ReLU is the usual choice.
    """

    severity = "warning"
    sets_off = (
        on(PRICES, dense(32, None), dense(1, None)),
        alone(data(8), dense(16, None), layer("Dropout", rate=0.2), dense(3, "softmax")),
    )
    stays_quiet = (
        on(PRICES, dense(32), dense(1, None)),
        alone(data(64), dense(8, None), dense(64, "sigmoid")),
        alone(data(8), dense(16, None), layer("BatchNormalization"), dense(1, None)),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """A linear Dense whose only taker is a Dense, unless it narrows to a bottleneck."""
        for line in context.lines("Dense"):
            taker = context.past(line, FLATTENED)
            if context.activation(line) or taker is None or taker.class_name != "Dense":
                continue
            units, given = context.value(line, "units"), context.given(line)
            width = given[-1] if given else None
            if width and units < width and units < context.value(taker, "units"):
                continue
            yield Finding(
                line.pointer,
                f"{line.name!r} has no activation and feeds {taker.name!r}: both together are "
                "one linear layer.",
                {"units": units, "feeds": taker.name},
                set_argument(line, activation="relu"),
                "Dense",
            )
