"""Categories as vectors of zeros with a single one."""

import numpy as np

from engine.dataset.schema import Column
from engine.encodings._base import Shape, Values
from engine.encodings._categories import Categorical


class OneHot(Categorical):
    """Each category becomes a vector with one 1 at its place; missing and unknown are all zeros.

    Good for few categories that go into a Dense layer; for many, use `index` and an Embedding.
    """

    def output(self, column: Column) -> tuple[Shape, str]:
        """One float for each place."""
        return (self.places(column),), "float32"

    def transform(self, values: Values) -> Values:
        """`float32[rows, places]`."""
        numbers = self.numbers(values)
        width = self._size + self._shared + (self.missing == "category")
        encoded = np.zeros((len(numbers), width), np.float32)
        known = np.flatnonzero(numbers >= 0)
        encoded[known, numbers[known]] = 1
        return encoded
