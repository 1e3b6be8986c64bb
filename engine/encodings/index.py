"""Categories as integers, for an Embedding."""

from typing import Any

import numpy as np

from engine.dataset.schema import Column
from engine.encodings._base import Encoding, Shape, Values, as_text


class Index(Encoding):
    """Each category becomes an integer from 1; 0 stands for missing and unseen values.

    What an Embedding takes: its `input_dim` must be at least the number of categories plus one.
    """

    kinds = frozenset({"category", "integer", "boolean"})

    def __init__(self) -> None:
        self.categories: list[str] = []

    def complaint(self, column: Column) -> str | None:
        """Refuses columns whose distinct values are too many to list."""
        return super().complaint(column) or too_many(column)

    def output(self, column: Column) -> tuple[Shape, str]:
        """One integer per row."""
        del column
        return (1,), "int32"

    def vocabulary_size(self, column: Column) -> int | None:
        """The number of categories, and one for missing and unseen values."""
        return len(column.categories or []) + 1

    def fit(self, values: Values, column: Column) -> None:
        """The vocabulary is that of the whole column, so shapes do not hang on the split."""
        del values
        self.categories = list(column.categories or [])

    def transform(self, values: Values) -> Values:
        """`int32[rows, 1]`."""
        place = {category: number for number, category in enumerate(self.categories, start=1)}
        numbers = [0 if text is None else place.get(text, 0) for text in as_text(values)]
        return np.array(numbers, np.int32)[:, None]

    def state(self) -> dict[str, Any]:
        """The categories in their order."""
        return {"categories": self.categories}

    def restore(self, state: dict[str, Any]) -> None:
        """Take over the categories."""
        self.categories = list(state["categories"])


def too_many(column: Column) -> str | None:
    """The complaint about a column without a list of categories."""
    if column.categories is None:
        return f"Column {column.name!r} has too many distinct values ({column.distinct})."
    return None
