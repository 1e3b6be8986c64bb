"""Stopping by what the network has already seen."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._context import Context
from ._examples import FLOWERS, dense, on


def _with(**arguments: object) -> dict[str, object]:
    callback = {"class_name": "EarlyStopping", "restore_best_weights": True, **arguments}
    return on(FLOWERS, dense(8), dense(3, "softmax"), callbacks=[callback])


class StoppingOnTraining(Rule):
    """The loss on training rows sinks as long as the network learns them by heart. Only the
    validation part tells when to stop.
    """

    severity = "warning"
    source = "training"
    sets_off = (_with(monitor="loss"), _with(monitor="accuracy", patience=3))
    stays_quiet = (_with(), _with(monitor="val_accuracy"))

    def check(self, context: Context) -> Iterator[Finding]:
        """EarlyStopping that watches the training part though there is a validation part."""
        if not context.validated():
            return
        for place, callback in context.callbacks("EarlyStopping"):
            monitor = callback["monitor"]
            if monitor.startswith("val_"):
                continue
            yield Finding(
                place,
                f"EarlyStopping watches {monitor!r}, which is measured on training rows.",
                {"monitor": monitor},
                context.sent.assign(place, "monitor", f"val_{monitor}"),
            )
