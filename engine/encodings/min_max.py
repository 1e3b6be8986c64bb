"""Numbers brought to a range by the smallest and the largest."""

from typing import Self

import numpy as np
from pydantic import Field, model_validator

from engine.encodings._base import Values
from engine.encodings._numbers import Numeric


class MinMax(Numeric):
    """A number brought to low … high: the smallest of the training part becomes low, the largest
    high.

    For numbers with natural bounds, such as shares, marks or angles. One outlier squeezes all
    others together; then `robust` or `quantile` is better. Later numbers may lie outside unless
    `clip` is true.
    """

    low: float = Field(default=0.0, description="what the smallest number becomes")
    high: float = Field(default=1.0, description="what the largest number becomes")
    clip: bool = Field(default=False, description="whether the result is limited to low … high")
    _minimum: float = 0.0
    _maximum: float = 1.0

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.low >= self.high:
            raise ValueError(f"low must be less than high; received {self.low:g} and {self.high:g}")
        return self

    def _learn(self, present: Values) -> None:
        self._minimum, self._maximum = float(present.min()), float(present.max())

    def _scaled(self, values: Values) -> Values:
        # Halves, because the span of the largest floats is no float.
        span = (self._maximum / 2 - self._minimum / 2) or 0.5
        shares = (values / 2 - self._minimum / 2) / span
        scaled = self.low + shares * (self.high - self.low)
        return np.clip(scaled, self.low, self.high) if self.clip else scaled
