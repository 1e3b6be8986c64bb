"""Very many epochs with nothing to end them."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._context import Context
from ._examples import FLOWERS, dense, on

_MANY = 200
_STOPPING = {
    "class_name": "EarlyStopping",
    "monitor": "val_loss",
    "patience": 20,
    "restore_best_weights": True,
}


class EpochsWithoutStopping(Rule):
    """After the best epoch a network goes on to learn the training rows by heart. EarlyStopping
    ends the training then, saves the time, and keeps the best weights.
    """

    severity = "hint"
    source = "training"
    sets_off = (
        on(FLOWERS, dense(8), dense(3, "softmax"), fit={"epochs": 500}),
        on(
            FLOWERS,
            dense(8),
            dense(3, "softmax"),
            fit={"epochs": 500},
            callbacks=["TerminateOnNaN"],
        ),
    )
    stays_quiet = (
        on(FLOWERS, dense(8), dense(3, "softmax"), fit={"epochs": 50}),
        on(
            FLOWERS,
            dense(8),
            dense(3, "softmax"),
            fit={"epochs": 500},
            callbacks=[_STOPPING],
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """More epochs than the limit without EarlyStopping, where its metric is measured."""
        epochs = context.training.fit["epochs"]
        stopping = next(context.callbacks("EarlyStopping"), None)
        if epochs < _MANY or stopping is not None or not context.validated():
            return
        if context.schema is None:
            return
        yield Finding(
            context.sent.place("fit", "epochs"),
            f"{epochs:,} epochs, and nothing ends the training earlier.",
            {"epochs": epochs},
            context.sent.append("callbacks", dict(_STOPPING)),
        )
