"""Nothing to validate with."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._context import Context
from ._examples import FLOWERS, dense, on

_SHARE = 0.2


class ValidationNone(Rule):
    """Without rows that are not trained on, nothing tells whether the network has learned or
    only remembers. A fifth of the rows is usual.
    """

    severity = "hint"
    source = "data"
    sets_off = (on(FLOWERS, dense(8), dense(3, "softmax"), data={"split": {"validation": 0}}),)
    stays_quiet = (
        on(FLOWERS, dense(8), dense(3, "softmax")),
        on(
            FLOWERS,
            dense(8),
            dense(3, "softmax"),
            data={"split": {"validation": 0}, "validation": "ds_2"},
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Neither a split nor a dataset for validation."""
        if context.schema is None or context.validated():
            return
        place = context.sent.place("data", "split")
        room = context.split["test"] + _SHARE < 1
        yield Finding(
            place,
            "There is no validation part.",
            {"rows": context.rows},
            context.sent.assign(place, "validation", _SHARE) if room else None,
        )
