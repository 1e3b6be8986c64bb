"""Categories as vectors of zeros with a single one."""

from typing import Any

import numpy as np

from engine.dataset.schema import Column
from engine.encodings._base import Encoding, Shape, Values, as_text
from engine.encodings.index import too_many


class OneHot(Encoding):
    """Each category becomes a vector with one 1 at its place; missing and unseen are all zeros.

    Good for few categories that go into a Dense layer; for many, use `index` and an Embedding.
    """

    kinds = frozenset({"category", "integer", "boolean"})

    def __init__(self) -> None:
        self.categories: list[str] = []

    def complaint(self, column: Column) -> str | None:
        """Refuses columns whose distinct values are too many to list."""
        return super().complaint(column) or too_many(column)

    def output(self, column: Column) -> tuple[Shape, str]:
        """One float per category."""
        return (len(column.categories or []),), "float32"

    def fit(self, values: Values, column: Column) -> None:
        """The categories are those of the whole column, so shapes do not hang on the split."""
        del values
        self.categories = list(column.categories or [])

    def transform(self, values: Values) -> Values:
        """`float32[rows, categories]`."""
        place = {category: number for number, category in enumerate(self.categories)}
        numbers = np.array(
            [-1 if text is None else place.get(text, -1) for text in as_text(values)], np.int64
        )
        encoded = np.zeros((len(numbers), len(self.categories)), np.float32)
        known = np.flatnonzero(numbers >= 0)
        encoded[known, numbers[known]] = 1
        return encoded

    def state(self) -> dict[str, Any]:
        """The categories in their order."""
        return {"categories": self.categories}

    def restore(self, state: dict[str, Any]) -> None:
        """Take over the categories."""
        self.categories = list(state["categories"])
