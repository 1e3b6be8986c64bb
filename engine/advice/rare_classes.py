"""Classes that the split may lose."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._context import Context
from ._examples import FLOWERS, dense, on

_RARE = {"label": {"a": 2600, "b": 2397, "c": 3}}
_EVEN = {"label": {"a": 1700, "b": 1700, "c": 1600}}
_PARTS = ("validation", "test")


class RareClasses(Rule):
    """A class of a few rows may be missing from the rows that are held out, so that nothing is
    known of how well it is learned; or missing from training, so that it cannot be.
    """

    severity = "warning"
    source = "data"
    sets_off = (
        on(
            FLOWERS,
            dense(8),
            dense(3, "softmax"),
            data={"split": {"by": "random"}},
            classes=_RARE,
            fit={"class_weight": "balanced"},
        ),
    )
    stays_quiet = (
        on(FLOWERS, dense(8), dense(3, "softmax"), classes=_EVEN),
        on(
            FLOWERS,
            dense(8),
            dense(3, "softmax"),
            data={"split": {"by": "random"}},
            classes=_EVEN,
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Classes of fewer rows than parts; with a random split, of less than one row in a part."""
        shares = [share for part in _PARTS if (share := context.split.get(part) or 0.0)]
        if context.target is None or context.target.form == "raw" or not shares:
            return
        by = context.split.get("by")
        if by not in ("random", "stratified"):
            return
        needed = 1 / min(shares) if by == "random" else len(shares) + 1
        counts = context.classes.get(context.target.column.name, {})
        rare = {name: count for name, count in counts.items() if 0 < count < needed}
        if rare:
            few = ", ".join(f"{name!r} ({count} rows)" for name, count in list(rare.items())[:5])
            place = context.sent.place("data", "split")
            fix = context.sent.assign(place, "by", "stratified") if by == "random" else None
            detail = f"Some parts may hold no row of the classes {few}."
            yield Finding(place, detail, {"classes": dict(list(rare.items())[:50])}, fix)
