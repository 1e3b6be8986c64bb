"""Plain numbers for a loss that expects probabilities."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._context import Context, argument, beyond_shares
from ._examples import COINS, FLOWERS, dense, on
from ._kinds import CROSSENTROPIES, WEIGHTED
from ._sent import set_argument


class LogitsAsProbabilities(Rule):
    """Crossentropy takes the logarithm of probabilities. Without softmax or sigmoid the
    network gives any number, negative ones too, and the loss is clipped to nonsense. Give the
    last layer an activation, or the loss `from_logits`.
    """

    severity = "error"
    source = "training"
    sets_off = (
        on(FLOWERS, dense(3, None), compile={"loss": "sparse_categorical_crossentropy"}),
        on(COINS, dense(1, "relu"), compile={"loss": "binary_crossentropy"}),
        on(COINS, dense(1, "tanh"), compile={"loss": {"class_name": "BinaryCrossentropy"}}),
    )
    stays_quiet = (
        on(FLOWERS, dense(3, None)),
        on(COINS, dense(1, "sigmoid"), compile={"loss": "binary_crossentropy"}),
        on(
            FLOWERS,
            dense(3, None),
            compile={
                "loss": {"class_name": "SparseCategoricalCrossentropy", "from_logits": True},
            },
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """An output layer with weights that gives no probabilities to a crossentropy."""
        for name, target in context.targets.items():
            line, loss = context.stack.line(name), target.loss
            own = context.activation(line)
            if loss.class_name not in CROSSENTROPIES or argument(loss.spec, "from_logits"):
                continue
            if beyond_shares(target):
                continue
            if line.class_name not in WEIGHTED or own in ("softmax", "sigmoid", "hard_sigmoid"):
                continue
            meant = "sigmoid" if (loss.class_name or "").startswith("Binary") else "softmax"
            yield Finding(
                line.pointer,
                f"{name!r} gives {own or 'plain'} numbers, but {loss.class_name} expects "
                f"probabilities: end with {meant}.",
                {"loss": loss.class_name, "activation": own},
                set_argument(line, activation=meant),
                "Dense",
            )
