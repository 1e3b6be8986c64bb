"""A learning rate far above the usual one."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._context import Context
from ._examples import FLOWERS, dense, on
from ._rates import asked_rate

_TIMES = 50


def _with(**optimizer: object) -> dict[str, object]:
    return on(FLOWERS, dense(8), dense(3, "softmax"), compile={"optimizer": optimizer})


class LearningRateHigh(Rule):
    """Steps that are too large jump over the minimum: the loss swings or is not finite after a
    few steps.
    """

    severity = "warning"
    source = "training"
    sets_off = (
        _with(class_name="Adam", learning_rate=0.5),
        _with(class_name="SGD", config={"learning_rate": 2.0}),
    )
    stays_quiet = (
        _with(class_name="Adam", learning_rate=0.01),
        _with(class_name="SGD", learning_rate=0.1),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """A rate above fifty times the default."""
        for optimizer, rate, usual in asked_rate(context):
            if rate > _TIMES * usual:
                yield Finding(
                    f"{optimizer.base}/learning_rate",
                    f"{optimizer.entry.name} learns with {rate:g}; usual is about {usual:g}.",
                    {"learning_rate": rate, "usual": usual},
                    context.sent.assign(optimizer.pointer, "learning_rate", usual),
                )
