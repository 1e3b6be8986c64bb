"""Sigmoid through many layers."""

from collections.abc import Iterator

from engine.stack.line import Line

from ._base import Finding, Rule
from ._context import Context
from ._examples import FLOWERS, dense, on
from ._kinds import WEIGHTED
from ._sent import set_argument

_LIMITS = {"sigmoid": 3, "tanh": 6}
_GATES = ("Multiply", "Dot")


class SaturatingActivations(Rule):
    """The slope of sigmoid is 0.25 at most and near 0 for large values. Through several layers
    the gradients are multiplied and vanish, and the first layers learn nothing. ReLU keeps them.
    """

    severity = "warning"
    sets_off = (on(FLOWERS, *[dense(8, "sigmoid")] * 3, dense(3, "softmax")),)
    stays_quiet = (
        on(FLOWERS, *[dense(8)] * 3, dense(3, "softmax")),
        on(FLOWERS, *[dense(8, "tanh")] * 3, dense(3, "softmax")),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """As many hidden layers of one such activation as its limit; gates do not count."""
        for name, limit in _LIMITS.items():
            found = [
                line
                for line in context.lines(*WEIGHTED)
                if context.activation(line) == name and not _gate_or_end(context, line)
            ]
            if len(found) >= limit:
                yield Finding(
                    found[0].pointer,
                    f"{len(found)} hidden layers have {name} as activation.",
                    {"layers": [line.name for line in found]},
                    [step for line in found for step in set_argument(line, activation="relu")],
                    "ReLU",
                )


def _gate_or_end(context: Context, line: Line) -> bool:
    takers = context.stack.consumers(line.name)
    return context.ends(line) or any(taker.class_name in _GATES for taker in takers)
