"""Probabilities for a loss that expects plain numbers."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._context import Context, argument
from ._examples import FLOWERS, dense, on
from ._kinds import CROSSENTROPIES

_LOGITS = {"class_name": "SparseCategoricalCrossentropy", "from_logits": True}


class ProbabilitiesAsLogits(Rule):
    """With `from_logits` the loss applies softmax or sigmoid itself. Behind a layer that has
    done so already they are applied twice, and learning is slow and stops early.
    """

    severity = "error"
    source = "training"
    sets_off = (on(FLOWERS, dense(8), dense(3, "softmax"), compile={"loss": _LOGITS}),)
    stays_quiet = (on(FLOWERS, dense(8), dense(3, None), compile={"loss": _LOGITS}),)

    def check(self, context: Context) -> Iterator[Finding]:
        """A crossentropy from logits behind softmax or sigmoid."""
        for name, target in context.targets.items():
            loss, own = target.loss, context.activation(context.stack.line(name))
            if loss.class_name not in CROSSENTROPIES or own not in ("softmax", "sigmoid"):
                continue
            if argument(loss.spec, "from_logits") and loss.pointer:
                yield Finding(
                    loss.pointer,
                    f"{name!r} ends with {own}, but the loss applies it again (from_logits).",
                    {"activation": own, "loss": loss.class_name},
                    context.sent.assign(loss.pointer, "from_logits", False),
                    "Softmax",
                )
