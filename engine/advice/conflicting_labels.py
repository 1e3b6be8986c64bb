"""Rows alike in everything but the target."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._context import Context
from ._examples import FLOWERS, dense, on

_SHARE = 0.01
_TORN = {"rows": 400, "groups": 80, "share": 0.08, "example": [3, 17]}
_FEW = {"rows": 4, "groups": 2, "share": 0.0008, "example": [3, 17]}


class ConflictingLabels(Rule):
    """Rows that agree in all features and disagree in the target cannot all be learned. Some labels
    are wrong, or what tells these rows apart was not recorded: no network gets beyond that.
    """

    severity = "hint"
    source = "data"
    sets_off = (
        on(FLOWERS, dense(8), dense(3, "softmax"), profile={"conflicts": {"label": _TORN}}),
    )
    stays_quiet = (
        on(FLOWERS, dense(8), dense(3, "softmax"), profile={"conflicts": {"label": _FEW}}),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """At least one row of a hundred, for a target of classes."""
        if context.target is None or context.target.form == "raw":
            return
        name = context.target.column.name
        found = context.profile.get("conflicts", {}).get(name)
        if found and found["share"] >= _SHARE:
            place = context.sent.place("data", "target")
            detail = f"{found['rows']} rows differ from others in {name!r} and in nothing else."
            yield Finding(place, detail, dict(found))
