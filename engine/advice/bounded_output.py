"""An output that cannot reach the target's values."""

from collections.abc import Iterator

from engine.dataset.schema import Schema

from ._base import Finding, Rule
from ._context import Context
from ._examples import PRICES, dense, number, on
from ._sent import set_argument

_RANGES = {"sigmoid": (0.0, 1.0), "hard_sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0)}
_OPEN = ("relu", "softplus")


class BoundedOutput(Rule):
    """An activation limits what a network can answer: sigmoid to 0..1, tanh to -1..1, ReLU to
    0 and more. Values of the target beyond that can never be predicted.
    """

    severity = "error"
    source = "data"
    sets_off = (on(PRICES, dense(8), dense(1, "sigmoid")), on(PRICES, dense(8), dense(1, "relu")))
    stays_quiet = (
        on(PRICES, dense(8), dense(1, None)),
        on(Schema(5000, [number("a"), number("label", 0, 1)]), dense(8), dense(1, "sigmoid")),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Bounds of the last activation against the target's smallest and largest value."""
        for name, target in context.targets.items():
            line, column = context.stack.line(name), target.column
            own = context.activation(line) or ""
            low, high = _RANGES.get(own, (0.0, float("inf")))
            known = own in _RANGES or own in _OPEN
            if not known or target.form != "raw" or column.minimum is None:
                continue
            if column.minimum >= low and (column.maximum or 0.0) <= high:
                continue
            argument = "activation" in (line.spec.entry.arguments if line.spec else {})
            yield Finding(
                line.pointer,
                f"{name!r} ends with {own}, but {column.name!r} reaches from {column.minimum:g} "
                f"to {column.maximum:g}.",
                {"minimum": column.minimum, "maximum": column.maximum, "activation": own},
                set_argument(line, activation="linear") if argument else None,
                "Dense",
            )
