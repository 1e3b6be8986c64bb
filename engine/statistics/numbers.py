"""Statistics of columns of numbers."""

from typing import TYPE_CHECKING, Any

import numpy as np

from .histogram import drawn, histogram

if TYPE_CHECKING:
    import polars as pl

_SAMPLE = 1_000_000
QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)


def numbers(present: "pl.Series") -> dict[str, Any]:
    """Extent, moments, quantiles and histogram of the finite values (population moments)."""
    import polars as pl

    every = present.cast(pl.Float64)
    finite = every.filter(every.is_finite())
    found: dict[str, Any] = {
        "infinite": int(every.is_infinite().sum()),
        "zeros": int((finite == 0).sum()),
        "negatives": int((finite < 0).sum()),
    }
    if not len(finite):
        return found
    sample = drawn(finite, _SAMPLE)
    values = sample.to_numpy()
    quantiles = np.quantile(values, QUANTILES)
    found |= {
        "minimum": finite.min(),
        "maximum": finite.max(),
        "mean": _finite(finite.mean()),
        "std": _finite(finite.std(ddof=0)),
        "skewness": _finite(sample.skew()),
        "quantiles": {
            f"{share:g}": float(value) for share, value in zip(QUANTILES, quantiles, strict=True)
        },
        "histogram": histogram(values),
        "sampled_rows": len(sample) if len(sample) < len(finite) else None,
    }
    return found


def _finite(value: Any) -> float | None:
    number = float("nan") if value is None else float(value)
    return number if np.isfinite(number) else None
