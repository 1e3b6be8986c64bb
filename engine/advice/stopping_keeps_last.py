"""Stopping late, and keeping what came last."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._context import Context
from ._examples import FLOWERS, dense, on


def _with(callback: object) -> dict[str, object]:
    return on(FLOWERS, dense(8), dense(3, "softmax"), callbacks=[callback])


class StoppingKeepsLast(Rule):
    """EarlyStopping ends some epochs after the best one. Unless `restore_best_weights` is set,
    the model keeps the weights of the last epoch, not of the best.
    """

    severity = "hint"
    source = "training"
    sets_off = (
        _with("EarlyStopping"),
        _with({"class_name": "EarlyStopping", "patience": 3}),
        _with({"class_name": "EarlyStopping", "config": {"patience": 3}}),
    )
    stays_quiet = (_with({"class_name": "EarlyStopping", "restore_best_weights": True}),)

    def check(self, context: Context) -> Iterator[Finding]:
        """EarlyStopping without `restore_best_weights`."""
        for place, callback in context.callbacks("EarlyStopping"):
            if not callback["restore_best_weights"]:
                yield Finding(
                    place,
                    "EarlyStopping keeps the weights of the last epoch, not of the best.",
                    {"patience": callback["patience"]},
                    context.sent.assign(place, "restore_best_weights", True),
                )
