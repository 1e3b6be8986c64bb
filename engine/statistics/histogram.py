"""Histograms whose edges do not follow outliers, and the drawing of samples."""

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import polars as pl

MOST_BINS = 30

Values = npt.NDArray[Any]


def histogram(values: Values) -> dict[str, Any]:
    """Counts between edges, and how many values lie `below` the first and `above` the last.

    Edges span the middle 90 % of the values and as much again on either side, no more than the
    values themselves; whole numbers get bins of whole width. `values` are finite, at least one.
    """
    low, high = (float(bound) for bound in (values.min(), values.max()))
    first, last = (float(bound) for bound in np.quantile(values, (0.05, 0.95)))
    reach = last - first
    if 0 < reach < np.inf:
        low, high = max(low, first - reach), min(high, last + reach)
    whole = bool((values == np.round(values)).all()) and high - low < 2**52
    if whole:
        edges = _whole_edges(low, high)
    else:
        edges = np.linspace(low / 2, high / 2, _bins(len(values)) + 1) * 2  # no overflow on the way
    if edges[0] == edges[-1]:
        edges = np.array([edges[0], edges[-1]])
        inside = int((values == edges[0]).sum())
        counts = np.array([inside])
        below, above = int((values < edges[0]).sum()), int((values > edges[0]).sum())
    else:
        counts, _ = np.histogram(values, edges)
        below, above = int((values < edges[0]).sum()), int((values > edges[-1]).sum())
    return {
        "edges": [float(edge) for edge in edges],
        "counts": [int(count) for count in counts],
        "below": below,
        "above": above,
    }


def drawn(series: "pl.Series", most: int) -> "pl.Series":
    """A series, or so many of its values in their order, drawn by a fixed seed."""
    rows = rows_of(len(series), most)
    return series if rows is None else series.gather(rows)


def rows_of(rows: int, most: int) -> npt.NDArray[np.int64] | None:
    """Row numbers drawn by a fixed seed, in order; None for all of them."""
    if rows <= most:
        return None
    found: npt.NDArray[np.int64] = np.unique(np.random.default_rng(0).integers(0, rows, most))
    return found


def _bins(count: int) -> int:
    return int(min(MOST_BINS, max(5, np.sqrt(count))))


def _whole_edges(low: float, high: float) -> Values:
    low, high = np.floor(low), np.ceil(high)
    width = max(1.0, np.ceil((high - low + 1) / MOST_BINS))
    edges: Values = np.arange(low, high + width + 1, width) - 0.5
    return edges[: int(np.ceil((high - low + 1) / width)) + 1]
