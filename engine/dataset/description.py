"""Describing columns: kinds and statistics."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.dataset.content import Array, Content, Pictures
from engine.dataset.inference import few, kind_of
from engine.dataset.labels import joined
from engine.dataset.schema import MOST_CATEGORIES, Column, Kind, Schema
from engine.encodings._base import spell

if TYPE_CHECKING:
    import polars as pl

_CHUNK_VALUES = 1 << 22


def describe(content: Content) -> Schema:
    """The schema of what was read."""
    columns = []
    for name in content.names:
        role = content.roles.get(name)
        if name in content.images:
            columns.append(_image(name, content.images[name], role))
        elif name in content.tensors:
            columns.append(_tensor(name, content.tensors[name], role))
        else:
            written = content.written.get(name)
            columns.append(replace(_flat(name, content.series(name), role), written=written))
    return Schema(content.rows, columns)


def class_counts(content: Content, schema: Schema) -> dict[str, dict[str, int]]:
    """How often each value of a column with classes occurs, by column and value."""
    found: dict[str, dict[str, int]] = {}
    for column in schema.columns:
        if column.categories is None or (
            column.kind == "integer" and (column.distinct or 0) > few(schema.rows)
        ):
            continue
        series = content.series(column.name).drop_nulls()
        counts = series.value_counts()
        pairs = {spell(value): count for value, count in counts.iter_rows()}
        found[column.name] = {category: pairs[category] for category in column.categories}
    return found


def _flat(name: str, series: "pl.Series", role: str | None) -> Column:
    kind = _kind(series, role)
    present = series.drop_nulls()
    if series.dtype.is_float():
        present = present.filter(present.is_not_nan())
    distinct = present.n_unique() if len(present) else 0
    categories = None
    if kind in ("category", "boolean", "integer") and distinct <= MOST_CATEGORIES:
        categories = [spell(value) for value in present.unique().sort().to_list()]
    words = kind in ("text", "category") and len(present) > 0
    lists = joined(present, role == "labels") if words else None
    return Column(
        name=name,
        kind=kind,
        dtype=str(series.dtype).lower(),
        missing=len(series) - len(present),
        separator=lists[0] if lists else None,
        labels=lists[1] if lists else None,
        distinct=distinct,
        categories=categories,
        role=role,
        **(_numbers(present) if kind in ("number", "integer") and len(present) else {}),
    )


def _kind(series: "pl.Series", role: str | None) -> Kind:
    """The kind of a flat column; words are a category or text where the format knows it."""
    import polars as pl

    if series.dtype == pl.String and role in ("label", "text"):
        return "category" if role == "label" else "text"
    return kind_of(series)


def _numbers(present: "pl.Series") -> dict[str, Any]:
    import polars as pl

    finite = present.cast(pl.Float64)
    finite = finite.filter(finite.is_finite())
    if not len(finite):
        return {}
    return {
        "minimum": _float(finite.min()),
        "maximum": _float(finite.max()),
        "mean": _float(finite.mean()),
        "std": _float(finite.std(ddof=0)),
    }


def _float(value: Any) -> float | None:
    number = float(value)
    return number if np.isfinite(number) else None


def _image(name: str, pictures: Pictures, role: str | None) -> Column:
    first = pictures.shapes[0]
    same = (pictures.shapes == first).all(axis=0)
    shape = [int(size) if fixed else None for size, fixed in zip(first, same, strict=True)]
    return Column(name=name, kind="image", dtype="uint8", shape=shape, role=role)


def _tensor(name: str, values: Array, role: str | None) -> Column:
    step = max(1, _CHUNK_VALUES // max(1, int(np.prod(values.shape[1:]))))
    count, total, squares, missing = 0, 0.0, 0.0, 0
    low, high = np.inf, -np.inf
    for start in range(0, len(values), step):
        chunk = values[start : start + step].astype(np.float64)
        finite = np.isfinite(chunk)
        missing += int((~finite).reshape(len(chunk), -1).any(axis=1).sum())
        numbers = chunk[finite]
        if not numbers.size:
            continue
        count, total = count + numbers.size, total + float(numbers.sum())
        squares += float(np.square(numbers).sum())
        low, high = min(low, float(numbers.min())), max(high, float(numbers.max()))
    statistics: dict[str, Any] = {}
    if count:
        mean = total / count
        std = max(0.0, squares / count - mean * mean) ** 0.5
        statistics = {"minimum": low, "maximum": high, "mean": _float(mean), "std": _float(std)}
    return Column(
        name=name,
        kind="tensor",
        dtype=str(values.dtype),
        shape=list(values.shape[1:]),
        missing=missing,
        role=role,
        **statistics,
    )
