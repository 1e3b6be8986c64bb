"""Values as they are."""

from typing import Any

import numpy as np

from engine.encodings._base import Values, _absent, missing
from engine.encodings.raw import Raw

NEEDS = (_absent, missing)


def raw(values: Values, dtype: str | None) -> Values:
    """The values with the row as first axis, flat ones as [rows, 1]."""
    words = values.ravel() if values.dtype.kind in "OU" else [0]
    first = next((word for word in words if word is not None), "")
    if dtype in (None, "string") and isinstance(first, str):
        texts = np.where(missing(values), "", values) if values.ndim == 1 else values
        return texts.astype(object).reshape(len(values), *(values.shape[1:] or (1,)))
    shaped = values[:, None] if values.ndim == 1 else values
    return np.ascontiguousarray(shaped, dtype=dtype or "float32")


def arguments(encoding: Raw) -> dict[str, Any]:
    """The dtype."""
    return {"dtype": encoding.dtype}
