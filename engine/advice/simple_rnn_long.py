"""SimpleRNN over many steps."""

from collections.abc import Iterator

from engine.stack.pointer import join

from ._base import Finding, Rule
from ._context import Context
from ._examples import SERIES, alone, data, dense, layer, on

_MOST = 50


class SimpleRnnLong(Rule):
    """SimpleRNN mixes its memory with every step, so that gradients vanish or explode over
    long sequences and the beginning is forgotten. LSTM and GRU keep a memory of their own.
    """

    severity = "warning"
    sets_off = (on(SERIES, layer("SimpleRNN", units=8), dense(1, None)),)
    stays_quiet = (
        on(SERIES, layer("LSTM", units=8), dense(1, None)),
        alone(data(20, 3), layer("SimpleRNN", units=8), dense(1, None)),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """A SimpleRNN over more steps than the limit."""
        for line in context.lines("SimpleRNN", "Bidirectional"):
            core, given = context.core(line), context.given(line)
            steps = given[0] if given else None
            if core is None or core.entry.name != "SimpleRNN" or not steps or steps <= _MOST:
                continue
            path = join(core.pointer, "class_name")
            yield Finding(
                line.pointer,
                f"{line.name!r} goes through {steps} steps.",
                {"steps": steps, "most": _MOST},
                [{"op": "replace", "path": path, "value": "LSTM"}],
                "LSTM",
            )
