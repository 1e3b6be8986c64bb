"""What an encoding is: the way from a column's raw values to a tensor and back to raw records."""

import math
from abc import abstractmethod
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.dataset.schema import Column
from engine.encodings._fitted import Fitted

Values = npt.NDArray[Any]
Shape = tuple[int | None, ...]


class Encoding(Fitted):
    """One way to turn a column into a tensor; a subclass per file, its file name the wire name.

    A subclass's docstring is the help text of the catalogue, its fields are the arguments. The
    life of an instance: `adopt`, `complaint` and `output` (before any data), then `fit` on the
    training part or `restore` of a `state`, then `transform` any number of times.

    Raw values are object arrays with None where a value is missing (flat columns of strings),
    float64 with NaN (numbers), bool/int arrays, arrays with the row as first axis (tensors), or
    object arrays of `uint8[height, width, channels]` (images). Integers and booleans may also be
    object arrays. What a value becomes never hangs on the rows beside it.
    """

    def adopt(self, shape: Shape) -> None:
        """Take over sizes that were left open from the shape that an Input states."""
        del shape

    def complaint(self, column: Column) -> str | None:
        """Why the encoding does not fit the column, as a sentence; None when it does."""
        if column.kind not in self.kinds:
            return (
                f"The encoding {self.name!r} takes columns of kind {', '.join(sorted(self.kinds))};"
                f" {column.name!r} is of kind {column.kind}."
            )
        return None

    @abstractmethod
    def output(self, column: Column) -> tuple[Shape, str]:
        """Shape of one row and dtype of what `transform` gives, known without data.

        A size that only the training part tells is None.
        """

    def vocabulary_size(self, column: Column) -> int | None:
        """One more than the largest integer `transform` can give; None for no integers."""
        del column
        return None

    def vocabulary(self) -> dict[int, str] | None:
        """What each integer stands for, as far as it stands for one thing; None for no integers.

        0 pads or stands for nothing.
        """
        return None

    @property
    def other(self) -> int | None:
        """The integer of whatever has none of its own; None when that is 0."""
        return None

    def fit(self, values: Values, column: Column) -> None:
        """Learn from the raw values of the training part; `column` describes the whole data."""
        del values, column

    @abstractmethod
    def transform(self, values: Values) -> Values:
        """The tensor of these raw values, first axis the rows.

        Raises Fault("data-error") for values that the encoding cannot take.
        """


def missing(values: Values) -> npt.NDArray[np.bool_]:
    """Which of these flat raw values are missing (None or NaN)."""
    if values.dtype.kind == "f":
        return np.isnan(values)
    if values.dtype.kind == "O":
        return np.array([_absent(value) for value in values], dtype=bool)
    return np.zeros(len(values), dtype=bool)


def _absent(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def as_text(values: Values) -> list[str | None]:
    """Flat raw values as the strings under which `Column.categories` lists them."""
    absent = missing(values)
    return [
        None if gone else spell(value) for value, gone in zip(values.tolist(), absent, strict=True)
    ]


def spell(value: object) -> str:
    """The one spelling of a value as a category: whole numbers without a point, true/false."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
