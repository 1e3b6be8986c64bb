"""Dropout that leaves too little."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._context import Context
from ._examples import FLOWERS, dense, layer, on
from ._kinds import DROPOUTS
from ._sent import set_argument

_MOST = 0.6


class DropoutRateHigh(Rule):
    """Above 0.6 most of what a layer gives is dropped in every step, and too little is left to
    learn from. Rates between 0.2 and 0.5 are usual.
    """

    severity = "warning"
    sets_off = (on(FLOWERS, dense(8), layer("Dropout", rate=0.8), dense(3, "softmax")),)
    stays_quiet = (on(FLOWERS, dense(8), layer("Dropout", rate=0.6), dense(3, "softmax")),)

    def check(self, context: Context) -> Iterator[Finding]:
        """A rate above the limit."""
        for line in context.lines(*DROPOUTS):
            rate = context.value(line, "rate")
            if rate is not None and rate > _MOST:
                yield Finding(
                    line.pointer,
                    f"{line.name!r} drops {rate:.0%} of its input.",
                    {"rate": rate, "most": _MOST},
                    set_argument(line, rate=0.5),
                    line.class_name,
                )
