"""A loss for probabilities where a number is to be learned."""

from collections.abc import Iterator

from engine.dataset.schema import Schema

from ._base import Finding, Rule
from ._context import Context, beyond_shares
from ._examples import PRICES, dense, number, on
from ._kinds import CROSSENTROPIES

_CLICKS = Schema(5000, [number("a"), number("label", 0, 1)])


class CrossentropyForNumbers(Rule):
    """Crossentropy compares probabilities. For numbers below 0 or above 1 it has no smallest
    value, and the loss sinks without end while the answers get worse. A squared or absolute
    error fits numbers.
    """

    severity = "error"
    source = "training"
    sets_off = (
        on(PRICES, dense(8), dense(1, None), compile={"loss": "binary_crossentropy"}),
        on(PRICES, dense(1, None), compile={"loss": {"class_name": "BinaryCrossentropy"}}),
    )
    stays_quiet = (
        on(PRICES, dense(8), dense(1, None), compile={"loss": "mse"}),
        on(_CLICKS, dense(8), dense(1, "sigmoid"), compile={"loss": "binary_crossentropy"}),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """A crossentropy, asked for, whose target has values outside of 0 to 1."""
        for target in context.targets.values():
            column, loss = target.column, target.loss
            if loss.class_name not in CROSSENTROPIES or not loss.pointer:
                continue
            if beyond_shares(target):
                yield Finding(
                    loss.pointer,
                    f"{loss.class_name} compares probabilities, but {column.name!r} reaches from "
                    f"{column.minimum:g} to {column.maximum:g}.",
                    {"minimum": column.minimum, "maximum": column.maximum},
                    [{"op": "replace", "path": loss.pointer, "value": "auto"}],
                )
