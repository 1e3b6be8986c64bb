"""Numbers centred and scaled: (x - mean) / std."""

import math
from typing import Any

import numpy as np

from engine.dataset.schema import Column
from engine.encodings._base import Encoding, Shape, Values, missing


class Standard(Encoding):
    """A number minus the mean of the training part, divided by its standard deviation.

    A missing number becomes 0, the mean. Values lie mostly between -3 and 3, which is what
    Dense and recurrent layers learn from best.
    """

    kinds = frozenset({"number", "integer", "boolean"})

    def __init__(self) -> None:
        self.mean = 0.0
        self.std = 1.0

    def output(self, column: Column) -> tuple[Shape, str]:
        """One float per row."""
        del column
        return (1,), "float32"

    def fit(self, values: Values, column: Column) -> None:
        """Learn mean and standard deviation of the values that are present."""
        del column
        numbers = _numbers(values)
        present = numbers[~np.isnan(numbers)]
        if len(present):
            self.mean = float(present.mean())
            std = float(present.std())
            self.std = std if std > 0 and math.isfinite(std) else 1.0

    def transform(self, values: Values) -> Values:
        """`float32[rows, 1]`."""
        scaled = (_numbers(values) - self.mean) / self.std
        return np.nan_to_num(scaled, nan=0.0).astype(np.float32)[:, None]

    def state(self) -> dict[str, Any]:
        """Mean and standard deviation."""
        return {"mean": self.mean, "std": self.std}

    def restore(self, state: dict[str, Any]) -> None:
        """Take over mean and standard deviation."""
        self.mean, self.std = float(state["mean"]), float(state["std"])


def _numbers(values: Values) -> Values:
    if values.dtype.kind == "O":
        return np.where(missing(values), np.nan, values).astype(np.float64)
    return values.astype(np.float64)
