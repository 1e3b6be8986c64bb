"""A validation part too small to judge by."""

from collections.abc import Iterator

from engine.dataset.schema import Schema

from ._base import Finding, Rule
from ._context import Context
from ._examples import FLOWERS, dense, on

_LEAST = 30
_MOST_SHARE = 0.3
_SMALL = Schema(200, FLOWERS.columns)


class ValidationSmall(Rule):
    """With so few rows one right or wrong answer moves the metric by several percent: the best
    epoch, and early stopping with it, is then a matter of luck.
    """

    severity = "hint"
    source = "data"
    sets_off = (on(_SMALL, dense(8), dense(3, "softmax"), data={"split": {"validation": 0.05}}),)
    stays_quiet = (on(_SMALL, dense(8), dense(3, "softmax")), on(FLOWERS, dense(3, "softmax")))

    def check(self, context: Context) -> Iterator[Finding]:
        """Fewer rows than the limit, where something is split off at all."""
        rows = context.validation_rows()
        if context.schema is None or not 0 < rows < _LEAST:
            return
        share = round(_LEAST / context.schema.rows + 0.005, 2)
        enough = share <= _MOST_SHARE and share + context.split["test"] < 1
        place = context.sent.place("data", "split")
        yield Finding(
            place,
            f"The validation part has {rows} rows.",
            {"rows": rows, "least": _LEAST},
            context.sent.assign(place, "validation", share) if enough else None,
        )
