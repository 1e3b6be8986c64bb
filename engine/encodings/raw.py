"""Values as they are."""

from typing import Any, Literal

import numpy as np
from pydantic import Field

from engine.dataset.schema import Column
from engine.encodings._base import Encoding, Shape, Values, missing
from engine.faults import Fault

Dtype = Literal["float32", "float64", "int32", "int64", "uint8", "bool", "string"]


class Raw(Encoding):
    """The values unchanged, booleans as 0 and 1; numbers as `dtype` (float32 if left out).

    For arrays that are ready to train on, and for columns whose first layer is a preprocessing
    layer of Keras. Numbers must not be missing; missing text becomes the empty string.
    """

    kinds = frozenset({"number", "integer", "boolean", "category", "text", "tensor"})

    dtype: Dtype | None = Field(
        default=None, description="of the tensor; null for float32, of texts for string"
    )

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
        if column.kind == "number" and (beyond := self._beyond(column)):
            return beyond
        return super().complaint(column)

    def _beyond(self, column: Column) -> str | None:
        dtype = np.dtype(self.dtype or "float32")
        if dtype.kind != "f":
            return None
        most = float(np.finfo(dtype).max)
        if all(-most <= one <= most for one in (column.minimum, column.maximum) if one is not None):
            return None
        return (
            f"Column {column.name!r} has numbers that {dtype} cannot hold; 'standard' scales them."
        )

    def output(self, column: Column) -> tuple[Shape, str]:
        """The shape of one row: `(1,)` for a flat column."""
        words = column.kind in ("category", "text")
        dtype = self.dtype or ("string" if words else "float32")
        if column.kind == "tensor":
            return tuple(column.shape or []) or (1,), dtype
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
        return _cast(shaped, np.dtype(self.dtype or "float32"))


def _numeric(values: Values) -> bool:
    first = next((value for value in values.ravel() if value is not None), None)
    return isinstance(first, bool | int | float)


def _cast(values: Values, dtype: "np.dtype[Any]") -> Values:
    """The values as this dtype. Raises Fault("data-error") for numbers that it cannot hold."""
    if dtype.kind == "f":
        with np.errstate(over="ignore"):
            cast = np.ascontiguousarray(values, dtype=dtype)
        if cast.itemsize < values.itemsize and np.isinf(cast).any() and not _endless(values):
            raise Fault("data-error", f"There are numbers that {dtype} cannot hold.")
        return cast
    if dtype.kind in "iu" and values.size and values.dtype.kind in "iufO":
        limits = np.iinfo(dtype)
        if not (values.min() >= limits.min and values.max() <= limits.max):
            raise Fault("data-error", f"There are numbers that {dtype} cannot hold.")
    return np.ascontiguousarray(values, dtype=dtype)


def _endless(values: Values) -> bool:
    return bool(np.isinf(np.asarray(values, dtype="float64")).any())


def _missing_numbers(count: int) -> Fault:
    return Fault(
        "data-error",
        f"{count} numbers are missing; the encoding 'raw' cannot fill them, 'standard' can.",
    )
