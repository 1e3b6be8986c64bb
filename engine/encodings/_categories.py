"""What the encodings of categories share: which have a place, and what becomes of the others."""

from collections import Counter
from typing import Literal, Self

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from engine.dataset.schema import MOST_CATEGORIES, Column
from engine.encodings._base import Encoding, Values, as_text
from engine.faults import Fault

Numbers = npt.NDArray[np.int64]


class Categorical(Encoding):
    """Numbers the categories of a column from 0, each at its place.

    After those with a place of their own come the place that the others share and that of
    missing values, where there are such. The places are those of the whole column's categories,
    so that shapes do not hang on the split; those that the training part lacks are not used.
    """

    kinds = frozenset({"category", "integer", "boolean"})

    max_categories: int | None = Field(
        default=None,
        ge=1,
        le=100_000,
        description="how many categories, the most frequent of the training part, have a place "
        "of their own; all others share one more; null for every category",
    )
    unknown: Literal["zero", "other", "refuse"] = Field(
        default="zero",
        description="what becomes of a value that the training part lacks: zero (nothing, or the "
        "shared place where max_categories makes one), other (the shared place), refuse (an "
        "error)",
    )
    missing: Literal["zero", "category", "refuse"] = Field(
        default="zero",
        description="what becomes of a missing value: zero (nothing), category (a place of its "
        "own), refuse (an error)",
    )
    _categories: list[str] = []
    _unseen: list[str] = []
    _size: int = 0
    _shared: bool = False

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.max_categories is not None and self.unknown == "refuse":
            raise ValueError("unknown 'refuse' leaves nothing to max_categories; leave one out")
        return self

    def complaint(self, column: Column) -> str | None:
        """Columns whose distinct values are too many to list, unless `max_categories` limits."""
        found = super().complaint(column)
        if found is None and column.categories is None and self.max_categories is None:
            return (
                f"Column {column.name!r} has {column.distinct} distinct values; {self.name!r}"
                f" takes at most {MOST_CATEGORIES} unless 'max_categories' says how many to keep."
                " The encodings 'hash' and 'frequency' take any number."
            )
        if found is None and self.missing == "refuse" and column.missing:
            return (
                f"Column {column.name!r} has {column.missing} missing values, which 'missing':"
                " 'refuse' does not allow; 'category' would give them a place."
            )
        return found

    def places(self, column: Column) -> int:
        """How many places there are."""
        return self._own(column) + self._shares(column) + (self.missing == "category")

    def fit(self, values: Values, column: Column) -> None:
        """Count the categories of the training part."""
        counts = Counter(text for text in as_text(values) if text is not None)
        every = sorted(counts) if column.categories is None else column.categories
        self._size, self._shared = self._own(column), self._shares(column)
        kept = set(sorted(every, key=lambda text: -counts[text])[: self._size])
        self._categories = [text for text in every if text in kept]
        self._unseen = [text for text in self._categories if text not in counts]

    def numbers(self, values: Values) -> Numbers:
        """`int64[rows]`: the place of each value, -1 for none. Raises Fault("data-error")."""
        place: dict[str | None, int] = {text: n for n, text in enumerate(self._categories)}
        other = self._size if self._shared else -1
        place |= dict.fromkeys(self._unseen, other)
        place[None] = self._size + self._shared if self.missing == "category" else -1
        texts = as_text(values)
        if self.unknown == "refuse" or self.missing == "refuse":
            self._refuse(texts)
        return np.array([place.get(text, other) for text in texts], np.int64)

    def _refuse(self, texts: list[str | None]) -> None:
        if self.missing == "refuse" and None in texts:
            raise Fault("data-error", f"{texts.count(None)} values are missing.")
        if self.unknown == "refuse":
            known = set(self._categories) - set(self._unseen)
            strange = sorted({text for text in texts if text is not None and text not in known})
            if strange:
                shown = ", ".join(repr(text[:100]) for text in strange[:5])
                raise Fault("data-error", f"The training part has no {shown}.")

    def _own(self, column: Column) -> int:
        known = len(column.categories) if column.categories is not None else column.distinct or 0
        return known if self.max_categories is None else min(known, self.max_categories)

    def _shares(self, column: Column) -> bool:
        known = len(column.categories) if column.categories is not None else column.distinct or 0
        return self.unknown == "other" or self._own(column) < known
