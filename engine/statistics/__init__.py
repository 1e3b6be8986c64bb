"""Statistics of a dataset, column by column: what clients read before they train.

Whole columns are counted; what costs more than a pass (quantiles, words, pixels) is measured on
rows drawn by a fixed seed where there are many, and `sampled_rows` says how many those were.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.dataset.content import Content
from engine.dataset.schema import Column, Schema

from .categories import categories
from .dates import dates
from .images import images
from .numbers import numbers
from .tensors import tensors
from .texts import texts

if TYPE_CHECKING:
    import polars as pl

FULL_COLUMNS = 1000
"""Columns after these are counted and no more: what is kept stays small."""

Statistics = dict[str, Any]


def measure(
    content: Content, schema: Schema, report: Callable[[int, int], None] | None = None
) -> list[Statistics]:
    """The statistics of each column, in the order of the schema; `report` hears of each."""
    found = []
    for place, column in enumerate(schema.columns):
        with np.errstate(all="ignore"):  # the largest floats overflow in sums of squares
            found.append(_column(content, schema, column, full=place < FULL_COLUMNS))
        if report:
            report(place + 1, len(schema.columns))
    return found


def _column(content: Content, schema: Schema, column: Column, *, full: bool) -> Statistics:
    found: Statistics = {
        "name": column.name,
        "kind": column.kind,
        "count": schema.rows - column.missing,
        "missing": column.missing,
        "unique": column.distinct,
    }
    if column.kind == "image" and full:
        found["image"] = images(content.images[column.name])
    elif column.kind == "tensor" and full:
        found["tensor"] = tensors(content.tensors[column.name], column)
    elif full:
        present = content.series(column.name).drop_nulls()
        found |= _flat(present, column) if len(present) else {}
    return found


def _flat(present: "pl.Series", column: Column) -> Statistics:
    """What there is to say of values one by one, by their kind."""
    if column.kind in ("number", "integer"):
        few = column.kind == "integer" and column.categories is not None
        return {"number": numbers(present), **({"category": categories(present)} if few else {})}
    if column.kind == "text":
        return {"text": texts(present)}
    if column.kind == "date":
        measured = dates(present)
        return {"date": measured} if measured else {}
    lengths = {"text": texts(present, words=False)} if column.kind == "category" else {}
    return {"category": categories(present), **lengths}
