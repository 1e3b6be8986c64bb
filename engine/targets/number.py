"""Numbers: one, several, or arrays of them."""

from typing import Literal

import numpy as np
from pydantic import Field

from engine.dataset.schema import Column
from engine.encodings import made
from engine.encodings._base import Values, missing
from engine.encodings._numbers import moments
from engine.encodings.log import signed_log
from engine.faults import Fault
from engine.targets._base import Form, Label, Shape, Way, finite

_LARGEST_LOG = 700.0


class Number(Way):
    """A number for each row, one unit without activation; several columns, one unit for each; or
    an array or image, with the shape of the output.

    Networks learn numbers around 0 best. With `scale` the network learns scaled numbers, and
    answers, metrics and the evaluation are in the units of the data all the same; only the loss
    is that of the scaled numbers.
    """

    kinds = frozenset({"number", "integer", "boolean", "tensor", "image"})
    several = True

    scale: Literal["none", "standard", "log"] = Field(
        default="none",
        description="standard: minus the mean, divided by the standard deviation of the training "
        "part; log: the same of sign(x) * log(1 + |x|), for amounts that span orders of magnitude",
    )
    _mean: list[float] = []
    _std: list[float] = []

    def complaint(self, columns: list[Column]) -> str | None:
        """Arrays beside others or to be scaled."""
        found = super().complaint(columns)
        arrays = [column.name for column in columns if not column.flat]
        if found is None and arrays and (len(columns) > 1 or self.scale != "none"):
            why = "stands alone" if len(columns) > 1 else "is learned as it is, without 'scale'"
            return f"A target of arrays such as {arrays[0]!r} {why}."
        return found

    def form(self, columns: list[Column], loss: str, shape: Shape) -> Form:
        """Always `raw`. An image needs an output of its size."""
        del loss
        image = columns[0].kind == "image"
        if image and (len(shape) != 3 or None in shape or shape[2] not in (1, 3, 4)):
            raise ValueError(
                f"Column {columns[0].name!r} holds images: the output must be [height, width, 1, 3"
                f" or 4], not {list(shape)}."
            )
        return "raw"

    def units(self, columns: list[Column], form: Form) -> int | None:
        """One for each column of single numbers."""
        del form
        return len(columns) if columns[0].flat else None

    def fit(self, values: list[Values]) -> None:
        """Learn mean and deviation of each column."""
        if self.scale == "none":
            return
        learned = [moments(self._bent(column.astype(np.float64))) for column in values]
        self._mean, self._std = (list(part) for part in zip(*learned, strict=True))

    def transform(self, values: list[Values], columns: list[str], classes: list[Label]) -> Values:
        """Numbers with the row first; whole numbers of arrays stay whole."""
        del classes
        arrays = [_numbers(one, name) for one, name in zip(values, columns, strict=True)]
        if self.scale == "none" and len(arrays) == 1:
            whole = arrays[0].ndim > 1 and arrays[0].dtype.kind in "iu"
            shaped = arrays[0][:, None] if arrays[0].ndim == 1 else arrays[0]
            return shaped.astype(np.int32 if whole else np.float32)
        together = np.stack(arrays, axis=1).astype(np.float64)
        if self.scale != "none":
            together = (self._bent(together) - self._mean) / self._std
        return together.astype(np.float32)

    def answers(self, outputs: Values, columns: list[str], classes: list[Label]) -> list[object]:
        """`{"value"}` for each row, of several columns `{"values"}` by name."""
        del classes
        numbers = self.in_units(outputs)
        if len(columns) > 1:
            rows = finite(numbers.reshape(len(numbers), -1))
            return [{"values": dict(zip(columns, row, strict=True))} for row in rows]
        flat = numbers[:, 0] if numbers.ndim == 2 and numbers.shape[1] == 1 else numbers
        return [{"value": value} for value in finite(flat)]

    def in_units(self, numbers: Values) -> Values:
        """Scaling undone, in float64."""
        if self.scale == "none":
            return numbers
        wide = numbers.astype(np.float64) * self._std + self._mean
        if self.scale == "log":
            limited = np.clip(wide, -_LARGEST_LOG, _LARGEST_LOG)
            wide = np.sign(limited) * np.expm1(np.abs(limited))
        return np.asarray(wide)

    def truth(self, y: Values) -> Values:
        """In the units of the data."""
        return self.in_units(y)

    def said(self, outputs: Values) -> Values:
        """In the units of the data."""
        return self.in_units(outputs)

    @property
    def scaling(self) -> tuple[str, list[float], list[float]]:
        """The way, mean and deviation of each unit."""
        return self.scale, self._mean, self._std

    def _bent(self, values: Values) -> Values:
        return signed_log(values) if self.scale == "log" else values


def pictures(values: Values, size: list[int]) -> Values:
    """Images as floats 0 … 1 of `[height, width, channels]`."""
    height, width, channels = size
    encoding = made("image", height=height, width=width, channels=channels)
    encoding.restore({"sizes": size})
    return encoding.transform(values)


def _numbers(values: Values, name: str) -> Values:
    if values.dtype.kind == "O":
        raise Fault("data-error", f"The target {name!r} holds values that are no numbers.")
    if values.dtype.kind == "f" and missing(values.ravel()).any():
        raise Fault("data-error", f"The target {name!r} holds values that are no numbers (NaN).")
    return values
