"""Statistics of columns of few distinct values."""

from typing import TYPE_CHECKING, Any

import numpy as np

from engine.encodings._base import spell

if TYPE_CHECKING:
    import polars as pl

TOP = 20
_MOST_TEXT = 200


def categories(present: "pl.Series") -> dict[str, Any]:
    """The most frequent values, and how even all of them are.

    `balance` is the entropy of the shares over that of equal shares: 1 for equal ones, near 0
    where one value is nearly alone (Shannon's evenness). `ratio` is the largest over the smallest.
    """
    counts = present.rename("value").value_counts(sort=True)
    every = counts["count"].to_numpy()
    top = [
        {"value": spell(value)[:_MOST_TEXT], "count": int(count)}
        for value, count in counts.head(TOP).iter_rows()
    ]
    shares = every / every.sum()
    entropy = float(-(shares * np.log(shares)).sum())
    return {
        "top": top,
        "other": int(every[TOP:].sum()),
        "balance": round(entropy / np.log(len(every)), 6) if len(every) > 1 else None,
        "ratio": round(float(every.max() / every.min()), 3),
        "smallest": int(every.min()),
    }
