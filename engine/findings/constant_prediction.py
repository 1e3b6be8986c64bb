"""A network that says the same of every row."""

from collections.abc import Iterator
from statistics import pstdev
from typing import Any

from ._base import Finding, Record, Rule
from ._examples import classes, record

_LEAST = 10


class ConstantPrediction(Rule):
    """A network that says the same whatever it is shown has learned the most frequent answer at
    best. Classes out of balance, dead units and a learning rate that is too high do this.
    """

    def check(self, record: Record) -> Iterator[Finding]:
        """One class alone, or numbers that hardly differ where the true ones do."""
        for name, found in record.outputs.items():
            said = _said(found)
            if said is None:
                continue
            pointer = "/data/target" if len(record.outputs) == 1 else f"/data/target/{name}"
            detail = f"For all held-out rows {found['target']!r} was predicted as {said}."
            yield Finding(pointer, detail, {"predicted": said}, _fix(record, found))

    @classmethod
    def examples(cls) -> tuple[Record, Record]:
        """One class for all, and both classes."""
        return (
            record(outputs=classes(("a", 40, 60), ("b", 20, 0))),
            record(outputs=classes(("a", 40, 45), ("b", 20, 15))),
        )


def _said(found: dict[str, Any]) -> Any:
    """The one thing that was said; None where there are several, or where there was no choice."""
    if found["kind"] == "classes":
        lines = found["classes"]
        there = [line for line in lines if line["support"]]
        said = [line["label"] for line in lines if line["predicted"]]
        enough = sum(line["support"] for line in lines) >= _LEAST
        one = len(said) == 1 and len(there) > 1 and not found.get("classes_left_out")
        return said[0] if enough and one else None
    sample = found.get("sample")
    if found["kind"] != "numbers" or not sample:
        return None
    said = [value for value in sample["predicted"] if value is not None]
    true = [value for value in sample["true"] if value is not None]
    if len(said) < _LEAST or pstdev(said) > 1e-3 * pstdev(true):
        return None
    return float(f"{said[0]:.4g}")


def _fix(record: Record, found: dict[str, Any]) -> list[dict[str, Any]] | None:
    supports = [line["support"] for line in found.get("classes", [])]
    unbalanced = bool(supports) and max(supports) > 0.8 * sum(supports)
    if unbalanced and not record.settings.get("class_weight"):
        return [{"op": "add", "path": "/fit/class_weight", "value": "balanced"}]
    rate = record.rate()[1]
    return record.slower() if rate is not None and rate >= 0.005 else None
