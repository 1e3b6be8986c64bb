"""Categories with an order."""

from typing import Annotated

import numpy as np
from pydantic import AfterValidator, Field

from engine.dataset.schema import Column
from engine.encodings._base import Values, as_text
from engine.encodings._numbers import Missing, Numeric


def _distinct(order: list[str]) -> list[str]:
    twice = sorted({text for text in order if order.count(text) > 1})
    if twice:
        raise ValueError(f"{twice[0]!r} stands in the order twice")
    return order


class Ordinal(Numeric):
    """A category becomes its place in `order`, evenly from 0 (the first) to 1 (the last).

    For words that are more or less of something: small, medium, large. What is not in the order
    counts as missing.
    """

    kinds = frozenset({"category", "integer", "boolean"})

    order: Annotated[list[str], Field(min_length=2, max_length=1000), AfterValidator(_distinct)] = (
        Field(description="all categories, the least first")
    )
    missing: Missing = "mean"

    def complaint(self, column: Column) -> str | None:
        """Categories that the order lacks."""
        found = super().complaint(column)
        lacking = [text for text in column.categories or [] if text not in self.order]
        if found is None and column.categories is None:
            return f"Column {column.name!r} has too many distinct values to be put in an order."
        if found is None and lacking:
            return f"The order lacks {', '.join(map(repr, lacking[:5]))} of {column.name!r}."
        return found

    def _read(self, values: Values) -> Values:
        place = {text: float(number) for number, text in enumerate(self.order)}
        return np.array(
            [np.nan if text is None else place.get(text, np.nan) for text in as_text(values)],
            np.float64,
        )

    def _scaled(self, values: Values) -> Values:
        return values / (len(self.order) - 1)
