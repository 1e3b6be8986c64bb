"""A slower rate that comes too late."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._context import Context
from ._examples import FLOWERS, dense, on


def _with(stopping: int, plateau: int) -> dict[str, object]:
    callbacks = [
        {"class_name": "EarlyStopping", "patience": stopping, "restore_best_weights": True},
        {"class_name": "ReduceLROnPlateau", "patience": plateau},
    ]
    return on(FLOWERS, dense(8), dense(3, "softmax"), callbacks=callbacks, fit={"epochs": 100})


class PlateauAfterStopping(Rule):
    """ReduceLROnPlateau lowers the learning rate when nothing gets better, EarlyStopping ends
    the training then. With the same patience or more, the lower rate is never tried.
    """

    severity = "warning"
    source = "training"
    sets_off = (_with(5, 5), _with(3, 10))
    stays_quiet = (_with(10, 3),)

    def check(self, context: Context) -> Iterator[Finding]:
        """The patience of both, where they watch the same metric."""
        for _, stopping in context.callbacks("EarlyStopping"):
            patience = stopping["patience"]
            for place, plateau in context.callbacks("ReduceLROnPlateau"):
                waits = plateau["patience"]
                if plateau["monitor"] != stopping["monitor"] or waits < patience:
                    continue
                yield Finding(
                    place,
                    f"ReduceLROnPlateau waits {waits} epochs, EarlyStopping {patience}.",
                    {"stopping": patience, "plateau": waits},
                    context.sent.assign(place, "patience", patience // 2) if patience else None,
                )
