"""A loss that stays where it began."""

from collections.abc import Iterator
from typing import Any

from ._base import Finding, Record, Rule
from ._examples import REQUEST, falling, record

_LEAST = 5
_FALL = 0.02
_HIGH, _LOW, _USUAL = 0.05, 1e-4, 1e-3


class LossNotFalling(Rule):
    """A loss that does not fall even on the rows that are trained on means that nothing is learned:
    steps too large or too small, inputs of very different sizes, units that are dead, or a target
    that the inputs do not tell.
    """

    during = True

    def check(self, record: Record) -> Iterator[Finding]:
        """Hardly below the first epoch after some epochs, where weights began at random."""
        values = record.course("loss")
        if len(values) < _LEAST or _warm(record.request) or values[0] <= 0:
            return
        best = min(values[1:])
        if best < (1 - _FALL) * values[0]:
            return
        place, rate = record.rate()
        fix = None
        if rate is not None and (rate >= _HIGH or rate <= _LOW):
            better = rate / 10 if rate >= _HIGH else _USUAL
            fix = [{"op": "add", "path": place, "value": float(f"{better:.3g}")}]
        yield Finding(
            place,
            f"The loss was {values[0]:.4g} in its first epoch and {values[-1]:.4g} after"
            f" {len(values)}.",
            {"first": values[0], "best": best, "epochs": len(values), "learning_rate": rate},
            fix,
        )

    @classmethod
    def examples(cls) -> tuple[Record, Record]:
        """A flat loss under a tiny rate, and one that falls."""
        slow = {**REQUEST, "compile": {"optimizer": {"class_name": "SGD", "learning_rate": 1e-6}}}
        flat: list[float | None] = [1.1 - 1e-5 * epoch for epoch in range(8)]
        return record(request=slow, curves={"loss": flat}), record(curves={"loss": falling()})


def _warm(request: dict[str, Any]) -> bool:
    """Whether the training goes on from weights that have learned already."""
    return any(line.get("weights") for line in request["stack"]["layers"])
