"""A feature that is the target under another name."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._columns import place_of, without
from ._context import Context
from ._examples import FLOWERS, dense, on

_COPY = {"feature": "length", "score": 1.0, "copied": True}
_NEAR = {"feature": "length", "score": 0.9, "copied": False}


def _told(*entries: dict[str, object]) -> dict[str, object]:
    return {"associations": {"label": list(entries)}}


class TargetCopied(Rule):
    """A feature with the same content as the target answers the question by itself. The network
    learns to copy it, scores perfectly, and fails on new rows, where the answer is not known yet.
    """

    severity = "error"
    source = "data"
    sets_off = (on(FLOWERS, dense(8), dense(3, "softmax"), profile=_told(_COPY)),)
    stays_quiet = (
        on(FLOWERS, dense(8), dense(3, "softmax")),
        on(FLOWERS, dense(8), dense(3, "softmax"), profile=_told(_NEAR)),
        on(
            FLOWERS,
            dense(8),
            dense(3, "softmax"),
            data={"features": ["width"]},
            profile=_told(_COPY),
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Features of the profile that are one to one with the target."""
        leaking = context.leaking()
        fix = without(context, [entry["feature"] for entry in leaking])
        for entry in leaking:
            if entry["copied"] and context.target:
                name, target = entry["feature"], context.target.column.name
                detail = f"{name!r} holds the same as the target {target!r}."
                yield Finding(place_of(context, name), detail, dict(entry), fix)
