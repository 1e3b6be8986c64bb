"""Rows that come sorted by a column."""

from typing import Any

import numpy as np

from engine.dataset.canonical import flat_values
from engine.dataset.content import Content
from engine.dataset.schema import Schema
from engine.statistics.histogram import rows_of

from .pairs import codes_of

_ROWS = 200_000
_LEAST_ROWS = 50
_FEW_CHANGES = 0.1
_TREND = 0.98


def orders(content: Content, schema: Schema, targets: list[str]) -> dict[str, dict[str, Any]]:
    """By column how its rows are sorted, for those of the targets by which they are.

    `{"form": "blocks", "changes", "expected"}`: classes one after another, with so many changes
    from one row to the next where chance would give so many more. `{"form": "ascending" or
    "descending", "correlation"}`: numbers that grow or fall with the row (Spearman's rank
    correlation with the row number).
    """
    rows = rows_of(schema.rows, _ROWS)
    found = {}
    for name in targets if schema.rows >= _LEAST_ROWS else []:
        series = content.series(name)
        codes = codes_of(flat_values(series if rows is None else series.gather(rows)))
        column = schema.column(name)
        classes = column.kind in ("category", "boolean") or (column.distinct or 0) <= 20
        measured = _blocks(codes) if classes else _trend(codes)
        if measured:
            found[name] = measured
    return found


def _blocks(codes: Any) -> dict[str, Any] | None:
    shares = np.bincount(codes) / len(codes)
    expected = float((len(codes) - 1) * (1 - np.square(shares).sum()))
    changes = int((np.diff(codes) != 0).sum())
    if expected < 10 or changes > _FEW_CHANGES * expected:
        return None
    return {"form": "blocks", "changes": changes, "expected": round(expected)}


def _trend(codes: Any) -> dict[str, Any] | None:
    with np.errstate(all="ignore"):
        correlation = float(np.corrcoef(codes, np.arange(len(codes)))[0, 1])
    if not abs(correlation) >= _TREND:
        return None
    form = "ascending" if correlation > 0 else "descending"
    return {"form": form, "correlation": round(correlation, 4)}
