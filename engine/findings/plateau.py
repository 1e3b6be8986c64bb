"""A loss that fell and then stayed where it was."""

from collections.abc import Iterator
from statistics import fmean

from ._base import Finding, Record, Rule
from ._examples import falling, record

_WINDOW = 8
_SETTLED = 0.25
"""A loss that is this small a part of its beginning has most likely arrived."""


class Plateau(Rule):
    """Where the loss has stopped falling short of what could be reached, a smaller learning rate
    often takes it further. ReduceLROnPlateau lowers it whenever that happens.
    """

    severity = "hint"
    during = True

    def check(self, record: Record) -> Iterator[Finding]:
        """No lower in the last fifth of the epochs than in the one before; lower before both."""
        values = record.course("loss")
        window = max(_WINDOW, len(values) // 5)
        lowered = record.has_callback("ReduceLROnPlateau", "LearningRateScheduler", "EarlyStopping")
        if len(values) < 3 * window or lowered or record.rate()[1] is None:
            return
        before, after = fmean(values[-2 * window : -window]), fmean(values[-window:])
        fell = before < 0.9 * values[0]
        if not fell or after < 0.99 * before or before < _SETTLED * values[0]:
            return
        callback = {
            "class_name": "ReduceLROnPlateau",
            "monitor": record.watched,
            "factor": 0.5,
            "patience": max(3, window // 2),
        }
        yield Finding(
            "/callbacks",
            f"The loss was {before:.4g} on average, then {after:.4g} in the last {window} of"
            f" {len(values)} epochs.",
            {"before": before, "after": after, "epochs": window},
            [{"op": "add", "path": "/callbacks/-", "value": callback}],
        )

    @classmethod
    def examples(cls) -> tuple[Record, Record]:
        """A loss that stays at two fifths, and one that falls on."""
        stuck = [*falling(5), *[0.41] * 25]
        return record(curves={"loss": stuck}), record(curves={"loss": falling(30, share=0.97)})
