"""Statistics of columns of arrays."""

from typing import Any

import numpy as np

from engine.dataset.content import Array
from engine.dataset.schema import Column

from .histogram import histogram, rows_of

_SAMPLE_VALUES = 1_000_000


def tensors(values: Array, column: Column) -> dict[str, Any]:
    """Shape, range, shares of values that are zero, missing or infinite, and a histogram.

    Shares and histogram are of up to a million values of whole rows.
    """
    size = max(1, int(np.prod(values.shape[1:])))
    rows = rows_of(len(values), max(1, _SAMPLE_VALUES // size))
    looked = values if rows is None else values[rows]
    found: dict[str, Any] = {
        "shape": list(values.shape[1:]),
        "dtype": column.dtype,
        "minimum": column.minimum,
        "maximum": column.maximum,
        "mean": column.mean,
        "std": column.std,
        "sampled_rows": None if rows is None else len(rows),
    }
    if values.dtype.kind not in "iufb" or not looked.size:
        return found
    numbers = looked.astype(np.float64).ravel()
    finite = numbers[np.isfinite(numbers)]
    return found | {
        "missing_share": round(float(np.isnan(numbers).mean()), 6),
        "infinite_share": round(float(np.isinf(numbers).mean()), 6),
        "zero_share": round(float((numbers == 0).mean()), 6),
        "histogram": histogram(finite) if finite.size else None,
    }
