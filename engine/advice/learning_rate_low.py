"""A learning rate far below the usual one."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._context import Context
from ._examples import FLOWERS, dense, on
from ._rates import asked_rate

_PART = 1000


def _with(**optimizer: object) -> dict[str, object]:
    return on(FLOWERS, dense(8), dense(3, "softmax"), compile={"optimizer": optimizer})


class LearningRateLow(Rule):
    """Steps that are too small do not get anywhere within a usual number of epochs: the loss
    looks settled long before it is.
    """

    severity = "warning"
    source = "training"
    sets_off = (_with(class_name="Adam", learning_rate=1e-7),)
    stays_quiet = (_with(class_name="Adam", learning_rate=1e-5),)

    def check(self, context: Context) -> Iterator[Finding]:
        """A rate below a thousandth of the default."""
        for optimizer, rate, usual in asked_rate(context):
            if rate < usual / _PART:
                yield Finding(
                    f"{optimizer.base}/learning_rate",
                    f"{optimizer.entry.name} learns with {rate:g}; usual is about {usual:g}.",
                    {"learning_rate": rate, "usual": usual},
                    context.sent.assign(optimizer.pointer, "learning_rate", usual),
                )
