"""A network too small, or too much held back, for what is to be learned."""

from collections.abc import Iterator
from typing import Any

from ._base import Finding, Record, Rule
from ._examples import falling, record

_LEAST, _LITTLE, _GAP, _LIFT = 10, 0.25, 0.05, 0.05


class Underfitting(Rule):
    """Where even the rows that are trained on are predicted badly and the loss has stopped falling,
    the network cannot express more: it needs more units or layers, or inputs that tell more.
    """

    severity = "hint"

    def check(self, record: Record) -> Iterator[Finding]:
        """Little of the way from the baseline to perfection, in training and validation alike."""
        training, loss = record.course("accuracy"), record.course("loss")
        baseline = (record.evaluation.get("baseline") or {}).get("accuracy")
        lift = record.evaluation.get("lift_over_baseline")
        if len(training) < _LEAST or baseline is None or not isinstance(lift, float):
            return
        window = max(3, len(loss) // 5)
        settled = min(loss[-window:]) > 0.98 * min(loss[:-window])
        reached = (training[-1] - baseline) / max(1e-9, 1 - baseline)
        validation = record.course("val_accuracy")[-1:] or training[-1:]
        alike = training[-1] <= validation[0] + _GAP
        if not settled or lift < _LIFT or reached > _LITTLE or not alike:
            return
        pointer, fix = _wider(record.request)
        yield Finding(
            pointer,
            f"The accuracy in training settled at {training[-1]:.3g}, little above the"
            f" {baseline:.3g} of the most frequent class.",
            {"accuracy": training[-1], "baseline": baseline},
            fix,
            "Dense",
        )

    @classmethod
    def examples(cls) -> tuple[Record, Record]:
        """Seven points above the majority, and forty."""
        told = {"baseline": {"accuracy": 0.5}, "lift_over_baseline": 0.07}
        stuck = {"loss": [*falling(3, 0.7, 0.99), *[0.68] * 17], "accuracy": [0.57] * 20}
        good = {**stuck, "accuracy": [0.9] * 20}
        return record(curves=stuck, evaluation=told), record(curves=good, evaluation=told)


def _wider(request: dict[str, Any]) -> tuple[str, list[dict[str, Any]] | None]:
    """The first hidden Dense with four times its units; the stack itself where there is none."""
    layers = request["stack"]["layers"]
    for place, line in enumerate(layers[:-1]):
        arguments = line.get("config", line)
        if line["class_name"] == "Dense" and isinstance(arguments.get("units"), int):
            pointer = f"/stack/layers/{place}"
            path = f"{pointer}{'/config' if 'config' in line else ''}/units"
            return pointer, [{"op": "replace", "path": path, "value": 4 * arguments["units"]}]
    return "/stack/layers", None
