"""Softmax before a loss for yes or no."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._context import Context
from ._examples import COINS, FLOWERS, dense, on


class SoftmaxWithBinaryLoss(Rule):
    """Binary crossentropy judges every unit by itself, as sigmoid gives them. For classes that
    exclude each other, as softmax gives them, the categorical loss fits, and its accuracy
    counts whole answers instead of single units.
    """

    severity = "warning"
    source = "training"
    sets_off = (
        on(FLOWERS, dense(8), dense(3, "softmax"), compile={"loss": "binary_crossentropy"}),
    )
    stays_quiet = (
        on(FLOWERS, dense(8), dense(3, "softmax")),
        on(COINS, dense(8), dense(1, "sigmoid"), compile={"loss": "binary_crossentropy"}),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """An output with softmax over several units whose loss is binary."""
        for name, target in context.targets.items():
            line, loss = context.stack.line(name), target.loss
            shape = context.shape(line) or (1,)
            if context.activation(line) != "softmax" or shape[-1] == 1 or not loss.pointer:
                continue
            if target.form == "one_hot" and (loss.class_name or "").startswith("Binary"):
                yield Finding(
                    loss.pointer,
                    f"{name!r} is softmax over {shape[-1]} classes, but its loss is "
                    f"{loss.class_name}.",
                    {"classes": shape[-1], "loss": loss.class_name},
                    [{"op": "replace", "path": loss.pointer, "value": "auto"}],
                    "Softmax",
                )
