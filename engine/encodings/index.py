"""Categories as integers, for an Embedding."""

import numpy as np

from engine.dataset.schema import Column
from engine.encodings._base import Shape, Values
from engine.encodings._categories import Categorical


class Index(Categorical):
    """Each category becomes an integer from 1; 0 stands for missing and unknown values.

    What an Embedding takes: its `input_dim` must be at least the number of categories plus one.
    """

    def output(self, column: Column) -> tuple[Shape, str]:
        """One integer for each row."""
        del column
        return (1,), "int32"

    def vocabulary_size(self, column: Column) -> int | None:
        """The number of places, and one for 0."""
        return self.places(column) + 1

    def vocabulary(self) -> dict[int, str] | None:
        """The categories from 1."""
        return dict(enumerate(self._categories, start=1))

    @property
    def other(self) -> int | None:
        """The number of the place that rare and unknown categories share."""
        return self._size + 1 if self._shared else None

    def transform(self, values: Values) -> Values:
        """`int32[rows, 1]`."""
        return (self.numbers(values) + 1).astype(np.int32)[:, None]
