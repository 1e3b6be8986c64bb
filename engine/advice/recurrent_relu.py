"""LSTM or GRU with an unusual activation."""

from collections.abc import Iterator

from engine.stack.pointer import join

from ._base import Finding, Rule
from ._context import Context, activation
from ._examples import SERIES, dense, layer, on

_GATED = ("LSTM", "GRU")


class RecurrentRelu(Rule):
    """The memory of LSTM and GRU is bounded by tanh. ReLU lets it grow from step to step until
    the loss is not finite, and rules out the fast implementation on GPUs.
    """

    severity = "hint"
    sets_off = (on(SERIES, layer("LSTM", units=8, activation="relu"), dense(1, None)),)
    stays_quiet = (on(SERIES, layer("LSTM", units=8), dense(1, None)),)

    def check(self, context: Context) -> Iterator[Finding]:
        """An activation other than tanh."""
        for line in context.lines(*_GATED, "Bidirectional"):
            core = context.core(line)
            if core is None or core.entry.name not in _GATED or activation(core) == "tanh":
                continue
            yield Finding(
                line.pointer,
                f"{line.name!r} has {activation(core) or 'no'} activation instead of tanh.",
                {"activation": activation(core)},
                [{"op": "add", "path": join(core.base, "activation"), "value": "tanh"}],
                core.entry.name,
            )
