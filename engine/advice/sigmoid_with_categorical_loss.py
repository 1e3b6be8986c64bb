"""Sigmoid before a loss over classes."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._context import Context
from ._examples import FLOWERS, dense, on
from ._kinds import CATEGORICAL
from ._sent import set_argument


class SigmoidWithCategoricalLoss(Rule):
    """A categorical loss compares the shares of classes, which sum to 1. Sigmoid judges each
    class by itself, so that all may be high at once; softmax is what the loss expects.
    """

    severity = "warning"
    source = "training"
    sets_off = (
        on(FLOWERS, dense(8), dense(3, "sigmoid")),
        on(
            FLOWERS,
            dense(8),
            dense(3, "sigmoid"),
            compile={"loss": "categorical_crossentropy"},
        ),
    )
    stays_quiet = (on(FLOWERS, dense(8), dense(3, "softmax")),)

    def check(self, context: Context) -> Iterator[Finding]:
        """An output with sigmoid whose loss is categorical."""
        for name, target in context.targets.items():
            line, loss = context.stack.line(name), target.loss.class_name
            if loss not in CATEGORICAL or context.activation(line) != "sigmoid":
                continue
            yield Finding(
                line.pointer,
                f"{name!r} ends with sigmoid, but its loss is {loss}.",
                {"loss": loss},
                set_argument(line, activation="softmax"),
                "Softmax",
            )
