"""Categories by how often they occur."""

from collections import Counter

import numpy as np
from pydantic import Field

from engine.dataset.schema import Column
from engine.encodings._base import Encoding, Shape, Values, as_text

_MOST = 1_000_000


class Frequency(Encoding):
    """Each value becomes the share of the training part's rows that have it; unknown ones 0.

    One number in place of many categories, where being rare or common says something by itself.
    Missing values count as a value of their own.
    """

    kinds = frozenset({"category", "integer", "boolean", "text"})

    log: bool = Field(
        default=False, description="log(1 + count), scaled to 0 … 1, in place of the share"
    )
    _shares: dict[str, float] = {}
    _absent: float = 0.0

    def output(self, column: Column) -> tuple[Shape, str]:
        """One float for each row."""
        del column
        return (1,), "float32"

    def fit(self, values: Values, column: Column) -> None:
        """Count the values of the training part."""
        del column
        counts = Counter(as_text(values))
        most = max(counts.values(), default=1)
        total = max(1, len(values))
        shares = {
            text: float(np.log1p(count) / np.log1p(most)) if self.log else count / total
            for text, count in counts.items()
        }
        self._absent = shares.pop(None, 0.0)
        ranked = sorted(shares.items(), key=lambda one: (-one[1], str(one[0])))
        self._shares = {str(text): share for text, share in ranked[:_MOST]}

    def transform(self, values: Values) -> Values:
        """`float32[rows, 1]`."""
        shares = [
            self._absent if text is None else self._shares.get(text, 0.0)
            for text in as_text(values)
        ]
        return np.array(shares, np.float32)[:, None]
