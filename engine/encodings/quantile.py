"""Numbers by their rank."""

import numpy as np
from pydantic import Field

from engine.encodings._base import Values
from engine.encodings._numbers import Missing, Numeric, quantiles


class Quantile(Numeric):
    """The share of the training part's numbers that are smaller: evenly spread over 0 … 1.

    For numbers whose distances mean little: ranks, scores, amounts with outliers. Numbers beyond
    those of the training part become 0 or 1.
    """

    missing: Missing = "median"
    quantiles: int = Field(
        default=100, ge=2, le=10_000, description="how many points of the distribution are kept"
    )
    _points: list[float] = [0.0, 1.0]

    def _learn(self, present: Values) -> None:
        self._points = quantiles(present, np.linspace(0, 1, self.quantiles))

    def _scaled(self, values: Values) -> Values:
        return ranks(values, self._points)


def ranks(values: Values, known: list[float]) -> Values:
    """The share of a distribution, told by evenly spaced quantiles, that lies below each value."""
    points = np.maximum.accumulate(np.array(known) / 4)
    shares, given = np.linspace(0, 1, len(points)), values / 4
    # Where many numbers are the same, the middle of the shares that they span.
    upper = np.interp(given, points, shares)
    lower = -np.interp(-given, -points[::-1], -shares[::-1])
    return np.asarray((upper + lower) / 2)
