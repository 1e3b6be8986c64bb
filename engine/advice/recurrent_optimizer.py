"""A recurrent network without RMSprop."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._context import Context
from ._examples import FLOWERS, SERIES, dense, layer, on
from ._kinds import RECURRENT


class RecurrentOptimizer(Rule):
    """Gradients of recurrent layers differ much in size from step to step. RMSprop divides by
    their recent size and generally pairs well with them.
    """

    severity = "hint"
    source = "training"
    sets_off = (on(SERIES, layer("GRU", units=8), dense(1, None), compile={"optimizer": "adam"}),)
    stays_quiet = (
        on(SERIES, layer("GRU", units=8), dense(1, None)),
        on(FLOWERS, dense(8), dense(3, "softmax"), compile={"optimizer": "adam"}),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Another optimizer, asked for by the request, with a recurrent layer."""
        optimizer = context.training.optimizer
        given = context.sent.section("compile").get("optimizer")
        if optimizer is None or given in (None, "auto") or optimizer.entry.name == "RMSprop":
            return
        for line in context.lines(*RECURRENT, "Bidirectional"):
            core = context.core(line)
            if core is None or core.entry.name not in RECURRENT:
                continue
            averaged = any(True for _ in context.callbacks("SwapEMAWeights"))
            fix = [{"op": "replace", "path": optimizer.pointer, "value": "rmsprop"}]
            yield Finding(
                optimizer.pointer,
                f"{line.name!r} is recurrent, and the optimizer is {optimizer.entry.name}.",
                {"optimizer": optimizer.entry.name},
                None if averaged else fix,
                core.entry.name,
            )
            return
