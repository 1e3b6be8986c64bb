"""What the encodings of single numbers share: filling what is missing, and arithmetic."""

import math
from abc import abstractmethod
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field

from engine.dataset.schema import Column
from engine.encodings._base import Encoding, Shape, Values, missing
from engine.faults import Fault

Fill = Literal["mean", "median", "zero", "flag", "refuse"] | float
Missing = Annotated[
    Fill,
    Field(
        description="what a missing number becomes: the mean or median of the training part, "
        "zero, any number that is written here; flag: the mean, and a second column is 1 there; "
        "refuse: an error",
    ),
]
Clip = Annotated[
    float | None, Field(gt=0, description="limits the result to -clip … clip; null for no limits")
]
_LARGEST = float(np.finfo(np.float32).max)


class Numeric(Encoding):
    """A flat column as one float for each row, and a 0/1 column beside it with `flag`.

    A subclass says how numbers are bent (`_bent`), what is learned (`_learn`) and how they are
    scaled (`_scaled`). Mean and median are those of the bent numbers.
    """

    kinds = frozenset({"number", "integer", "boolean"})

    missing: Missing = "mean"
    _fill: float = 0.0

    def complaint(self, column: Column) -> str | None:
        """With `refuse`, columns in which values are missing."""
        found = super().complaint(column)
        if found is None and self.missing == "refuse" and column.missing:
            return (
                f"Column {column.name!r} has {column.missing} missing values, which 'missing':"
                " 'refuse' does not allow; 'mean' or 'flag' would fill them."
            )
        return found

    def output(self, column: Column) -> tuple[Shape, str]:
        """One float for each row; two with `flag`."""
        del column
        return (2 if self.missing == "flag" else 1,), "float32"

    def fit(self, values: Values, column: Column) -> None:
        """Learn from the values that are present and finite."""
        del column
        bent = self._bent(self._read(values))
        present = bent[np.isfinite(bent)]
        self._fill = self._filling(present)
        if len(present):
            self._learn(present)

    def transform(self, values: Values) -> Values:
        """`float32[rows, 1]`, or `[rows, 2]` with `flag`."""
        bent = self._bent(self._read(values))
        gone = np.isnan(bent)
        if self.missing == "refuse" and gone.any():
            raise Fault("data-error", f"{int(gone.sum())} values are missing.")
        filled = np.where(gone, self._fill, bent)
        with np.errstate(over="ignore", invalid="ignore"):
            scaled = self._scaled(filled)
        limited = np.nan_to_num(scaled, nan=0.0, posinf=_LARGEST, neginf=-_LARGEST)
        # What is infinite in the data stays so, to be found; what only overflows is the largest.
        limited = np.where(np.isinf(filled), scaled, np.clip(limited, -_LARGEST, _LARGEST))
        columns = [limited, gone] if self.missing == "flag" else [limited]
        return np.stack(columns, axis=1).astype(np.float32)

    def _filling(self, present: Values) -> float:
        if self.missing == "zero":
            return 0.0
        if isinstance(self.missing, (int, float)):
            return float(self._bent(np.array([self.missing], np.float64))[0])
        if not len(present):
            return 0.0
        return quantiles(present, [0.5])[0] if self.missing == "median" else moments(present)[0]

    def _read(self, values: Values) -> Values:
        """Raw values as float64 with NaN where they are missing."""
        return numbers(values)

    def _bent(self, values: Values) -> Values:
        return values

    def _learn(self, present: Values) -> None:
        del present

    @abstractmethod
    def _scaled(self, values: Values) -> Values: ...


def numbers(values: Values) -> Values:
    """Flat raw values as float64 with NaN where they are missing."""
    if values.dtype.kind == "O":
        return np.where(missing(values), np.nan, values).astype(np.float64)
    return values.astype(np.float64)


def moments(present: Values) -> tuple[float, float]:
    """Mean and (population) standard deviation, finite; a deviation of 0 is given as 1."""
    if present.min() == present.max():
        return float(present[0]), 1.0
    with np.errstate(over="ignore", invalid="ignore"):
        mean, std = float(present.mean()), float(present.std())
    if not (math.isfinite(mean) and math.isfinite(std)):
        size = float(np.abs(present).max())
        mean, std = float((present / size).mean()) * size, float((present / size).std()) * size
    return mean, std if std > 0 else 1.0


def quantiles(present: Values, shares: Any) -> list[float]:
    """Quantiles by linear interpolation; quarters do not overflow where wholes would."""
    return [float(value) for value in np.quantile(present / 4, shares) * 4]
