"""What an encoding is: the way from a column's raw values to a tensor and back to raw records."""

import math
from abc import ABC, abstractmethod
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from engine.dataset.schema import Column

Values = npt.NDArray[Any]
Shape = tuple[int, ...]


class Encoding(ABC):
    """One way to turn a column into a tensor; a subclass per file, its file name the wire name.

    A subclass's docstring is the help text of the catalogue. `__init__` takes the arguments a
    client may write and raises ValueError or TypeError on a bad one. The life of an instance:
    `complaint` and `output` (before any data), then `fit` on the training part or `restore`
    of a `state`, then `transform` any number of times.

    Raw values are object arrays with None where a value is missing (flat columns of strings),
    float64 with NaN (numbers), bool/int arrays, arrays with the row as first axis (tensors), or
    object arrays of `uint8[height, width, channels]` (images).
    """

    name: ClassVar[str] = ""
    kinds: ClassVar[frozenset[str]] = frozenset()
    """The kinds of column that the encoding accepts."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.name = cls.__module__.rsplit(".", 1)[-1]

    def arguments(self) -> dict[str, Any]:
        """The arguments with their defaults filled in, as JSON; without `class_name`."""
        return {}

    def to_json(self) -> dict[str, Any]:
        """The canonical object of a request body."""
        return {"class_name": self.name, **self.arguments()}

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
        """Shape of one row and dtype of what `transform` gives, known without data."""

    def vocabulary_size(self, column: Column) -> int | None:
        """One more than the largest integer `transform` can give; None for no integers."""
        del column
        return None

    def fit(self, values: Values, column: Column) -> None:
        """Learn from the raw values of the training part; `column` describes the whole data."""
        del values, column

    @abstractmethod
    def transform(self, values: Values) -> Values:
        """The tensor of these raw values, first axis the rows.

        Raises Fault("data-error") for values that the encoding cannot take.
        """

    def state(self) -> dict[str, Any]:
        """What `fit` learned, as JSON."""
        return {}

    def restore(self, state: dict[str, Any]) -> None:
        """Take over what another instance's `state()` gave."""
        del state


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
