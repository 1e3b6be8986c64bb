"""Raw records to predict, from whatever users hold them in."""

from collections.abc import Mapping, Sequence
from typing import Any

from .arrays import is_array
from .errors import BadSource


def records_of(given: Any) -> list[dict[str, Any]]:
    """A list of records, each a dict of columns.

    From one record, a list of them, a frame of polars or pandas (a missing value is null), a
    dict of arrays with one row a record, or an array: the column `x`. Raises BadSource.
    """
    if hasattr(given, "to_dicts"):  # polars
        return list(given.to_dicts())
    if hasattr(given, "notna") and hasattr(given, "columns"):  # pandas writes missing as NaN
        return list(given.astype(object).where(given.notna(), None).to_dict(orient="records"))
    if is_array(given):
        return _rows({"x": given})
    if isinstance(given, Mapping):
        is_rows = bool(given) and all(map(_has_rows, given.values()))
        return _rows(given) if is_rows else [dict(given)]
    if isinstance(given, Sequence) and not isinstance(given, str | bytes):
        return list(given)
    raise BadSource(f"a {type(given).__name__} holds no records; give a list of dicts")


def _rows(columns: Mapping[str, Any]) -> list[dict[str, Any]]:
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        raise BadSource(f"the arrays differ in their number of records: {lengths}")
    rows = zip(*columns.values(), strict=True)
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _has_rows(value: Any) -> bool:
    return is_array(value) and len(value.shape) > 0
