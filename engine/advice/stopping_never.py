"""Stopping that cannot happen."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._context import Context
from ._examples import FLOWERS, dense, on


def _with(patience: int) -> dict[str, object]:
    callback = {
        "class_name": "EarlyStopping",
        "patience": patience,
        "restore_best_weights": True,
    }
    return on(FLOWERS, dense(8), dense(3, "softmax"), callbacks=[callback], fit={"epochs": 20})


class StoppingNever(Rule):
    """EarlyStopping waits `patience` epochs for something better. With as many epochs as the
    whole training has, it never stops it.
    """

    severity = "hint"
    source = "training"
    sets_off = (_with(20), _with(100))
    stays_quiet = (_with(4),)

    def check(self, context: Context) -> Iterator[Finding]:
        """A patience of all epochs or more, where there is more than one."""
        epochs = context.training.fit["epochs"]
        for place, callback in context.callbacks("EarlyStopping"):
            if epochs > 1 and callback["patience"] >= epochs:
                yield Finding(
                    place,
                    f"EarlyStopping waits {callback['patience']} epochs, and there are {epochs}.",
                    {"patience": callback["patience"], "epochs": epochs},
                    context.sent.assign(place, "patience", max(1, epochs // 5)),
                )
