"""Numbers by their order of magnitude."""

import numpy as np

from engine.encodings._base import Values
from engine.encodings._numbers import Clip, Numeric, moments


class Log(Numeric):
    """The logarithm of a number, sign(x) * log(1 + |x|), minus its mean, divided by its standard
    deviation.

    For amounts that span orders of magnitude: prices, incomes, counts. Negative numbers and zero
    may occur. What is missing becomes the mean or median of the logarithms.
    """

    clip: Clip = None
    _mean: float = 0.0
    _std: float = 1.0

    def _bent(self, values: Values) -> Values:
        return signed_log(values)

    def _learn(self, present: Values) -> None:
        self._mean, self._std = moments(present)

    def _scaled(self, values: Values) -> Values:
        scaled = (values - self._mean) / self._std
        return scaled if self.clip is None else np.clip(scaled, -self.clip, self.clip)


def signed_log(values: Values) -> Values:
    """sign(x) * log(1 + |x|)."""
    return np.asarray(np.sign(values) * np.log1p(np.abs(values)))
