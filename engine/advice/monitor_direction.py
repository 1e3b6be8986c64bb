"""Watching for the wrong direction."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._context import Context
from ._examples import FLOWERS, dense, on

_RISING = ("accuracy", "auc", "precision", "recall", "f1")
_FALLING = ("loss", "mae", "mse", "error", "crossentropy")


def _with(monitor: str, mode: str) -> dict[str, object]:
    callback = {
        "class_name": "EarlyStopping",
        "monitor": monitor,
        "mode": mode,
        "restore_best_weights": True,
    }
    return on(FLOWERS, dense(8), dense(3, "softmax"), callbacks=[callback])


class MonitorDirection(Rule):
    """A loss is better when it is smaller, an accuracy when it is larger. Watched the other way
    round, training stops when it goes well, and the worst weights are kept.
    """

    severity = "error"
    source = "training"
    sets_off = (_with("val_accuracy", "min"), _with("val_loss", "max"))
    stays_quiet = (_with("val_accuracy", "max"), _with("val_loss", "auto"))

    def check(self, context: Context) -> Iterator[Finding]:
        """`mode` against what the name of the metric tells."""
        for place, callback in context.callbacks("EarlyStopping", "ReduceLROnPlateau"):
            monitor, mode = callback["monitor"].lower(), callback.get("mode")
            falling = any(word in monitor for word in _FALLING)
            rising = not falling and any(word in monitor for word in _RISING)
            if (mode == "min" and rising) or (mode == "max" and falling):
                better = "larger" if rising else "smaller"
                yield Finding(
                    place,
                    f"{callback['class_name']} takes {mode} for the best, but {monitor!r} is "
                    f"better when it is {better}.",
                    {"monitor": monitor, "mode": mode},
                    context.sent.assign(place, "mode", "max" if rising else "min"),
                )
