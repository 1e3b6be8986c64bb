"""A loss that leaps about, or away."""

from collections.abc import Iterator
from itertools import pairwise
from statistics import fmean
from typing import Any

from ._base import Finding, Record, Rule
from ._examples import falling, record

_LEAST, _WINDOW = 6, 20
_SETTLED = 0.25
"""A loss below this part of its beginning may leap about: it has arrived."""


class LearningRateTooHigh(Rule):
    """Steps that are too large leap over the valley that they should descend into: the loss goes
    up and down, or away for good. A tenth of the learning rate usually settles it.
    """

    during = True

    def check(self, record: Record) -> Iterator[Finding]:
        """Divergence, a loss far above its beginning, or one that rises as often as it falls."""
        found = _lost(record) or _swinging(record)
        if found is None:
            return
        place, rate = record.rate()
        detail, evidence = found
        said = "" if rate is None else f" at a learning rate of {rate:g}"
        fix = record.slower()
        yield Finding(place, f"{detail}{said}.", {**evidence, "learning_rate": rate}, fix)

    @classmethod
    def examples(cls) -> tuple[Record, Record]:
        """A loss that swings, and one that falls."""
        swings: list[float | None] = [1.0 + (0.5 if epoch % 2 else -0.3) for epoch in range(12)]
        return record(curves={"loss": swings}), record(curves={"loss": falling(12)})


def _lost(record: Record) -> tuple[str, dict[str, Any]] | None:
    values = record.course("loss")
    if len(values) < len(record.epochs) and "loss" in record.epochs[len(values)]:
        epoch = record.first + len(values)
        return f"The loss was no number any more in epoch {epoch}", {"epoch": epoch}
    if len(values) > 1 and values[0] > 0 and values[-1] > 3 * values[0]:
        evidence = {"first": values[0], "last": values[-1]}
        return f"The loss rose from {values[0]:.4g} to {values[-1]:.4g}", evidence
    return None


def _swinging(record: Record) -> tuple[str, dict[str, Any]] | None:
    values = record.course("loss")
    if len(values) < _LEAST:
        return None
    recent = values[max(len(values) // 2 - 1, len(values) - _WINDOW) :]
    mean, steps = fmean(recent), list(pairwise(recent))
    rises = sum(after > 1.05 * before for before, after in steps) / len(steps)
    swing = fmean(abs(after - before) for before, after in steps) / mean if mean > 0 else 0.0
    if rises < 0.35 or swing < 0.15 or mean < _SETTLED * abs(values[0]):
        return None
    detail = f"The loss rose in {rises:.0%} of the last {len(steps)} epochs, by {swing:.0%} of it"
    return detail, {"rises": rises, "swing": swing}
