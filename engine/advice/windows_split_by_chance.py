"""Overlapping windows divided by chance."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._context import Context
from ._examples import PRICES, dense, on

_LAYERS = ({"class_name": "LSTM", "units": 8}, dense(1, None))
_WINDOW = {"length": 5, "horizon": 1}


class WindowsSplitByChance(Rule):
    """Neighbouring windows share most of their rows. Divided by chance, nearly every held-out
    sample has neighbours that were trained on, and the score tells of memory, not of foresight.
    """

    severity = "warning"
    source = "data"
    sets_off = (on(PRICES, *_LAYERS, data={"window": _WINDOW, "split": {"by": "random"}}),)
    stays_quiet = (
        on(PRICES, *_LAYERS, data={"window": _WINDOW}),
        on(PRICES, dense(8), dense(1, None), data={"split": {"by": "random"}}),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """A window whose samples are drawn by chance."""
        data = context.sent.section("data")
        way = context.split.get("by")
        if not data.get("window") or way not in ("random", "stratified"):
            return
        place = f"{context.sent.place('data')}/split"
        yield Finding(
            place,
            f"Samples of {data['window']['length']} overlapping rows are divided by {way}.",
            {"by": way},
            context.sent.assign(place, "by", "time"),
        )
