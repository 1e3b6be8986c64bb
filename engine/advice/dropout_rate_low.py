"""Dropout that does next to nothing."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._context import Context
from ._examples import FLOWERS, dense, layer, on
from ._kinds import DROPOUTS
from ._sent import set_argument

_LEAST = 0.1


class DropoutRateLow(Rule):
    """Below 0.1 Dropout hardly regularises: it costs time and changes little. Use 0.1 or more,
    or leave it out.
    """

    severity = "hint"
    sets_off = (on(FLOWERS, dense(8), layer("Dropout", rate=0.01), dense(3, "softmax")),)
    stays_quiet = (on(FLOWERS, dense(8), layer("Dropout", rate=0.1), dense(3, "softmax")),)

    def check(self, context: Context) -> Iterator[Finding]:
        """A rate below the limit; one with a noise shape drops whole branches and is left."""
        for line in context.lines(*DROPOUTS):
            rate = context.value(line, "rate")
            if rate is None or rate >= _LEAST or context.value(line, "noise_shape") is not None:
                continue
            yield Finding(
                line.pointer,
                f"{line.name!r} drops {rate:.1%} of its input only.",
                {"rate": rate, "least": _LEAST},
                set_argument(line, rate=_LEAST),
                line.class_name,
            )
