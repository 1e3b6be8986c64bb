"""Labels that all neighbours contradict."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._data import Data
from ._examples import PLAIN, ROWS, noise, table

_LEAST = 0.02
_MOST = 0.2
_AGREEING = 0.5


class OutvotedLabels(Rule):
    """Where a few rows lie deep among rows of another class, their labels may be slips. They cost
    little in training and much in the evaluation, which they make look worse than it is.
    """

    severity = "hint"
    handling = "Nothing."
    sets_off = (
        table(
            x=[value + 20 * (row % 2) for row, value in enumerate(noise())],
            y=noise(2),
            label=["ab"[(row % 2) ^ (row % 17 == 0)] for row in range(ROWS)],
        ),
    )
    stays_quiet = (
        PLAIN,
        table(
            x=[value + 20 * (row % 2) for row, value in enumerate(noise())],
            y=noise(2),
            label=["ab"[row % 2] for row in range(ROWS)],
        ),
    )

    def check(self, data: Data) -> Iterator[Finding]:
        """From 2 to 20 % of the rows, where neighbours otherwise mostly agree."""
        name = data.likely_target
        votes = data.profile["outvoted"].get(name)
        if name is None or not votes or votes["agreeing"] < _AGREEING:
            return
        share = votes["share"]
        if _LEAST <= share <= _MOST:
            detail = f"In {share:.1%} of the rows the five nearest all bear another {name!r}."
            yield Finding((name,), detail, {**votes, "neighbours": 5})
