"""Rows that occur more than once, divided by chance."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._context import Context
from ._examples import FLOWERS, dense, on

_SHARE = 0.05
_BEYOND_CHANCE = 10.0
_MANY = {"rows": 600, "groups": 500, "share": 0.12, "expected": 0.1, "examples": [[1, 2]]}
_FEW = {"rows": 6, "groups": 6, "share": 0.0012, "expected": 0.1, "examples": [[1, 2]]}
_CHANCE = {"rows": 600, "groups": 500, "share": 0.12, "expected": 500.0, "examples": [[1, 2]]}


class DuplicatesAcrossSplit(Rule):
    """Of a row that occurs twice, one copy may be trained on and the other one held out. The held
    out rows are then partly known by heart, and the evaluation promises more than new rows keep.
    """

    severity = "warning"
    source = "data"
    sets_off = (on(FLOWERS, dense(8), dense(3, "softmax"), profile={"duplicates": _MANY}),)
    stays_quiet = (
        on(FLOWERS, dense(8), dense(3, "softmax"), profile={"duplicates": _FEW}),
        on(FLOWERS, dense(8), dense(3, "softmax"), profile={"duplicates": _CHANCE}),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Ten times as many as by chance, and one row of twenty, with rows drawn for a part."""
        found = context.profile.get("duplicates")
        held = [context.split.get(part) or 0.0 for part in ("validation", "test")]
        drawn = context.split.get("by") in ("random", "stratified") and sum(held) > 0
        if not found or not drawn or context.sent.section("data").get("window"):
            return
        if found["share"] >= _SHARE and found["rows"] > _BEYOND_CHANCE * found["expected"]:
            place = context.sent.place("data", "split")
            detail = (
                f"{found['rows']} rows repeat others; some of them will be trained on and held "
                "out at once."
            )
            yield Finding(place, detail, dict(found))
