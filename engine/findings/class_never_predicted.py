"""Classes that the network has given up."""

from collections.abc import Iterator

from ._base import Finding, Record, Rule
from ._examples import classes, record

_LEAST, _RARE = 5, 0.5


class ClassNeverPredicted(Rule):
    """A class that is never predicted is as good as unknown, which a good accuracy can hide where
    it is rare. Weights that balance the classes make its rows count.
    """

    def check(self, record: Record) -> Iterator[Finding]:
        """Classes with some held-out rows, none of which nor any other was taken for one."""
        for found in record.outputs.values():
            if found["kind"] != "classes":
                continue
            lines = found["classes"]
            never = [line for line in lines if line["support"] >= _LEAST and not line["predicted"]]
            if not never or sum(line["predicted"] > 0 for line in lines) < 2:
                continue
            names = ", ".join(repr(line["label"]) for line in never[:10])
            weighted = record.settings.get("class_weight") or len(record.outputs) > 1
            usual = sum(line["support"] for line in lines) / len(lines)
            rare = all(line["support"] < _RARE * usual for line in never)
            fix = [{"op": "add", "path": "/fit/class_weight", "value": "balanced"}]
            yield Finding(
                "/fit/class_weight",
                f"Never predicted of {found['target']!r}: {names}.",
                {"classes": {str(line["label"]): line["support"] for line in never[:10]}},
                fix if rare and not weighted else None,
            )

    @classmethod
    def examples(cls) -> tuple[Record, Record]:
        """One class of three never, and all of them."""
        return (
            record(outputs=classes(("a", 40, 50), ("b", 20, 18), ("c", 8, 0))),
            record(outputs=classes(("a", 40, 41), ("b", 20, 20), ("c", 8, 7))),
        )
