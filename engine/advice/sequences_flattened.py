"""All steps of a recurrent layer, flattened."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._context import Context, argument
from ._examples import SERIES, dense, layer, on
from ._kinds import DROPOUTS, RECURRENT

_PASSED = DROPOUTS | {"BatchNormalization", "LayerNormalization", "Activation"}


class SequencesFlattened(Rule):
    """The last output of a recurrent layer has seen the whole sequence. Flattening all steps
    gives the next layer weights for every single step, most of which repeat each other.
    """

    severity = "hint"
    sets_off = (
        on(SERIES, layer("GRU", units=8, return_sequences=True), layer("Flatten"), dense(1, None)),
    )
    stays_quiet = (on(SERIES, layer("GRU", units=8), dense(1, None)),)

    def check(self, context: Context) -> Iterator[Finding]:
        """A recurrent layer that hands on every step to a Flatten."""
        for line in context.lines(*RECURRENT, "Bidirectional"):
            core, taker = context.core(line), context.past(line, _PASSED)
            if core is None or core.entry.name not in RECURRENT or taker is None:
                continue
            if taker.class_name != "Flatten" or not argument(core, "return_sequences"):
                continue
            fix = [{"op": "add", "path": core.base + "/return_sequences", "value": False}]
            yield Finding(
                line.pointer,
                f"{line.name!r} hands on every step, and {taker.name!r} flattens them.",
                {"steps": (context.given(line) or (None,))[0]},
                fix + (context.without(taker) or []),
                core.entry.name,
            )
