"""Softmax where a number is to be learned."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._context import Context
from ._examples import COINS, PRICES, dense, on
from ._sent import set_argument


class SoftmaxForNumbers(Rule):
    """Softmax gives shares between 0 and 1 that sum to 1. A column of numbers needs an output
    that can take any value: a Dense without activation.
    """

    severity = "error"
    source = "data"
    sets_off = (on(PRICES, dense(8), dense(1, "softmax")),)
    stays_quiet = (
        on(PRICES, dense(8), dense(1, None)),
        on(COINS, dense(8), dense(2, "softmax")),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """An output with softmax whose target is a plain column of numbers."""
        for name, target in context.targets.items():
            line = context.stack.line(name)
            numbers = target.form == "raw" and target.column.kind in ("number", "integer")
            if not numbers or context.activation(line) != "softmax":
                continue
            fix = None if line.class_name == "Softmax" else set_argument(line, activation="linear")
            detail = f"{name!r} ends with softmax, but {target.column.name!r} holds numbers."
            yield Finding(line.pointer, detail, {"column": target.column.name}, fix, "Dense")
