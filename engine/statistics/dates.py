"""Statistics of columns of dates and moments."""

from typing import TYPE_CHECKING, Any

import numpy as np

from .histogram import drawn, histogram

if TYPE_CHECKING:
    import polars as pl

_SAMPLE = 1_000_000
_REGULAR = 0.95
_DAY = 86_400.0


def dates(present: "pl.Series") -> dict[str, Any] | None:
    """Extent, histogram and, where the moments are regular, the step between two; UTC.

    Regular are moments of which 95 % follow the one before at the same distance. Histogram
    edges are seconds since 1970. None for times of day and durations.
    """
    import polars as pl

    if present.dtype not in (pl.Date, pl.Datetime):
        return None
    moments = present.cast(pl.Datetime("us"))
    sample = drawn(moments, _SAMPLE)
    values = sample.to_physical().to_numpy() / 1e6
    return {
        "minimum": moments.min().isoformat(),  # type: ignore[union-attr]
        "maximum": moments.max().isoformat(),  # type: ignore[union-attr]
        "histogram": histogram(values),
        "step": _step(values) if len(sample) == len(moments) else None,
        "ascending": bool((np.diff(values) >= 0).all()),
        "sampled_rows": len(sample) if len(sample) < len(moments) else None,
    }


def _step(values: Any) -> dict[str, float] | None:
    distances = np.diff(np.unique(values))
    if len(distances) < 3:
        return None
    steps, counts = np.unique(distances, return_counts=True)
    share = float(counts.max() / len(distances))
    if share < _REGULAR:
        return None
    seconds = float(steps[counts.argmax()])
    return {"seconds": seconds, "days": seconds / _DAY, "share": round(share, 6)}
