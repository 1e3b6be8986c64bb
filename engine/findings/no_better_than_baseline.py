"""A network that a trivial predictor equals."""

from collections.abc import Iterator
from math import sqrt
from typing import Any

from ._base import Finding, Record, Rule
from ._examples import falling, record

_ROWS, _EPOCHS = 20, 5


class NoBetterThanBaseline(Rule):
    """Saying the most frequent class, the mean or the last value costs nothing. A network that is
    no better has learned nothing of use from its inputs, however good its numbers look.
    """

    def check(self, record: Record) -> Iterator[Finding]:
        """A lift within one standard error of nothing, on enough rows and after some epochs."""
        lift, baseline = (record.evaluation.get(k) for k in ("lift_over_baseline", "baseline"))
        if record.evaluation.get("rows", 0) < _ROWS or len(record.epochs) < _EPOCHS:
            return
        lifts: dict[str, Any] = lift if isinstance(lift, dict) else {"": lift}
        for name, value in lifts.items():
            known = (baseline or {}).get(name) if name else baseline
            if not isinstance(value, float) or not known or value > _chance(record, known):
                continue
            pointer = f"/data/target/{name}" if name else "/data/target"
            of = f" of {name!r}" if name else ""
            yield Finding(
                pointer,
                f"The network{of} is no better than the {known['predictor']} predictor on the"
                f" {record.evaluation['part']} part (lift {value:.3g}).",
                {"lift": value, "baseline": known},
            )

    @classmethod
    def examples(cls) -> tuple[Record, Record]:
        """As good as the majority, and better."""
        told = {"part": "test", "rows": 100, "baseline": {"predictor": "majority", "accuracy": 0.6}}
        curves = {"loss": falling()}
        return (
            record(curves=curves, evaluation={**told, "lift_over_baseline": 0.0}),
            record(curves=curves, evaluation={**told, "lift_over_baseline": 0.2}),
        )


def _chance(record: Record, baseline: dict[str, Any]) -> float:
    """The standard error of an accuracy such as the baseline's; 0 where errors are compared."""
    share = baseline.get("accuracy")
    return 0.0 if share is None else sqrt(share * (1 - share) / record.evaluation["rows"])
