"""A Flatten with nothing to flatten."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._context import Context
from ._examples import FLOWERS, PICTURES, dense, layer, on


class IdleFlatten(Rule):
    """What arrives has one axis already, so that Flatten changes nothing. Leaving it out makes
    the stack easier to read.
    """

    severity = "hint"
    sets_off = (on(FLOWERS, layer("Flatten"), dense(8), dense(3, "softmax")),)
    stays_quiet = (on(PICTURES, layer("Flatten"), dense(8), dense(10, "softmax")),)

    def check(self, context: Context) -> Iterator[Finding]:
        """A Flatten of a single axis."""
        for line in context.lines("Flatten"):
            given = context.given(line)
            if given is not None and len(given) == 1:
                yield Finding(
                    line.pointer,
                    f"{line.name!r} takes {list(given)} and gives the same.",
                    {"input": list(given)},
                    context.without(line),
                    "Flatten",
                )
