"""Validation gets worse while training gets better."""

from collections.abc import Iterator
from statistics import fmean

from ._base import Finding, Record, Rule
from ._examples import falling, record

_LEAST = 3
"""So many epochs after the best one at least."""


class Overfitting(Rule):
    """From some epoch on the network learns the training rows by heart, and what it says of others
    gets worse. Stopping there and keeping the best weights is the simplest remedy; dropout, fewer
    units or more rows let it go further.
    """

    during = True

    def check(self, record: Record) -> Iterator[Finding]:
        """Clearly worse than the best for a while, the training loss still falling."""
        validation, training = record.course("val_loss"), record.course("loss")
        count = min(len(validation), len(training))
        if count < 2 * _LEAST or record.stop_reason == "early-stopping":
            return
        best = min(range(count), key=validation.__getitem__)
        since = count - 1 - best
        last, fell = fmean(validation[count - 3 : count]), fmean(training[count - 3 : count])
        worse = last - validation[best]
        clear = worse > 0.1 * abs(validation[best]) and worse > 0.05 * (
            validation[0] - validation[best]
        )
        if since < max(_LEAST, 0.15 * count) or not clear or fell > 0.95 * training[best]:
            return
        yield Finding(
            "/fit/epochs",
            f"val_loss was best in epoch {record.first + best} and rose from"
            f" {validation[best]:.4g} to {last:.4g} since, while loss fell on.",
            {"epoch": record.first + best, "best": validation[best], "last": last},
            None if record.has_callback("EarlyStopping") else _stopping(count),
            "Dropout",
        )

    @classmethod
    def examples(cls) -> tuple[Record, Record]:
        """A val_loss that turns, and one that follows."""
        loss = falling()
        turned = [*falling(6), *(0.4 + 0.03 * epoch for epoch in range(14))]
        follows = [value and value + 0.05 for value in loss]
        curves = {"loss": loss, "val_loss": turned}
        return record(curves=curves), record(curves={"loss": loss, "val_loss": follows})


def _stopping(epochs: int) -> list[dict[str, object]]:
    callback = {
        "class_name": "EarlyStopping",
        "monitor": "val_loss",
        "patience": max(3, epochs // 10),
        "restore_best_weights": True,
    }
    return [{"op": "add", "path": "/callbacks/-", "value": callback}]
