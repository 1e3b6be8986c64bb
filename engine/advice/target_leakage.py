"""A feature that gives the target away."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._columns import place_of, without
from ._context import Context
from ._examples import FLOWERS, dense, on

_NEAR = {"feature": "length", "score": 0.995, "copied": False}


def _told(*entries: dict[str, object]) -> dict[str, object]:
    return {"associations": {"label": list(entries)}}


class TargetLeakage(Rule):
    """A single feature that tells the target nearly without error was often written down after the
    target was known. The network then learns what it will not have when it is asked.
    """

    severity = "warning"
    source = "data"
    sets_off = (on(FLOWERS, dense(8), dense(3, "softmax"), profile=_told(_NEAR)),)
    stays_quiet = (
        on(FLOWERS, dense(8), dense(3, "softmax")),
        on(
            FLOWERS,
            dense(8),
            dense(3, "softmax"),
            data={"features": ["width"]},
            profile=_told(_NEAR),
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Features of the profile that tell 99 % of what there is to tell."""
        leaking = context.leaking()
        fix = without(context, [entry["feature"] for entry in leaking])
        for entry in leaking:
            if not entry["copied"] and context.target:
                name, target = entry["feature"], context.target.column.name
                detail = f"{name!r} alone tells the target {target!r} nearly without error."
                yield Finding(place_of(context, name), detail, dict(entry), fix)
