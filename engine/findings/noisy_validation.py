"""A validation part that is too small to tell."""

from collections.abc import Iterator
from math import sqrt
from statistics import median

from ._base import Finding, Record, Rule
from ._examples import falling, record

_EPOCHS, _ERROR, _WANTED = 5, 0.07, 0.3


class NoisyValidation(Rule):
    """The accuracy on few rows is a matter of chance: the best epoch may be no better than others,
    and what is chosen by it is chosen by luck. More rows to validate on make it tell.
    """

    severity = "hint"

    def check(self, record: Record) -> Iterator[Finding]:
        """A standard error of the accuracy, sqrt(p (1 - p) / rows), of seven points or more."""
        values, rows = record.course("val_accuracy"), record.rows.get("validation", 0)
        if len(values) < _EPOCHS or not rows:
            return
        usual = median(values[len(values) // 2 :])
        error = sqrt(usual * (1 - usual) / rows)
        if error < _ERROR:
            return
        data = record.request["data"]
        share = (data.get("split") or {}).get("validation") or 0
        fits = not data.get("validation") and share < _WANTED
        fix = [{"op": "replace", "path": "/data/split/validation", "value": _WANTED}]
        yield Finding(
            "/data/split/validation" if not data.get("validation") else "/data/validation",
            f"val_accuracy on {rows} rows is known to {error:.0%} (one standard error); its best"
            f" of {max(values):.3g} may be chance.",
            {"rows": rows, "standard_error": error, "best": max(values), "usual": usual},
            fix if fits else None,
        )

    @classmethod
    def examples(cls) -> tuple[Record, Record]:
        """Twelve rows, and a thousand."""
        curves = {"loss": falling(8), "val_accuracy": [0.5, 0.6, 0.5, 0.7, 0.6, 0.7, 0.6, 0.8]}
        return (
            record(curves=curves, rows={"validation": 12}),
            record(curves=curves, rows={"validation": 1000}),
        )
