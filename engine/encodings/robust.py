"""Numbers centred and scaled by median and quartiles."""

import numpy as np

from engine.encodings._base import Values
from engine.encodings._numbers import Clip, Missing, Numeric, moments, quantiles


class Robust(Numeric):
    """A number minus the median of the training part, divided by the distance of its quartiles.

    As `standard`, but a few extreme values do not move it. Where half of the values or more are
    the same, the standard deviation takes the place of the distance.
    """

    missing: Missing = "median"
    clip: Clip = None
    _median: float = 0.0
    _iqr: float = 1.0

    def _learn(self, present: Values) -> None:
        low, self._median, high = quantiles(present, [0.25, 0.5, 0.75])
        iqr = min(high / 2 - low / 2, float(np.finfo(np.float64).max) / 2) * 2
        self._iqr = iqr if iqr > 0 else moments(present)[1]

    def _scaled(self, values: Values) -> Values:
        scaled = (values - self._median) / self._iqr
        return scaled if self.clip is None else np.clip(scaled, -self.clip, self.clip)
