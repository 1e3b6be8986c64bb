"""Softmax over a single unit."""

from collections.abc import Iterator

from engine.stack.line import Line

from ._base import Finding, Rule
from ._context import Context
from ._examples import COINS, FLOWERS, alone, data, dense, on
from ._sent import set_argument


class SoftmaxWithOneUnit(Rule):
    """Softmax divides by the sum over the units. Of a single unit that is always exactly 1,
    whatever the input: the network cannot learn. One unit for yes or no takes sigmoid.
    """

    severity = "error"
    sets_off = (on(COINS, dense(8), dense(1, "softmax")), alone(data(4), dense(1, "softmax")))
    stays_quiet = (
        on(COINS, dense(8), dense(1, "sigmoid")),
        on(FLOWERS, dense(8), dense(3, "softmax")),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """A softmax along an axis of one; numbers as target have a rule of their own."""
        for line in context.lines("Dense", "Activation", "Softmax"):
            shape = context.shape(line)
            units = shape[-1] if shape else context.value(line, "units")
            if context.activation(line) != "softmax" or units != 1 or _other(context, line):
                continue
            fix = None if line.class_name == "Softmax" else set_argument(line, activation="sigmoid")
            detail = f"{line.name!r} is softmax over one unit and always gives 1."
            yield Finding(line.pointer, detail, {"units": 1}, fix, "Softmax")


def _other(context: Context, line: Line) -> bool:
    target = context.targets.get(line.name)
    return context.value(line, "axis") not in (None, -1) or (
        target is not None and target.form == "raw"
    )
