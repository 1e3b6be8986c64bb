"""Values as they are."""

from typing import Any

import numpy as np

from engine.dataset.schema import Column
from engine.encodings._base import Encoding, Shape, Values, missing
from engine.faults import Fault

_DTYPES = ("float32", "float64", "int32", "int64", "uint8", "bool", "string")


class Raw(Encoding):
    """The values unchanged, booleans as 0 and 1; numbers as `dtype` (float32 if left out).

    For arrays that are ready to train on, and for columns whose first layer is a preprocessing
    layer of Keras. Numbers must not be missing; missing text becomes the empty string.
    """

    kinds = frozenset({"number", "integer", "boolean", "category", "text", "tensor"})

    def __init__(self, dtype: str | None = None) -> None:
        if dtype is not None and dtype not in _DTYPES:
            raise ValueError(f"dtype must be one of {', '.join(_DTYPES)}, not {dtype!r}")
        self.dtype = dtype

    def arguments(self) -> dict[str, Any]:
        """The dtype."""
        return {"dtype": self.dtype}

    def complaint(self, column: Column) -> str | None:
        """Refuses missing numbers, text as numbers and numbers as text."""
        words = column.kind in ("category", "text")
        if not words and column.kind in self.kinds and column.missing:
            return (
                f"Column {column.name!r} has {column.missing} missing values, which 'raw' passes"
                " on; 'standard' fills them with the mean."
            )
        if words and self.dtype not in (None, "string"):
            return f"Column {column.name!r} holds text, which cannot be {self.dtype}."
        if not words and self.dtype == "string":
            return f"Column {column.name!r} holds numbers; it cannot be a string tensor."
        return super().complaint(column)

    def output(self, column: Column) -> tuple[Shape, str]:
        """The shape of one row: `(1,)` for a flat column."""
        words = column.kind in ("category", "text")
        dtype = self.dtype or ("string" if words else "float32")
        if column.kind == "tensor":
            return tuple(int(size or 0) for size in column.shape or []) or (1,), dtype
        return (1,), dtype

    def transform(self, values: Values) -> Values:
        """The values with the row as first axis; flat ones as `[rows, 1]`."""
        shaped = values[:, None] if values.ndim == 1 else values
        if values.dtype.kind in "OU":
            texts = missing(values) if values.ndim == 1 else None
            if self.dtype in (None, "string") and not _numeric(values):
                filled = values if texts is None else np.where(texts, "", values)
                return filled.astype(object).reshape(shaped.shape)
            if texts is not None and texts.any():
                raise _missing_numbers(int(texts.sum()))
        if values.dtype.kind == "f" and values.ndim == 1 and np.isnan(values).any():
            raise _missing_numbers(int(np.isnan(values).sum()))
        return np.ascontiguousarray(shaped, dtype=np.dtype(self.dtype or "float32"))


def _numeric(values: Values) -> bool:
    first = next((value for value in values.ravel() if value is not None), None)
    return isinstance(first, bool | int | float)


def _missing_numbers(count: int) -> Fault:
    return Fault(
        "data-error",
        f"{count} numbers are missing; the encoding 'raw' cannot fill them, 'standard' can.",
    )
