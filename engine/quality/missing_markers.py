"""Numbers that stand for a missing value."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from ._base import Finding, Rule
from ._data import Data
from ._examples import PLAIN, ROWS, noise, table

_MARKERS = (-999999, -99999, -9999, -999, -99, 999, 9999, 99999, 999999, 9999999)
_LEAST_COUNT = 3
_DISTANCE = 3.0


class MissingMarkers(Rule):
    """Old formats write a number such as -999 where nothing was measured. Taken for a measurement,
    it moves means and scales, and the network learns from values that nobody has seen.
    """

    severity = "warning"
    handling = "Nothing: the numbers are used as they are. Replace them by empty cells."
    sets_off = (
        table(x=[-999.0 if row % 20 == 0 else value for row, value in enumerate(noise())]),
        table(age=[9999 if row % 25 == 0 else 20 + row % 50 for row in range(ROWS)], x=noise()),
    )
    stays_quiet = (
        PLAIN,
        table(price=[float(900 + row % 200) for row in range(ROWS)], x=noise()),
        table(x=noise(), n=[row * 100 - 999 for row in range(ROWS)]),
    )

    def check(self, data: Data) -> Iterator[Finding]:
        """One of the usual numbers, several times, at the end and far from all the others."""
        for column in data.columns("number", "integer"):
            low, high = column.minimum, column.maximum
            if low not in _MARKERS and high not in _MARKERS:
                continue
            values = data.content.series(column.name).drop_nulls().to_numpy()
            for marker in (low, high):
                if marker in _MARKERS and (count := _alone(values, marker)):
                    detail = f"{column.name!r} is {marker:g} in {count} rows, far from all others."
                    yield Finding((column.name,), detail, {"value": marker, "count": count})


def _alone(values: Any, marker: float) -> int:
    """How often the marker occurs, 0 where it may be a value among others."""
    others = values[(values != marker) & np.isfinite(values)]
    count = int((values == marker).sum())
    if count < _LEAST_COUNT or len(others) < 10:
        return 0
    low, high = float(others.min()), float(others.max())
    gap = low - marker if marker < low else marker - high
    return count if gap > _DISTANCE * max(high - low, 1e-12) else 0
