"""Arrays of NumPy."""

import numpy as np

from engine.encodings._base import Values


def plain_array(values: Values, kind: str) -> Values:
    """An array as it is; single numbers of a row as float64 or int64, text as Python's."""
    if kind == "number":
        return values.reshape(len(values)).astype(np.float64)
    if kind == "integer":
        return values.reshape(len(values)).astype(np.int64)
    return values.astype(object) if values.dtype.kind in "US" else values
