"""Numbers centred and scaled: (x - mean) / std."""

from typing import Literal

import numpy as np
from pydantic import Field

from engine.dataset.schema import Column
from engine.encodings._base import Shape, Values
from engine.encodings._numbers import Clip, Numeric, moments
from engine.faults import Fault

_CHUNK = 1 << 22


class Standard(Numeric):
    """A number minus the mean of the training part, divided by its standard deviation.

    Values lie mostly between -3 and 3, which is what Dense and recurrent layers learn from best.
    Of arrays each place along the last axis (a channel, a feature of a series) has its own mean
    and deviation; what is missing in them becomes the mean.
    """

    kinds = frozenset({"number", "integer", "boolean", "tensor"})

    clip: Clip = None
    axis: Literal[-1] | None = Field(
        default=-1,
        description="of arrays: -1 for a mean and deviation of each place along the last axis, "
        "null for one of all values",
    )
    _mean: float | list[float] = 0.0
    _std: float | list[float] = 1.0

    def complaint(self, column: Column) -> str | None:
        """Arrays without numbers, and what is not done with missing numbers in arrays."""
        found = super().complaint(column)
        if found or column.kind != "tensor":
            return found
        if column.dtype.startswith(("str", "object")):
            return f"The array {column.name!r} holds no numbers."
        if self.missing not in ("mean", "refuse"):
            return "Of arrays, 'missing' may be 'mean' or 'refuse'."
        return None

    def output(self, column: Column) -> tuple[Shape, str]:
        """One float for each row (two with `flag`), or the shape of the array."""
        if column.kind != "tensor":
            return super().output(column)
        return tuple(column.shape or []) or (1,), "float32"

    def fit(self, values: Values, column: Column) -> None:
        """Learn mean and standard deviation of the values that are present."""
        if column.kind != "tensor":
            super().fit(values, column)
            return
        places = 1 if self.axis is None or values.ndim == 1 else values.shape[-1]
        self._mean, self._std = _array_moments(values, places)

    def transform(self, values: Values) -> Values:
        """`float32[rows, 1]` (`[rows, 2]` with `flag`), or an array of the shape it has."""
        if not isinstance(self._mean, list):
            return super().transform(values)
        given = values[:, None] if values.ndim == 1 else values
        scaled = np.array(given, np.float32)
        scaled -= np.array(self._mean, np.float32)
        scaled /= np.array(self._std, np.float32)
        gone = np.isnan(scaled)
        if self.missing == "refuse" and gone.any():
            raise Fault("data-error", f"{int(gone.sum())} values are missing.")
        scaled[gone] = 0
        return scaled if self.clip is None else np.clip(scaled, -self.clip, self.clip)

    def _learn(self, present: Values) -> None:
        self._mean, self._std = moments(present)

    def _scaled(self, values: Values) -> Values:
        scaled = (values - self._mean) / self._std
        return scaled if self.clip is None else np.clip(scaled, -self.clip, self.clip)


def _array_moments(values: Values, places: int) -> tuple[list[float], list[float]]:
    """Mean and deviation of each place, of finite values, read in pieces: twice, for exactness."""
    step = max(1, _CHUNK // max(1, int(np.prod(values.shape[1:]))))
    pieces = range(0, len(values), step)
    count, total, squares = (np.zeros(places) for _ in range(3))
    for start in pieces:
        piece = values[start : start + step].astype(np.float64).reshape(-1, places)
        count += np.isfinite(piece).sum(axis=0)
        total += np.where(np.isfinite(piece), piece, 0).sum(axis=0)
    mean = total / np.maximum(count, 1)
    for start in pieces:
        piece = values[start : start + step].astype(np.float64).reshape(-1, places)
        squares += np.square(np.where(np.isfinite(piece), piece - mean, 0)).sum(axis=0)
    std = np.sqrt(squares / np.maximum(count, 1))
    # A channel of one value differs from its mean by rounding alone.
    std[std <= 1e-12 * np.maximum(1, np.abs(mean))] = 1
    return mean.tolist(), std.tolist()
